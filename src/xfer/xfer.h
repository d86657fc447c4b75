/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "counts.h"
#include "fault.h"
#include "fd.h"
#include "fileinfo.h"
#include "fs_pairs.h"
#include "policy.h"

/*
 * Called before a file or a range is cloned, for each buffer, and about ten times
 * a second during a long clone, whose bytes so far are estimated.  Returns 0; or
 * -errno, which ends the copy with a FAULT_INTERRUPTED; a clone goes on.
 */
typedef int xfer_tick(void *ctx, const struct counts *counts);

/* Content to be copied from one open file to another. */
struct xfer {
	fd_t src;		   /* open for reading; borrowed */
	struct file_info src_info; /* facts about it */
	fd_t dst;		   /* open for writing; borrowed */
	struct file_info dst_info; /* the same; after a clone, the new facts */
	bool dst_is_new;	   /* it was made for this copy */
	fd_t dir; /* on DST's file system, for files without a name; borrowed */
	enum reflink_when reflink;
	enum sparse_when sparse;
	bool observes;	      /* also try what only shows what would work */
	struct fs_pair *pair; /* what the file systems refused; may be NULL */
	xfer_tick *tick;      /* may be NULL */
	void *tick_ctx;

	/* What comes of it; all zeros before. */
	struct counts counts;
	bool is_spoiled;   /* old content of the destination is lost */
	bool src_is_spent; /* it was read as a stream, and can't be read again */
	enum {
		SRC_END_AS_TOLD,
		SRC_END_GREW,	   /* it has grown, and was copied as it was */
		SRC_END_ELSEWHERE, /* not at its size, but after what is done */
	} src_end;
	int nocow; /* with XFER_OTHER */
};

enum {
	/*
	 * A clone needs a destination with the NOCOW flag (nocow 1) or without
	 * it (0).  The destination, which is new, is unchanged; make such a
	 * file, and call content_copy_other().
	 */
	XFER_OTHER = 2,
};

/* Tick.  Returns 0, or -errno with *RETERR. */
static inline int xfer_tick_now(const struct xfer *x, struct fault *reterr)
{
	int r = x->tick ? x->tick(x->tick_ctx, &x->counts) : 0;

	return r < 0 ? fault_set(reterr, FAULT_INTERRUPTED, FAULT_DST, r) : 0;
}
