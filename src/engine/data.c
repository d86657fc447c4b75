/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Try the ways to copy, from the best to the simplest.  The table in fallback.h
 * says what each refusal means.  This file changes what must be changed before
 * the next try:
 *
 * - On Btrfs, a clone into an empty file whose NOCOW flag differs is EINVAL.
 *   The flag is made to match, once, after trying that on another file
 *   (nocow.h).
 * - A clone onto a longer file is EINVAL if it would end inside it and within a
 *   block.  A temporary file of whole blocks is cloned instead, and the result
 *   is cut.  If there can be no such file and a byte copy may follow, the old
 *   content is removed first and the clone is tried again.
 * - A refused clone may have made the file longer (SMB).  Its length is
 *   restored.
 */
#include "data.h"

#include <errno.h>
#include <string.h>

#include "base.h"
#include "bytes.h"
#include "clock.h"
#include "clone.h"
#include "clone_try.h"
#include "fallback.h"
#include "fs.h"
#include "nocow.h"
#include "same_file.h"
#include "stat.h"

/*
 * Clone all of the source.  If the old content is at least as long, the length
 * would not show a clone that came out short.  So the length is requested then,
 * and the kernel returns EINVAL if the source is shorter.
 */
static struct clone_try attempt_all(const struct data_job *dj)
{
	const struct file_info *src = &dj->src->info;

	return (struct clone_try){
		.src = dj->src->fd,
		.src_range.len = dj->dst_info.size >= src->size ? src->size : 0,
		.dst = dj->dst->fd,
		/* For a new clone on SMB no blocks are reported. */
		.storage = src->allocated ? src->allocated : src->size,
	};
}

/* A clone in a temporary file, which is dropped. */
struct own {
	fd_t dir; /* where it is made; borrowed */
	struct dest file;
	fd_t read; /* the same file, open for reading */
};

static void own_release(struct own *own)
{
	dest_dropp(&own->file);
	fd_closep(&own->read);
}

static int clone_to_own(struct own *own, struct clone_try want)
{
	int r = dest_trial(own->dir, &own->file);

	if (r < 0)
		return r;
	want.dst = own->file.fd;
	r = clone_try_once(&want);
	if (r == -EINVAL && nocow_match(&own->file, want.src) == 0) {
		want.dst = own->file.fd;
		r = clone_try_once(&want);
	}
	return r < 0 ? r : fd_reopen(own->file.fd, FD_READ, &own->read);
}

/* What the destination is made of. */
struct blocks {
	struct own whole; /* all of the source, padded to whole blocks */
	struct own last;  /* its last block, if that is not full */
	uint64_t size;	  /* bytes in the source */
	uint64_t padded;  /* bytes in whole */
};

static void blocks_release(struct blocks *b)
{
	own_release(&b->whole);
	own_release(&b->last);
}

/* Where the last block begins. */
static uint64_t last_block(const struct data_job *dj, uint64_t size)
{
	/* st_blksize is a multiple of the block size. */
	return size - size % dj->dst_info.block_size;
}

/* Make the blocks; this does not touch the destination. */
static int make_blocks(const struct data_job *dj, struct blocks *b)
{
	const struct clone_try all = attempt_all(dj);
	struct clone_try part = { .src = all.src, .storage = all.storage };
	struct file_info made = { .size = 0 };
	int r = clone_to_own(&b->whole, part);

	if (r == 0)
		r = stat_fd(b->whole.read, &made);
	if (r < 0)
		return r;
	/* It may have grown since it was opened. */
	if (made.size < dj->src->info.size)
		return -EIO;
	b->size = made.size;
	part = (struct clone_try){ .src = b->whole.read };
	part.src_range.off = last_block(dj, made.size);
	if (part.src_range.off < made.size)
		r = clone_to_own(&b->last, part);
	if (r == 0 &&
	    !range_round_up(made.size, dj->dst_info.block_size, &b->padded))
		r = -EFBIG;
	return r < 0 ? r : fd_truncate(b->whole.file.fd, b->padded);
}

/* Cut the padding, which unshares the last block, and share that again. */
static int cut_padding(struct data_job *dj, const struct blocks *b)
{
	const struct range all = { 0, 0 };
	uint64_t off = last_block(dj, b->size);
	int r = fd_truncate(dj->dst->fd, b->size);

	if (r == 0 && off < b->size)
		r = clone_range(b->last.read, all, dj->dst->fd, off);
	return r;
}

