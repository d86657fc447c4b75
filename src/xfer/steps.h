/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "clone_plan.h"
#include "copy_bytes.h"
#include "xfer.h"

/*
 * Copy spans by sharing storage where possible, else by reading and writing.
 * The planner decides what can be cloned from what is known about the file
 * system.  A refused clone adds knowledge, and the refused step is planned
 * again.  So guessing too small an alignment costs one call, except where it
 * would damage data: there fs.h must not guess.
 */
struct steps {
	struct xfer *x;	   /* two regular files; its counts are of one span */
	bool same_file;	   /* both are one file */
	struct fs_info fs; /* the rules, as far as they are known */
	int clone_err;	   /* errno of the last refusal; 0 after a success */
	struct copy_bytes bytes;
	struct span span; /* the one that is being copied */
	uint64_t first;	  /* its first bytes that are done without a gap */
	bool is_lost;	  /* a clone of it was interrupted: more may be done */
	uint64_t needed;  /* the source length that the copies need */
};

/* Prepare to copy X's content.  S borrows X. */
void steps_begin(struct steps *s, struct xfer *x);

/*
 * Find out what can be cloned, if X allows clones.
 *
 * Returns 0, or -errno with *RETERR: with REFLINK_ALWAYS also if nothing can.
 */
int steps_ask(struct steps *s, struct fault *reterr);

/* The case of SPAN, with a destination that has DST_SIZE bytes by now. */
struct clone_case steps_case(const struct steps *s, const struct span *span,
			     uint64_t dst_size);

/*
 * Copy SPAN, which is inside the source.  In one file this has the result of
 * memmove(3).  The destination grows as needed, with zeros before SPAN, and
 * never shrinks.
 *
 * Returns 0, or -errno with *RETERR; S and the counts tell how much is done.
 */
int steps_run(struct steps *s, const struct span *span, struct fault *reterr);

/*
 * After the last span, check both lengths: nothing may be missing, whatever the
 * calls returned.
 *
 * Returns 0, or -errno with *RETERR.
 */
int steps_check(const struct steps *s, struct fault *reterr);

/* Free what S owns.  For _cleanup_. */
void steps_release(struct steps *s);
