/* SPDX-License-Identifier: BSD-2-Clause */
#include "content.h"

#include <errno.h>

#include "base.h"
#include "clone.h"
#include "clone_file.h"
#include "copy_bytes.h"
#include "layout.h"
#include "stat.h"

/*
 * From this size on, even a fully allocated file is searched for holes: it may
 * have been preallocated.  For smaller files that would be a useless call, and
 * in memory a walk through the whole file.
 */
#define LOOK_MIN COPY_BYTES_MOST

/*
 * If a file has storage for all of its bytes and holes as well, it was
 * preallocated, or the file system is wrong.  So a reported hole is read, and
 * becomes a hole only if it is zeros.
 */
static void decide_on_holes(struct copy_bytes *c, enum fs_sizes sizes)
{
	const struct file_info *src = &c->x->src_info;
	uint64_t whole;

	c->doubts_holes = src->allocated >= src->size;
	c->looks = !c->doubts_holes ||
		   (c->makes_holes &&
		    ((src->size >= LOOK_MIN && sizes != FS_SIZES_MEMORY) ||
		     !range_round_up(src->size, src->block_size, &whole) ||
		     src->allocated > whole));
}

/* As cp: also true for a file of /proc with a size, which has no storage. */
static bool looks_sparse(const struct copy_bytes *c)
{
	uint64_t data;

	return c->finds_zeros ||
	       (c->makes_holes && !c->doubts_holes &&
		layout_find_data(c->x->src, 0, &data) == LAYOUT_UNKNOWN);
}

/*
 * The source is empty, or its size has no meaning.  copy_file_range(2) is not
 * called, because it might believe the size; but whether it could be is
 * observed if that is wanted.
 */
static void note_nothing(struct copy_bytes *c)
{
	struct xfer *x = c->x;
	uint64_t n;
	int r;

	if (!c->sized && x->src_info.size > 0)
		c->finds_zeros = looks_sparse(c);
	if (c->finds_zeros)
		x->counts.sparse |= SPARSE_BY_ZEROS;
	if (c->offload && x->observes && x->src_info.type == FILE_REGULAR) {
		r = clone_copy_range(x->src, (struct range){ 0, 0 }, x->dst, 0,
				     &n);
		x->counts.not_offered = r == 0;
		x->counts.offload_err = -r;
	}
	c->offload = false;
}

static void decide(struct copy_bytes *c, enum fs_sizes sizes)
{
	struct xfer *x = c->x;
	const struct file_info *src = &x->src_info;
	bool regular = x->dst_info.type == FILE_REGULAR;

	c->fresh = true;
	c->offload = regular && x->reflink == REFLINK_AUTO &&
		     x->sparse == SPARSE_AUTO;
	c->exact = fs_sizes_are_exact(sizes);
	c->sized = c->exact || (sizes == FS_SIZES_CLAIMED && src->size > 0);
	c->src_seeks = c->sized;
	c->dst_seeks = regular || x->dst_info.type == FILE_BLOCK_DEVICE;
	c->makes_holes = regular && x->sparse != SPARSE_NEVER;
	c->finds_zeros =
		c->makes_holes && (x->sparse == SPARSE_ALWAYS ||
				   (c->sized && src->allocated < src->size));
	decide_on_holes(c, sizes);
	if (c->offload && x->pair && x->pair->offload_err) {
		c->offload = false;
		x->counts.offload_err = x->pair->offload_err;
	}
	if (c->sized && src->size > 0)
		x->counts.not_offered = true; /* so far */
	else
		note_nothing(c);
}

/* Is the source as long as it was?  Holes at its end are not read. */
static int check_size(struct xfer *x, struct fault *reterr)
{
	struct file_info now;
	int r = stat_fd(x->src, &now);

	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_SRC, r);
	if (now.size < x->src_info.size)
		return fault_set(reterr, FAULT_SHRANK, FAULT_SRC, -EIO);
	if (now.size > x->src_info.size)
		x->src_end = SRC_END_GREW;
	return 0;
}

/* Copy up to the source's size, and on to its end if that may be elsewhere. */
static int copy_to_end(struct copy_bytes *c, enum fs_sizes sizes,
		       struct fault *reterr)
{
	struct xfer *x = c->x;
	uint64_t size = c->sized ? x->src_info.size : 0;
	int r = copy_bytes(c, &(struct span){ .len = size }, reterr);

	if (r < 0)
		return r;
	if (c->exact)
		return check_size(x, reterr);
	c->offload = false;
	c->looks = false;
	if (counts_bytes(&x->counts) == size)
		r = copy_bytes(
			c, &(struct span){ size, RANGE_OFF_MAX - size, size },
			reterr);
	if (r == 0 && sizes == FS_SIZES_CLAIMED &&
	    counts_bytes(&x->counts) != x->src_info.size)
		x->src_end = SRC_END_ELSEWHERE;
	return r;
}

/* Copy the bytes to the destination, which is empty. */
static int copy_all(struct xfer *x, struct fault *reterr)
{
	_cleanup_(copy_bytes_release) struct copy_bytes c = { .x = x };
	enum fs_sizes sizes = x->src_info.type == FILE_REGULAR
				      ? fs_pair_src_sizes(x->pair, x->src)
				      : FS_SIZES_NONE;
	int r;

	decide(&c, sizes);
	if (x->src_info.size > COPY_BYTES_MOST)
		fd_advise_sequential(x->src);
	r = copy_to_end(&c, sizes, reterr);
	return r < 0 ? r
		     : copy_bytes_extend(&c, counts_bytes(&x->counts), reterr);
}

/*
 * Cloning a file of size 0 shares nothing, but shows that it is empty, without
 * reading it, which would change its access time.  If it is known to be empty,
 * this is done only if it is to be observed.
 */
static bool is_worth_cloning(const struct xfer *x)
{
	return x->src_info.size > 0 || x->observes ||
	       !fs_sizes_are_exact(fs_pair_src_sizes(x->pair, x->src));
}

/* A device never gets the ioctl: its number might mean something else to it. */
static bool are_regular(const struct xfer *x)
{
	return x->src_info.type == FILE_REGULAR &&
	       x->dst_info.type == FILE_REGULAR;
}

static bool may_clone(const struct xfer *x)
{
	return are_regular(x) && x->reflink != REFLINK_NEVER &&
	       x->sparse != SPARSE_NEVER && is_worth_cloning(x);
}

/* R is what a clone returned: if it was refused, copy the bytes. */
static int copy_if_refused(struct xfer *x, int r, struct fault *reterr)
{
	if (r == CLONE_FILE_REFUSED)
		r = clone_file_give_up(x, reterr);
	return r == CLONE_FILE_REFUSED ? copy_all(x, reterr) : r;
}

int content_copy(struct xfer *x, struct fault *reterr)
{
	if (x->reflink == REFLINK_ALWAYS && !are_regular(x))
		return fault_set_in(reterr, CALL_NONE, FAULT_CLONE, FAULT_DST,
				    -EINVAL);
	return copy_if_refused(
		x, may_clone(x) ? clone_file(x, reterr) : CLONE_FILE_REFUSED,
		reterr);
}

int content_copy_other(struct xfer *x, fd_t other, struct fault *reterr)
{
	return copy_if_refused(x, clone_file_to_other(x, other, reterr),
			       reterr);
}
