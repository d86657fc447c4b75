/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the best way to the plainest.  What each refusal means is the table's
 * to say (fallback.h); here is what has to be put right before the next try:
 *
 * - a clone into an empty file that differs in NOCOW is EINVAL on Btrfs: the
 *   flag is made to match, once, and put back if that was not it;
 * - a clone onto a longer file is EINVAL if it would end inside it and within
 *   a block.  Where a byte copy may follow, the old content goes first and
 *   the clone is tried again.  Where it may not, a block is cloned behind the
 *   end of the old content: only if that works is it given up;
 * - a refused clone may have made the file longer (SMB): its length is put
 *   back.
 */
#include "data.h"

#include <errno.h>

#include "bytes.h"
#include "clock.h"
#include "clone.h"
#include "fallback.h"
#include "meta.h"
#include "stat.h"

/*
 * From so many bytes of storage on a clone is made so that it can be
 * interrupted.  In the worst case, extents of one block, it takes XFS or
 * Btrfs under a second for less (Linux 6.18).
 */
#define WATCH_FROM ((uint64_t)64 << 20)

/* How long to wait for a file system that says EAGAIN, in milliseconds. */
#define WAIT_FIRST   50
#define WAIT_LONGEST 1000
#define WAIT_IN_ALL  6000

/* A fresh clone made over SMB has no blocks to tell of: then go by size. */
static bool may_take_long(const struct file_info *src)
{
	return (src->allocated ? src->allocated : src->size) >= WATCH_FROM;
}

/*
 * Clone all of the source.  Where the old content is as long or longer, a
 * clone that came out short would not show in the length: there the length is
 * given, and the kernel says EINVAL to anything less.
 */
static int clone_once(const struct data_job *dj)
{
	uint64_t len = dj->src->info.size;
	struct range all = { 0, dj->dst_info.size >= len ? len : 0 };

	if (may_take_long(&dj->src->info))
		return clone_watched(dj->src->fd, all, dj->dst->fd);
	return all.len ? clone_range(dj->src->fd, all, dj->dst->fd, 0)
		       : clone_whole(dj->src->fd, dj->dst->fd);
}

/* Into an empty file, with its NOCOW flag made like the source's. */
static int clone_with_flag(const struct data_job *dj)
{
	int want = meta_get_nocow(dj->src->fd);
	int have = meta_get_nocow(dj->dst->fd);
	int r;

	if (want < 0 || have < 0 || want == have)
		return -EINVAL;
	if (fd_truncate(dj->dst->fd, 0) < 0 ||
	    meta_set_nocow(dj->dst->fd, want) < 0)
		return -EINVAL;

	r = clone_once(dj);
	if (r < 0 && fd_truncate(dj->dst->fd, 0) == 0)
		(void)meta_set_nocow(dj->dst->fd, have);
	return r;
}

/* Where an old content must outlive a refusal, but may be in the way. */
static int clone_after_trial(struct data_job *dj)
{
	struct range block = { .off = 0, .len = dj->dst_info.block_size };
	uint64_t beyond;
	int r;

	/*
	 * st_blksize is a multiple of the block size, but not the alignment
	 * (NFS, SMB): good enough for a place and a length that are aligned.
	 */
	if (block.len == 0 ||
	    !range_round_up(dj->dst_info.size, block.len, &beyond))
		return -EINVAL;
	if (dj->src->info.size <= block.len)
		block.len = 0; /* to the end */

	r = clone_range(dj->src->fd, block, dj->dst->fd, beyond);
	if (r < 0)
		return r;
	r = temp_empty(dj->dst);
	if (r < 0)
		return r;
	dj->dst_info.size = 0;
	return clone_once(dj);
}

/* As long as it says EAGAIN, but not for ever. */
static int clone_after_wait(const struct data_job *dj)
{
	uint32_t pause = WAIT_FIRST;
	int r = -EAGAIN;

	for (uint32_t waited = 0; waited < WAIT_IN_ALL; waited += pause) {
		pause = waited == 0 ? WAIT_FIRST : 2 * pause;
		if (pause > WAIT_LONGEST)
			pause = WAIT_LONGEST;
		r = clock_sleep(pause);
		if (r == 0)
			r = clone_once(dj);
		if (r != -EAGAIN)
			return r;
	}
	return r;
}

