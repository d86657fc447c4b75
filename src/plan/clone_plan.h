/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

#include "fsinfo.h"
#include "range.h"

/*
 * Turn a range, and the rules of its file system, into steps: clone what can be
 * cloned, copy the edges.  No file is opened or touched here.
 *
 * ioctl_ficlonerange(2), Linux fs/remap_range.c; Windows: "Block cloning on
 * ReFS", whose rules are another struct fs_info.
 */

/* The bytes to clone or copy, and the files' sizes. */
struct clone_case {
	/* Inside the source; it ends at RANGE_OFF_MAX at most, on each side. */
	struct span span;
	uint64_t src_size; /* current size of the source in bytes */
	uint64_t dst_size; /* current size of the destination in bytes */
	bool same_file;	   /* source and destination are one file */
};

enum step_kind {
	STEP_EXTEND, /* extend the destination to the end of the span there */
	STEP_CLONE,  /* clone the span in one call */
	STEP_COPY,   /* read and write the span */
};

struct step {
	enum step_kind kind;
	struct span span;  /* len > 0 */
	uint64_t call_len; /* STEP_CLONE: the length to request */
	bool backward;	   /* STEP_COPY: start at the end, as memmove(3) may */
};

/* The steps that clone_plan_next() has not returned yet. */
struct clone_plan {
	struct step parts[4]; /* in order of execution */
	size_t n;
	size_t next;	/* the first part that is not completely returned */
	uint64_t piece; /* the most bytes per clone; 0: no limit */
	bool backward;	/* cut pieces from the end of a part */
	uint64_t align; /* cut at its multiples */
	enum clone_tail tail;
};

/* Does C's span overlap its own destination, in one file? */
bool clone_case_overlaps(const struct clone_case *c);

/* Do C's offsets differ modulo FS->clone_align (which is not 0)? */
bool clone_case_differs_in_phase(const struct clone_case *c,
				 const struct fs_info *fs);

/*
 * Does the file system accept C in one call, as far as FS knows its rules?  If
 * FS asks for STEP_EXTEND, that comes first.  Length 0 is not accepted: to the
 * kernel it means "to the end".
 */
bool clone_case_accepted(const struct clone_case *c, const struct fs_info *fs);

/*
 * Plan C.  Apart from STEP_EXTEND, the steps cover each byte of its span once:
 * clones cover whole blocks, copies cover the rest.
 *
 * If source and destination don't overlap, the clones come first, then the
 * edges.  If they do, the steps begin at that end of the range from which no
 * step reads what another has written, and no step overlaps its own
 * destination.  A span onto itself, or of length 0, has no steps.
 */
void clone_plan(const struct clone_case *c, const struct fs_info *fs,
		struct clone_plan *ret);

/*
 * The next step, if there is one.
 *
 * Returns true with *RET filled, false at the end.
 */
bool clone_plan_next(struct clone_plan *plan, struct step *ret);

/* Does PLAN copy any bytes, instead of cloning them? */
bool clone_plan_copies(const struct clone_plan *plan);

/*
 * The largest part of C's span that can be cloned: its whole blocks.  The span
 * must not overlap its own destination.  If clone_max is set, this may take
 * several calls.  Each byte of the part keeps the destination that C gives it.
 *
 * Returns true with *RET filled, false if no part can be cloned.
 */
bool clone_case_inside(const struct clone_case *c, const struct fs_info *fs,
		       struct span *ret);

/*
 * A clone that FS allows was refused with EINVAL: make FS stricter.  First rule
 * out clones that end within the source's last block, then try larger
 * alignments, and finally rule out all clones.
 *
 * Returns whether FS still allows any clone.
 */
bool clone_learn(struct fs_info *fs, const struct step *refused);

/* Why a span can't be copied. */
enum span_fault {
	SPAN_GOOD,
	SPAN_PAST_END, /* it starts or ends past the source's end */
	SPAN_TOO_FAR,  /* it ends past RANGE_OFF_MAX in the destination */
};

/*
 * Check SPAN, as the user gave it, against a source of SRC_SIZE bytes.  Replace
 * a length of 0 by the length up to the source's end.
 */
enum span_fault span_resolve(struct span *span, uint64_t src_size);
