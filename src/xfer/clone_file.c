/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table in fallback.h says what each refusal means.  This file changes what
 * must be changed before the next try:
 *
 * - On Btrfs, a clone into an empty file whose NOCOW flag differs is EINVAL.
 *   The flag is made to match, once, after trying that on another file
 *   (nocow.h).
 * - A clone onto a longer file is EINVAL if it would end inside it and within a
 *   block.  A scratch file of whole blocks is cloned instead, and the result is
 *   cut.  If there can be no such file and a byte copy may follow, the old
 *   content is removed first and the clone is tried again.
 * - A refused clone may have made the file longer (SMB).  Its length is
 *   restored.
 */
#include "clone_file.h"

#include <errno.h>
#include <string.h>

#include "base.h"
#include "clock.h"
#include "clone.h"
#include "clone_try.h"
#include "fallback.h"
#include "fs.h"
#include "nocow.h"
#include "same_file.h"
#include "scratch.h"
#include "stat.h"

/*
 * Clone all of the source.  If the old content is at least as long, the length
 * would not show a clone that came out short.  So the length is requested then,
 * and the kernel returns EINVAL if the source is shorter.
 */
static struct clone_try all_of(const struct xfer *x)
{
	const struct file_info *src = &x->src_info;

	return (struct clone_try){
		.src = x->src,
		.src_range.len = x->dst_info.size >= src->size ? src->size : 0,
		.dst = x->dst,
		/* For a new clone on SMB no blocks are reported. */
		.storage = src->allocated ? src->allocated : src->size,
		.x = x,
		.len = src->size,
	};
}

/* What the destination is made of. */
struct blocks {
	fd_t dir;	 /* where they are made; borrowed */
	fd_t whole;	 /* all of the source, padded to whole blocks */
	fd_t last;	 /* its last block, if that is not full */
	uint64_t size;	 /* bytes in the source */
	uint64_t padded; /* bytes in whole */
};

static void blocks_release(struct blocks *b)
{
	fd_closep(&b->whole);
	fd_closep(&b->last);
}

/* Make a clone in a file without a name. */
static int clone_to_scratch(fd_t dir, struct clone_try t, fd_t *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int want;
	int r = scratch_create(dir, -1, &fd);

	if (r < 0)
		return r;
	t.dst = fd;
	r = clone_try(&t);
	want = r == -EINVAL ? nocow_wanted(t.src, fd) : -1;
	if (want >= 0) {
		fd_closep(&fd);
		r = scratch_create(dir, want, &fd);
		t.dst = fd;
		if (r == 0)
			r = clone_try(&t);
	}
	if (r == 0)
		*ret = TAKE(fd, FD_NONE);
	return r;
}

/* Where the last block begins. */
static uint64_t last_block(const struct xfer *x, uint64_t size)
{
	/* st_blksize is a multiple of the block size. */
	return size - size % x->dst_info.block_size;
}

/* Make the blocks; this does not touch the destination. */
static int make_blocks(const struct xfer *x, struct blocks *b)
{
	const struct clone_try all = all_of(x);
	struct clone_try part = { .src = all.src, .storage = all.storage };
	struct file_info made = { .size = 0 };
	int r = clone_to_scratch(b->dir, part, &b->whole);

	if (r == 0)
		r = stat_fd(b->whole, &made);
	if (r < 0)
		return r;
	/* It may have grown since it was opened. */
	if (made.size < x->src_info.size)
		return -EIO;
	b->size = made.size;
	part = (struct clone_try){ .src = b->whole };
	part.src_range.off = last_block(x, made.size);
	if (part.src_range.off < made.size)
		r = clone_to_scratch(b->dir, part, &b->last);
	if (r == 0 &&
	    !range_round_up(made.size, x->dst_info.block_size, &b->padded))
		r = -EFBIG;
	return r < 0 ? r : fd_truncate(b->whole, b->padded);
}

/* Cut the padding, which unshares the last block, and share that again. */
static int cut_padding(const struct xfer *x, const struct blocks *b)
{
	const struct range all = { 0, 0 };
	uint64_t off = last_block(x, b->size);
	int r = fd_truncate(x->dst, b->size);

	if (r == 0 && off < b->size)
		r = clone_range(b->last, all, x->dst, off);
	return r;
}

/*
 * Is the failure R of a trial final, rather than just the lack of a trial?  If
 * a byte copy may follow, it may have the space that the trial lacked.
 */
static bool is_final(const struct xfer *x, int r)
{
	return r == -EINTR || r == -EIO ||
	       (x->reflink == REFLINK_ALWAYS &&
		fallback_judge(FALLBACK_CLONE, -r) == VERDICT_FAIL);
}