/*
 * Is the failure R of a trial final, rather than just the lack of a trial?  If
 * a byte copy may follow, it may have the space that the trial lacked.
 */
static bool is_final(const struct run *run, int r)
{
	return r == -EINTR || r == -EIO ||
	       (run->policy->reflink == REFLINK_ALWAYS &&
		fallback_judge(FALLBACK_CLONE, -r) == VERDICT_FAIL);
}

/*
 * For old content that is longer than the source, where the source does not end
 * at a block boundary: clone whole blocks over it, then cut.  Until the clone
 * succeeds, the old content is unchanged.
 */
static int clone_whole_blocks(const struct run *run, struct data_job *dj)
{
	_cleanup_(fd_closep) fd_t dir = FD_NONE;
	_cleanup_(blocks_release) struct blocks b = {
		.whole = { .file = DEST_EMPTY, .read = FD_NONE },
		.last = { .file = DEST_EMPTY, .read = FD_NONE },
	};
	struct clone_try all = attempt_all(dj);
	int r;

	if (dj->dst_info.block_size == 0)
		return -EINVAL;
	/* If a link was followed, the file is in another directory. */
	b.whole.dir = dj->dst->dir;
	if (fd_open_parent(dj->dst->fd, &dir) == 0)
		b.whole.dir = dir;
	b.last.dir = b.whole.dir;
	r = make_blocks(dj, &b);
	/* Without these blocks, the refusal stands. */
	if (r < 0)
		return is_final(run, r) ? r : -EINVAL;
	all.src = b.whole.read;
	all.src_range.len = b.padded;
	r = clone_try_once(&all);
	if (r < 0)
		return r;
	dest_spoil(dj->dst);
	/* Nothing of the old content is left. */
	dj->dst_info.size = 0;
	return cut_padding(dj, &b);
}

/* Clone to another file with the right flag; if that works, use that file. */
static int clone_to_other(struct data_job *dj)
{
	_cleanup_(dest_dropp) struct dest other = DEST_EMPTY;
	struct clone_try all = attempt_all(dj);
	int r = nocow_other(dj->dst, dj->src->fd, &other);

	if (r < 0)
		return -EINVAL;
	all.dst = other.fd;
	r = clone_try_once(&all);
	if (r == 0)
		dest_adopt(dj->dst, &other);
	return r;
}

/* For an empty destination: clone after giving it the source's NOCOW flag. */
static int clone_alike(struct data_job *dj)
{
	struct clone_try all = attempt_all(dj);

	if (dest_is_new(dj->dst))
		return clone_to_other(dj);
	if (nocow_give(dj->dst->dir, dj->src->fd, dj->dst->fd) < 0)
		return -EINVAL;
	return clone_try_once(&all);
}

/* Try all ways to clone that lose nothing. */
static int clone_somehow(const struct run *run, struct data_job *dj,
			 struct fs_pair *pair)
{
	struct clone_try all = attempt_all(dj);
	int r = 0;

	/* The mtime shows whether a clone has begun: undo_clone(). */
	if (dj->dst_info.size > 0)
		r = clock_pass(dj->dst_info.mtime);
	if (r == 0)
		r = clone_try_patiently(&all, pair);

	/* There is nothing to share: try no more. */
	if (dj->src->info.size == 0)
		return r;
	if (r == -EINVAL && dj->dst_info.size == 0) {
		/* A refused clone may have made it longer (SMB). */
		if (fd_truncate(dj->dst->fd, 0) < 0)
			return r;
		return clone_alike(dj);
	}
	return r == -EINVAL ? clone_whole_blocks(run, dj) : r;
}

/* After a clone: check its length, and cut what is longer. */
static int finish_clone(struct data_job *dj, struct outcome *out,
			struct fault *reterr)
{
	uint64_t want = dj->src->info.size;
	struct file_info now;
	int r;

	dest_spoil(dj->dst);
	r = stat_fd(dj->dst->fd, &now);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	if (now.size < want)
		return fault_set(reterr, FAULT_SHORT_CLONE, FAULT_DST, -EIO);

	/* A clone never shortens a file: cut the rest of the old content. */
	if (dj->dst_info.size > want) {
		r = fd_truncate(dj->dst->fd, want);
		if (r < 0)
			return fault_set(reterr, FAULT_TRUNCATE, FAULT_DST, r);
		now.size = want;
	}
	dj->dst_info = now;
	out->is_clone = true;
	out->cloned = now.size;
	return 0;
}

