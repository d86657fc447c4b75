/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

#include "fsinfo.h"
#include "range.h"

/*
 * A range and what its file system asks for, turned into steps: what can be
 * cloned is cloned, the edges are copied.  Nothing here knows a descriptor.
 *
 * ioctl_ficlonerange(2), Linux fs/remap_range.c; Windows: "Block cloning on
 * ReFS", whose rules are another struct fs_info.
 */

/* What is to be cloned or copied, and where that is. */
struct clone_case {
	/* Inside the source; its ends no further than RANGE_OFF_MAX. */
	struct span span;
	uint64_t src_size; /* bytes that the source has by now */
	uint64_t dst_size; /* bytes that the destination has by now */
	bool same_file;	   /* source and destination are one file */
};

enum step_kind {
	STEP_EXTEND, /* make the destination as long as span's end there */
	STEP_CLONE,  /* clone span by one call */
	STEP_COPY,   /* read and write span */
};

struct step {
	enum step_kind kind;
	struct span span;  /* len > 0 */
	uint64_t call_len; /* STEP_CLONE: the length to ask for */
	bool backward;	   /* STEP_COPY: from its end, as memmove(3) would */
};

/* Steps yet to be handed out. */
struct clone_plan {
	struct step parts[4]; /* in the order in which they are done */
	size_t n;
	size_t next;	/* the first part not handed out whole */
	uint64_t piece; /* clones are cut into so many bytes; 0: not cut */
	bool backward;	/* from their ends */
	uint64_t align; /* cuts lie on its multiples */
	enum clone_tail tail;
};

/* Does C have the same bytes on both sides, of one file? */
bool clone_case_overlaps(const struct clone_case *c);

/* Do its offsets differ modulo FS->clone_align (which is not 0)? */
bool clone_case_differs_in_phase(const struct clone_case *c,
				 const struct fs_info *fs);

/*
 * Does the file system take C in one call, as far as FS knows it, after
 * STEP_EXTEND if it wants that?  Length 0 is not taken: the kernel reads it as
 * "to the end".
 */
bool clone_case_accepted(const struct clone_case *c, const struct fs_info *fs);

/*
 * Plan C.  The steps, STEP_EXTEND aside, cover its span once each: what lies
 * inside whole blocks by clones, the rest by copies.  Where source and
 * destination don't overlap the clones come first, then the edges; where they
 * do, steps go from that end of the range from which none reads what another
 * has written, in pieces that don't overlap themselves.  A span onto itself,
 * or of length 0, has no steps.
 */
void clone_plan(const struct clone_case *c, const struct fs_info *fs,
		struct clone_plan *ret);

/*
 * The next step, if there is one.
 *
 * Returns true with *RET filled, false at the end.
 */
bool clone_plan_next(struct clone_plan *plan, struct step *ret);

/* Are there bytes of it that are copied? */
bool clone_plan_copies(const struct clone_plan *plan);

/*
 * The most of C's span, which doesn't overlap itself, that can be cloned (by
 * several calls, where clone_max has it so): what is inside whole blocks.  Every
 * byte of it is one of C's and goes where C has it go.
 *
 * Returns true with *RET filled, false if nothing of it can be cloned.
 */
bool clone_case_inside(const struct clone_case *c, const struct fs_info *fs,
		       struct span *ret);

/*
 * A clone that FS allows, was refused as invalid (EINVAL): refine FS by
 * that.  First that ends at a source's end are not taken, then alignments that
 * are larger, and in the end that nothing can be cloned.
 *
 * Returns whether FS allows any clone still.
 */
bool clone_learn(struct fs_info *fs, const struct step *refused);

/* Why a span can't be done at all. */
enum span_fault {
	SPAN_GOOD,
	SPAN_PAST_END, /* it starts or ends past the source's end */
	SPAN_TOO_FAR,  /* it ends past RANGE_OFF_MAX in the destination */
};

/*
 * Check SPAN as it was given against a source of SRC_SIZE bytes; a length of 0
 * becomes all up to the source's end.
 */
enum span_fault span_resolve(struct span *span, uint64_t src_size);