/*
 * For old content that is longer than the source, where the source does not end
 * at a block boundary: clone whole blocks over it, then cut.  Until the clone
 * succeeds, the old content is unchanged.
 */
static int clone_whole_blocks(struct xfer *x)
{
	_cleanup_(fd_closep) fd_t dir = FD_NONE;
	_cleanup_(blocks_release) struct blocks b = { .dir = x->dir,
						      .whole = FD_NONE,
						      .last = FD_NONE };
	struct clone_try all = all_of(x);
	int r;

	if (x->dst_info.block_size == 0)
		return -EINVAL;
	/* If a link was followed, the file is in another directory. */
	if (fd_open_parent(x->dst, &dir) == 0)
		b.dir = dir;
	r = make_blocks(x, &b);
	/* Without these blocks, the refusal stands. */
	if (r < 0)
		return is_final(x, r) ? r : -EINVAL;
	all.src = b.whole;
	all.src_range.len = b.padded;
	r = clone_try(&all);
	if (r < 0)
		return r;
	x->is_spoiled = true;
	/* Nothing of the old content is left. */
	x->dst_info.size = 0;
	return cut_padding(x, &b);
}

/* A clone was refused with EINVAL: try all other ways that lose nothing. */
static int clone_otherwise(struct xfer *x)
{
	struct clone_try all = all_of(x);

	if (x->dst_info.size > 0)
		return clone_whole_blocks(x);
	/* A refused clone may have made it longer (SMB). */
	if (fd_truncate(x->dst, 0) < 0)
		return -EINVAL;
	if (x->dst_is_new) {
		x->nocow = nocow_wanted(x->src, x->dst);
		return x->nocow < 0 ? -EINVAL : XFER_OTHER;
	}
	if (nocow_give(x->dir, x->src, x->dst) < 0)
		return -EINVAL;
	return clone_try(&all);
}

/* After a clone: check its length, and cut what is longer. */
static int finish_clone(struct xfer *x, struct fault *reterr)
{
	uint64_t want = x->src_info.size;
	struct file_info now;
	int r;

	x->is_spoiled = true;
	r = stat_fd(x->dst, &now);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	if (now.size < want)
		return fault_set(reterr, FAULT_SHORT_CLONE, FAULT_DST, -EIO);

	/* A clone never shortens a file: cut the rest of the old content. */
	if (x->dst_info.size > want) {
		r = fd_truncate(x->dst, want);
		if (r < 0)
			return fault_set(reterr, FAULT_TRUNCATE, FAULT_DST, r);
		now.size = want;
	}
	x->dst_info = now;
	x->counts.clone_err = 0;
	x->counts.is_clone = true;
	x->counts.cloned = now.size;
	return 0;
}

/* Has a refused clone made the file longer, and not another process? */
static bool has_grown_it(const struct xfer *x, const struct file_info *now)
{
	struct fs_info fs;

	return now->size > x->dst_info.size && now->size == x->src_info.size &&
	       (fs_query(x->dst, &fs) < 0 || fs.refusal_grows);
}

/* The smallest block that a file system clones: XFS. */
#define SMALLEST_BLOCK 512

/*
 * Do both files begin with the same bytes?  A clone works from start to end: if
 * they differ, it has not begun.  Returns true if in doubt.
 */
static bool begin_alike(const struct xfer *x)
{
	_cleanup_(fd_closep) fd_t dst = FD_NONE;
	struct file_info now;
	char a[SMALLEST_BLOCK];
	char b[SMALLEST_BLOCK];
	size_t n = 0;
	size_t m = 0;

	if (fd_reopen(x->dst, FD_READ, &dst) < 0 ||
	    fd_read(x->src, 0, a, sizeof(a), &n) < 0 ||
	    fd_read(dst, 0, b, sizeof(b), &m) < 0 || stat_fd(x->src, &now) < 0)
		return true;
	/* The source may have begun with other bytes then. */
	if (timestamp_compare(now.mtime, x->src_info.mtime) != 0)
		return true;
	return memcmp(a, b, n < m ? n : m) == 0;
}

/* May a clone that failed with R have replaced some of the old content? */
static bool may_have_begun(const struct xfer *x, int r)
{
	return !fallback_is_early(-r) && begin_alike(x);
}

/*
 * A refused clone leaves no trace: restore the length.  If the clone has begun
 * (the kernel changes mtime first), it may have replaced an unknown part of the
 * old content; such a file must not stay.  But another process may have written
 * to the file meanwhile.
 */