/* Has a refused clone made the file longer, and not another process? */
static bool has_grown_it(const struct data_job *dj, const struct file_info *now)
{
	struct fs_info fs;

	return now->size > dj->dst_info.size &&
	       now->size == dj->src->info.size &&
	       (fs_query(dj->dst->fd, &fs) < 0 || fs.refusal_grows);
}

/* The smallest block that a file system clones: XFS. */
#define SMALLEST_BLOCK 512

/*
 * Do both files begin with the same bytes?  A clone works from start to end: if
 * they differ, it has not begun.  Returns true if in doubt.
 */
static bool begin_alike(const struct data_job *dj)
{
	_cleanup_(fd_closep) fd_t dst = FD_NONE;
	const struct file_info *then = &dj->src->info;
	struct file_info now;
	char a[SMALLEST_BLOCK];
	char b[SMALLEST_BLOCK];
	size_t n = 0;
	size_t m = 0;

	if (fd_reopen(dj->dst->fd, FD_READ, &dst) < 0 ||
	    fd_read(dj->src->fd, 0, a, sizeof(a), &n) < 0 ||
	    fd_read(dst, 0, b, sizeof(b), &m) < 0 ||
	    stat_fd(dj->src->fd, &now) < 0)
		return true;
	/* The source may have begun with other bytes then. */
	if (timestamp_compare(now.mtime, then->mtime) != 0)
		return true;
	return memcmp(a, b, n < m ? n : m) == 0;
}

/* May a clone that failed with R have replaced some of the old content? */
static bool may_have_begun(const struct data_job *dj, int r)
{
	return !fallback_is_early(-r) && begin_alike(dj);
}

/*
 * A refused clone leaves no trace: restore the length.  If the clone has begun
 * (the kernel changes mtime first), it may have replaced an unknown part of the
 * old content; such a file must not stay.  But another process may have written
 * to the file meanwhile.
 */
static int undo_clone(const struct data_job *dj, int failed)
{
	struct file_info now;
	int r = stat_fd(dj->dst->fd, &now);

	if (r < 0)
		return r;
	if (timestamp_compare(now.mtime, dj->dst_info.mtime) != 0 &&
	    may_have_begun(dj, failed))
		dest_spoil(dj->dst);
	if (!has_grown_it(dj, &now))
		return 0;
	return fd_truncate(dj->dst->fd, dj->dst_info.size);
}

/*
 * Act on the result R of a clone.  Returns 0 if the clone is complete; -errno
 * with *RETERR if the copy has failed; or REFUSED with OUT->clone_err: the next
 * way may be tried.
 */
enum {
	REFUSED = 1
};

static int judge_clone(const struct run *run, struct data_job *dj,
		       struct outcome *out, int r, struct fault *reterr)
{
	int undone;

	if (r == 0) {
		out->clone_err = 0;
		return finish_clone(dj, out, reterr);
	}
	undone = undo_clone(dj, r);
	if (fallback_judge(FALLBACK_CLONE, -r) == VERDICT_FAIL ||
	    run->policy->reflink == REFLINK_ALWAYS)
		return fault_set(reterr, FAULT_CLONE, FAULT_DST, r);
	if (undone < 0)
		return fault_set(reterr, FAULT_TRUNCATE, FAULT_DST, undone);

	out->clone_err = -r;
	return REFUSED;
}

static int try_clone(struct run *run, struct data_job *dj, struct outcome *out,
		     struct fault *reterr)
{
	struct fs_pair *pair =
		fs_pairs_get(&run->pairs, dj->src->info.dev, dj->dst_info.dev);
	int r;

	if (pair && pair->clone_err && run->policy->reflink == REFLINK_AUTO) {
		out->clone_err = pair->clone_err;
		return REFUSED;
	}

	r = judge_clone(run, dj, out, clone_somehow(run, dj, pair), reterr);
	if (r == REFUSED && pair &&
	    fallback_judge(FALLBACK_CLONE, out->clone_err) ==
		    VERDICT_NEXT_FOR_PAIR)
		pair->clone_err = out->clone_err;
	return r;
}

/* Has the old content changed?  Returns true if in doubt. */
static bool has_changed(const struct data_job *dj)
{
	struct file_info now;

	return stat_fd(dj->dst->fd, &now) < 0 ||
	       now.size != dj->dst_info.size ||
	       timestamp_compare(now.mtime, dj->dst_info.mtime) != 0;
}

/*
 * The decision to copy bytes: empty the file.  If the old content may have been
 * the obstacle to the clone, try the clone again.
 */
