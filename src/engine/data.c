/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the best way to the plainest.  What each refusal means is the table's
 * to say (fallback.h); here is what has to be put right before the next try:
 *
 * - a clone into an empty file that differs in NOCOW is EINVAL on Btrfs: the
 *   flag is made to match, once, after that was tried elsewhere (nocow.h);
 * - a clone onto a longer file is EINVAL if it would end inside it and within
 *   a block: it is made of whole blocks, by way of a file of its own, and then
 *   cut.  Where no such file can be made and a byte copy may follow, the old
 *   content goes first and the clone is tried again;
 * - a refused clone may have made the file longer (SMB): its length is put
 *   back.
 */
#include "data.h"

#include <errno.h>
#include <string.h>

#include "attempt.h"
#include "base.h"
#include "bytes.h"
#include "clock.h"
#include "clone.h"
#include "fallback.h"
#include "fs.h"
#include "nocow.h"
#include "stat.h"

/*
 * Clone all of the source.  Where the old content is as long or longer, a
 * clone that came out short would not show in the length: there the length is
 * given, and the kernel says EINVAL to anything less.
 */
static struct attempt attempt_all(const struct data_job *dj)
{
	const struct file_info *src = &dj->src->info;

	return (struct attempt){
		.src = dj->src->fd,
		.src_range.len = dj->dst_info.size >= src->size ? src->size : 0,
		.dst = dj->dst->fd,
		/* A fresh clone made over SMB has no blocks to tell of. */
		.storage = src->allocated ? src->allocated : src->size,
	};
}

/* A clone in a file of its own, to be dropped. */
struct own {
	fd_t dir; /* where it is made; lent */
	struct temp file;
	fd_t read; /* the same file, open for reading */
};

static void own_release(struct own *own)
{
	temp_dropp(&own->file);
	fd_closep(&own->read);
}

static int clone_to_own(struct own *own, struct attempt want)
{
	int r = temp_trial(own->dir, &own->file);

	if (r < 0)
		return r;
	want.dst = own->file.fd;
	r = attempt_once(&want);
	if (r == -EINVAL && nocow_match(&own->file, want.src) == 0) {
		want.dst = own->file.fd;
		r = attempt_once(&want);
	}
	return r < 0 ? r : fd_reopen(own->file.fd, FD_READ, &own->read);
}

/* What the destination is to be made of. */
struct blocks {
	struct own whole; /* all of the source, and then so much longer that
			     it ends with a block */
	struct own last;  /* its last block, if that is not full */
	uint64_t size;	  /* bytes of the source */
	uint64_t padded;  /* bytes of whole */
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

/* Nothing is done to the destination yet. */
static int make_blocks(const struct data_job *dj, struct blocks *b)
{
	const struct attempt all = attempt_all(dj);
	struct attempt part = { .src = all.src, .storage = all.storage };
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
	part = (struct attempt){ .src = b->whole.read };
	part.src_range.off = last_block(dj, made.size);
	if (part.src_range.off < made.size)
		r = clone_to_own(&b->last, part);
	if (r == 0 &&
	    !range_round_up(made.size, dj->dst_info.block_size, &b->padded))
		r = -EFBIG;
	return r < 0 ? r : fd_truncate(b->whole.file.fd, b->padded);
}

/* What is cut is zeroed, so that the last block would not be shared. */
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
 * Does R of a trial say more than that there was none to be had?  Where a byte
 * copy may follow, that may have the room that the trial lacked.
 */
static bool is_final(const struct run *run, int r)
{
	return r == -EINTR || r == -EIO ||
	       (run->policy->reflink == REFLINK_ALWAYS &&
		fallback_judge(FALLBACK_CLONE, -r) == VERDICT_FAIL);
}

/*
 * Where the old content is in the way, since it reaches beyond the source, which
 * doesn't end with a block: what is cloned over it ends with one, and is cut
 * then.  Until that succeeds the old content is what it was.
 */
static int clone_whole_blocks(const struct run *run, struct data_job *dj)
{
	_cleanup_(fd_closep) fd_t dir = FD_NONE;
	_cleanup_(blocks_release) struct blocks b = {
		.whole = { .file = TEMP_EMPTY, .read = FD_NONE },
		.last = { .file = TEMP_EMPTY, .read = FD_NONE },
	};
	struct attempt all = attempt_all(dj);
	int r;

	if (dj->dst_info.block_size == 0)
		return -EINVAL;
	/* A link may have led to another directory. */
	b.whole.dir = dj->dst->dir;
	if (fd_open_parent(dj->dst->fd, &dir) == 0)
		b.whole.dir = dir;
	b.last.dir = b.whole.dir;
	r = make_blocks(dj, &b);
	/* Where these can't be had, the refusal stands. */
	if (r < 0)
		return is_final(run, r) ? r : -EINVAL;
	all.src = b.whole.read;
	all.src_range.len = b.padded;
	r = attempt_once(&all);
	if (r < 0)
		return r;
	temp_spoil(dj->dst);
	/* Nothing of the old content is left. */
	dj->dst_info.size = 0;
	return cut_padding(dj, &b);
}

/* To another file, if that is what it takes; it is taken if that works. */
static int clone_to_other(struct data_job *dj)
{
	_cleanup_(temp_dropp) struct temp other = TEMP_EMPTY;
	struct attempt all = attempt_all(dj);
	int r = nocow_other(dj->dst, dj->src->fd, &other);

	if (r < 0)
		return -EINVAL;
	all.dst = other.fd;
	r = attempt_once(&all);
	if (r == 0)
		temp_adopt(dj->dst, &other);
	return r;
}

/* Where the destination is empty, and what it lacks may be the source's flag. */
static int clone_alike(struct data_job *dj)
{
	struct attempt all = attempt_all(dj);

	if (temp_is_new(dj->dst))
		return clone_to_other(dj);
	if (nocow_give(dj->dst->dir, dj->src->fd, dj->dst->fd) < 0)
		return -EINVAL;
	return attempt_once(&all);
}

/* All that can make a clone work without giving anything up. */
static int clone_somehow(const struct run *run, struct data_job *dj,
			 struct pair *pair)
{
	struct attempt all = attempt_all(dj);
	int r = 0;