/* All that can make a clone work without giving anything up. */
static int clone_somehow(const struct run *run, struct data_job *dj,
			 struct pair *pair)
{
	int r = clone_once(dj);

	if (r < 0 && fallback_judge(FALLBACK_CLONE, -r) == VERDICT_WAIT &&
	    !(pair && pair->waited)) {
		r = clone_after_wait(dj);
		if (pair && r == -EAGAIN)
			pair->waited = true;
	}
	if (r == -EINVAL && dj->dst_info.size == 0)
		return clone_with_flag(dj);
	if (r == -EINVAL && run->policy->reflink == REFLINK_ALWAYS)
		return clone_after_trial(dj);
	return r;
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
	out->cloned = now.size;
	return 0;
}

/*
 * A refused clone leaves nothing of itself: the length is put back.  One that
 * has begun (the kernel moves mtime first) may have replaced some of the old
 * content, and there is no telling what: it is not to be left like that.
 */
static int undo_clone(const struct data_job *dj)
{
	struct file_info now;
	int r = stat_fd(dj->dst->fd, &now);

	if (r < 0)
		return r;
	if (timestamp_compare(now.mtime, dj->dst_info.mtime) != 0)
		temp_spoil(dj->dst);
	if (now.size <= dj->dst_info.size)
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
	undone = undo_clone(dj);
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

/*
 * One file seen twice, where a file system shows it under two numbers: the
 * upper layer of an overlay, beside the overlay.  A snapshot looks the same,
 * but is not touched by what is done to the destination.
 */
static bool is_source_in_disguise(const struct data_job *dj)
{
	const struct file_info *src = &dj->src->info;
	const struct file_info *dst = &dj->dst_info;
	struct file_info now;

	if (src->dev == dst->dev || src->size != dst->size ||
	    timestamp_compare(src->mtime, dst->mtime) != 0 ||
	    timestamp_compare(src->ctime, dst->ctime) != 0)
		return false;

	/* In doubt it is the same: that refuses more, and destroys nothing. */
	return meta_set_mode(dj->dst->fd, dst->mode) < 0 ||
	       stat_fd(dj->src->fd, &now) < 0 ||
	       timestamp_compare(src->ctime, now.ctime) != 0;
}

/*
 * The decision for a byte copy: it starts from an empty file.  If the old
 * content was what stood in the way of the clone, that is tried once more.
 */
static int give_up_old(const struct run *run, struct data_job *dj,
		       struct outcome *out, struct fault *reterr)
{
	int r;

	if (dj->dst_info.type != FILE_REGULAR)
		return REFUSED;
	if (dj->dst_info.size > 0 && is_source_in_disguise(dj))
		return fault_set(reterr, FAULT_SAME_FILE, FAULT_DST, -EINVAL);
	temp_spoil(dj->dst);
	if (dj->dst_info.size == 0)
		return REFUSED;
	r = temp_empty(dj->dst);
	if (r < 0)
		return fault_set(reterr, FAULT_TRUNCATE, FAULT_DST, r);
	dj->dst_info.size = 0;
	if (out->clone_err != EINVAL)
		return REFUSED;
	return judge_clone(run, dj, out, clone_once(dj), reterr);
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

static int may_clone(const struct run *run, const struct data_job *dj,
		     struct fault *reterr)
{
	int r;

	if (run->policy->reflink == REFLINK_ALWAYS) {
		r = refuse_special(dj, reterr);
		if (r < 0 || dj->src->info.size > 0)
			return r < 0 ? r : 1;
		r = is_empty(dj, reterr);
		return r < 0 ? r : !r;
	}
	return run->policy->reflink == REFLINK_AUTO &&
	       run->policy->sparse != SPARSE_NEVER &&
	       dj->src->info.type == FILE_REGULAR &&
	       dj->dst_info.type == FILE_REGULAR && dj->src->info.size > 0;
}

int data_copy(struct run *run, struct data_job *dj, struct outcome *out,
	      struct fault *reterr)
{
	int r = may_clone(run, dj, reterr);

	if (r > 0) {
		r = try_clone(run, dj, out, reterr);
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