static int give_up_old(const struct run *run, struct data_job *dj,
		       struct outcome *out, struct fault *reterr)
{
	struct clone_try all;
	int r;

	if (dj->dst_info.type != FILE_REGULAR)
		return REFUSED;
	if (dj->dst_info.size > 0 &&
	    same_file_disguised(dj->src->fd, &dj->src->info, dj->dst->fd,
				&dj->dst_info))
		return fault_set(reterr, FAULT_SAME_FILE, FAULT_DST, -EINVAL);
	/* An existing file may have more content than its size (FUSE). */
	if (dj->dst_info.size == 0 && dest_is_new(dj->dst))
		return REFUSED;
	r = dest_empty(dj->dst);
	if (r < 0) {
		if (has_changed(dj))
			dest_spoil(dj->dst);
		return fault_set(reterr, FAULT_TRUNCATE, FAULT_DST, r);
	}
	dj->dst_info.size = 0;
	if (out->clone_err != EINVAL)
		return REFUSED;
	all = attempt_all(dj);
	return judge_clone(run, dj, out, clone_try_once(&all), reterr);
}

/*
 * With REFLINK_ALWAYS, only regular files can be shared.  Devices never get the
 * ioctl: its number might mean something else to them.
 */
static int refuse_special(const struct data_job *dj, struct fault *reterr)
{
	if (dj->src->info.type == FILE_REGULAR &&
	    dj->dst_info.type == FILE_REGULAR)
		return 0;
	return fault_set(reterr, FAULT_CLONE, FAULT_DST, -EINVAL);
}

/* Is a file of size 0 really empty?  Files of /proc are not. */
static int is_empty(const struct data_job *dj, struct fault *reterr)
{
	char byte;
	size_t n;
	int r = fd_read(dj->src->fd, FD_STREAM, &byte, 1, &n);

	if (r < 0)
		return fault_set(reterr, FAULT_READ, FAULT_SRC, r);
	return n == 0;
}

/*
 * Cloning a file of size 0 shares nothing, but shows that it is empty, without
 * reading it, which would change its access time.  If it is known to be empty,
 * this is done only for --debug, which reports it.
 */
static bool is_worth_cloning(struct run *run, const struct data_job *dj)
{
	const struct file_info *src = &dj->src->info;

	return src->size > 0 || run->policy->debug ||
	       !fs_pair_src_is_exact(
		       fs_pairs_get(&run->pairs, src->dev, dj->dst_info.dev),
		       dj->src->fd);
}

static int may_clone(struct run *run, const struct data_job *dj,
		     struct fault *reterr)
{
	const struct policy *policy = run->policy;
	int r;

	if (policy->reflink == REFLINK_ALWAYS) {
		r = refuse_special(dj, reterr);
		return r < 0 ? r : is_worth_cloning(run, dj);
	}
	return policy->reflink == REFLINK_AUTO &&
	       policy->sparse != SPARSE_NEVER &&
	       dj->src->info.type == FILE_REGULAR &&
	       dj->dst_info.type == FILE_REGULAR && is_worth_cloning(run, dj);
}

/*
 * With REFLINK_ALWAYS, the clone failed with R and *REFUSAL.  If there was
 * nothing to share, that is no failure.  Returns REFUSED then, else R.
 */
static int forgive_empty(struct run *run, const struct data_job *dj,
			 struct outcome *out, int r,
			 const struct fault *refusal)
{
	struct fault ignored;

	if (run->policy->reflink != REFLINK_ALWAYS || dj->src->info.size > 0 ||
	    refusal->op != FAULT_CLONE ||
	    fallback_judge(FALLBACK_CLONE, -r) == VERDICT_FAIL)
		return r;
	if (!fs_pair_src_is_exact(NULL, dj->src->fd) &&
	    is_empty(dj, &ignored) != 1)
		return r;
	out->clone_err = -r;
	return REFUSED;
}

int data_copy(struct run *run, struct data_job *dj, struct outcome *out,
	      struct fault *reterr)
{
	int r = may_clone(run, dj, reterr);

	if (r > 0) {
		r = try_clone(run, dj, out, reterr);
		if (r < 0)
			r = forgive_empty(run, dj, out, r, reterr);
		if (r != REFUSED)
			return r;
	}
	if (r < 0)
		return r;

	r = give_up_old(run, dj, out, reterr);
	if (r != REFUSED)
		return r;
	return bytes_copy(run, dj, out, reterr);
}