static int undo_clone(struct xfer *x, int failed)
{
	struct file_info now;
	int r = stat_fd(x->dst, &now);

	if (r < 0)
		return r;
	if (timestamp_compare(now.mtime, x->dst_info.mtime) != 0 &&
	    may_have_begun(x, failed))
		x->is_spoiled = true;
	if (!has_grown_it(x, &now))
		return 0;
	return fd_truncate(x->dst, x->dst_info.size);
}

/* Is the source really empty?  Files of /proc have the size 0 and are not. */
static bool is_empty(const struct xfer *x)
{
	char byte;
	size_t n;

	if (x->src_info.size > 0)
		return false;
	return fs_sizes_are_exact(fs_sizes(x->src)) ||
	       (fd_read(x->src, FD_STREAM, &byte, 1, &n) == 0 && n == 0);
}

/* Act on the result R of a clone.  Returns as clone_file() does. */
static int judge_clone(struct xfer *x, int r, struct fault *reterr)
{
	/* As clone_try() chooses. */
	const bool by_range = all_of(x).src_range.len > 0;
	enum verdict verdict;
	int undone;

	if (r == 0)
		return finish_clone(x, reterr);
	undone = undo_clone(x, r);
	verdict = fallback_judge(FALLBACK_CLONE, -r);
	if (verdict != VERDICT_FAIL) {
		x->counts.clone_err = -r;
		x->counts.by_range = by_range;
	}
	/* If there is nothing to share, that is no failure. */
	if (verdict == VERDICT_FAIL ||
	    (x->reflink == REFLINK_ALWAYS && !is_empty(x)))
		return fault_set_in(reterr,
				    by_range ? CALL_FICLONERANGE : CALL_OF_STEP,
				    FAULT_CLONE, FAULT_DST, r);
	if (undone < 0)
		return fault_set(reterr, FAULT_TRUNCATE, FAULT_DST, undone);

	if (x->pair && verdict == VERDICT_NEXT_FOR_PAIR)
		x->pair->clone_err = -r;
	return CLONE_FILE_REFUSED;
}

int clone_file(struct xfer *x, struct fault *reterr)
{
	struct clone_try all = all_of(x);
	int r;

	if (x->pair && x->pair->clone_err && x->reflink == REFLINK_AUTO) {
		x->counts.clone_err = x->pair->clone_err;
		return CLONE_FILE_REFUSED;
	}
	r = xfer_tick_now(x, reterr);
	if (r < 0)
		return r;
	/* The mtime shows whether a clone has begun: undo_clone(). */
	if (x->dst_info.size > 0)
		r = clock_pass(x->dst_info.mtime);
	if (r == 0)
		r = clone_try_wait(&all, clone_try(&all), x->pair);
	if (r == -EINVAL && x->src_info.size > 0)
		r = clone_otherwise(x);
	return r > 0 ? r : judge_clone(x, r, reterr);
}

int clone_file_to_other(struct xfer *x, fd_t other, struct fault *reterr)
{
	struct clone_try all = all_of(x);
	int r = -EINVAL;

	all.dst = other;
	if (other != FD_NONE)
		r = clone_try(&all);
	if (r == 0)
		x->dst = other;
	return judge_clone(x, r, reterr);
}

/* Has the old content changed?  Returns true if in doubt. */
static bool has_changed(const struct xfer *x)
{
	struct file_info now;

	return stat_fd(x->dst, &now) < 0 || now.size != x->dst_info.size ||
	       timestamp_compare(now.mtime, x->dst_info.mtime) != 0;
}

int clone_file_give_up(struct xfer *x, struct fault *reterr)
{
	struct clone_try all;
	int r;

	if (x->dst_info.type != FILE_REGULAR)
		return CLONE_FILE_REFUSED;
	if (x->dst_info.size > 0 &&
	    same_file_disguised(x->src, &x->src_info, x->dst, &x->dst_info))
		return fault_set(reterr, FAULT_SAME_FILE, FAULT_DST, -EINVAL);
	/* An existing file may have more content than its size (FUSE). */
	if (x->dst_info.size == 0 && x->dst_is_new)
		return CLONE_FILE_REFUSED;
	r = fd_truncate(x->dst, 0);
	x->is_spoiled |= r == 0 || has_changed(x);
	if (r < 0)
		return fault_set(reterr, FAULT_TRUNCATE, FAULT_DST, r);
	x->dst_info.size = 0;
	if (x->counts.clone_err != EINVAL)
		return CLONE_FILE_REFUSED;
	all = all_of(x);
	return judge_clone(x, clone_try(&all), reterr);
}