	/* That a clone had begun is seen by the time: undo_clone(). */
	if (dj->dst_info.size > 0)
		r = clock_pass(dj->dst_info.mtime);
	if (r == 0)
		r = attempt_patiently(&all, pair);

	/* For nothing to be shared no more is tried. */
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

/* The clone was made: is it whole, and no longer than its source? */
static int finish_clone(struct data_job *dj, struct outcome *out,
			struct fault *reterr)
{
	uint64_t want = dj->src->info.size;
	struct file_info now;
	int r;

	temp_spoil(dj->dst);
	r = stat_fd(dj->dst->fd, &now);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	if (now.size < want)
		return fault_set(reterr, FAULT_SHORT_CLONE, FAULT_DST, -EIO);

	/* A clone never shortens: what the old content had beyond must go. */
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

/* Has a refused clone made the file longer?  Or has somebody written to it? */
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
 * Do both files begin alike?  A clone goes from the start to the end: where they
 * don't it has not begun.  In doubt they do.
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
	/* What was cloned may have had another beginning. */
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
 * A refused clone leaves nothing of itself: the length is put back.  One that
 * has begun (the kernel moves mtime first) may have replaced some of the old
 * content, and there is no telling what: it is not to be left like that.  But
 * somebody else may write to it meanwhile.
 */
static int undo_clone(const struct data_job *dj, int failed)
{
	struct file_info now;
	int r = stat_fd(dj->dst->fd, &now);

	if (r < 0)
		return r;
	if (timestamp_compare(now.mtime, dj->dst_info.mtime) != 0 &&
	    may_have_begun(dj, failed))
		temp_spoil(dj->dst);
	if (!has_grown_it(dj, &now))
		return 0;
	return fd_truncate(dj->dst->fd, dj->dst_info.size);
}

/*
 * What the result R of a clone means.  Returns 0 if it is made and whole,
 * -errno with *RETERR if the copy has failed, or REFUSED with OUT->clone_err:
 * the next way may be tried.
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
	struct pair *pair =
		pairs_get(&run->pairs, dj->src->info.dev, dj->dst_info.dev);
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

/* Is the old content another one by now?  In doubt it is. */
static bool has_changed(const struct data_job *dj)
{
	struct file_info now;

	return stat_fd(dj->dst->fd, &now) < 0 ||
	       now.size != dj->dst_info.size ||
	       timestamp_compare(now.mtime, dj->dst_info.mtime) != 0;
}

/*
 * The decision for a byte copy: it starts from an empty file.  If the old
 * content was what stood in the way of the clone, that is tried once more.
 */
static int give_up_old(const struct run *run, struct data_job *dj,
		       struct outcome *out, struct fault *reterr)
{
	struct attempt all;
	int r;

	if (dj->dst_info.type != FILE_REGULAR)
		return REFUSED;
	if (dj->dst_info.size > 0 &&
	    source_is_disguised(dj->src, dj->dst->fd, &dj->dst_info))
		return fault_set(reterr, FAULT_SAME_FILE, FAULT_DST, -EINVAL);
	/* One that was there may have more than it says (FUSE). */
	if (dj->dst_info.size == 0 && temp_is_new(dj->dst))
		return REFUSED;
	r = temp_empty(dj->dst);
	if (r < 0) {
		if (has_changed(dj))
			temp_spoil(dj->dst);
		return fault_set(reterr, FAULT_TRUNCATE, FAULT_DST, r);
	}
	dj->dst_info.size = 0;
	if (out->clone_err != EINVAL)
		return REFUSED;
	all = attempt_all(dj);
	return judge_clone(run, dj, out, attempt_once(&all), reterr);
}

/*
 * With REFLINK_ALWAYS, what is no regular file can't be shared.  The ioctl is
 * not shown to devices, which might take its number for one of their own.
 */
static int refuse_special(const struct data_job *dj, struct fault *reterr)
{
	if (dj->src->info.type == FILE_REGULAR &&
	    dj->dst_info.type == FILE_REGULAR)
		return 0;
	return fault_set(reterr, FAULT_CLONE, FAULT_DST, -EINVAL);
}

/* A file that says it is empty: is it, or is it one of /proc? */
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
 * To clone a file that says it is empty shares nothing, but shows that it is
 * empty without reading it, which would change its time of access.  Where that
 * is known it is done for --debug only, which has words for it.
 */
static bool is_worth_cloning(struct run *run, const struct data_job *dj)
{
	const struct file_info *src = &dj->src->info;

	return src->size > 0 || run->policy->debug ||
	       !source_is_exact(dj->src, pairs_get(&run->pairs, src->dev,
						   dj->dst_info.dev));
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
 * With REFLINK_ALWAYS, R is why the clone failed, with *REFUSAL.  If there was
 * nothing to share, that is no failure: returns REFUSED, or R.
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
	if (!source_is_exact(dj->src, NULL) && is_empty(dj, &ignored) != 1)
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
