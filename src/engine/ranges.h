/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "run.h"
#include "source.h"
#include "xfer.h"

/*
 * Copy ranges of one file to another, by sharing storage where possible, else
 * by reading and writing, for --range.
 */
struct ranges_job {
	const struct job *job;	  /* for messages */
	struct xfer *x;		  /* two regular files */
	bool is_new;		  /* the caller removes it if this fails */
	const struct span *spans; /* in order; ranges_check() has passed them */
	size_t n;
	/* If it is new: room for N outcomes, which the caller reports; NULL. */
	struct range_outcome *untold;
};

/*
 * Are the N SPANS inside SRC, and is SRC's size its true size?  A length of 0
 * reaches to the end of SRC.
 *
 * Returns 0; or -errno with *RETERR: a FAULT_NO_SIZE, a FAULT_WRONG_SIZE, a
 * FAULT_RANGE_PAST_END, a FAULT_RANGE_TOO_FAR, or the failure of the check.
 */
int ranges_check(const struct span *spans, size_t n, const struct source *src,
		 struct fault *reterr);

/*
 * Copy the ranges of RJ.  If source and destination are one file, each range is
 * copied as memmove(3) would.  The destination grows as needed, and never
 * shrinks.
 *
 * Before anything is written, all spans are checked against what this process
 * may write, and with REFLINK_ALWAYS for whether they can be cloned.  Unless
 * the file is new, each range is reported to the observer, and after a failure
 * how many are done.
 *
 * Returns 0 with *TOTAL added to, or -errno with *RETERR.
 */
int ranges_copy(struct run *run, const struct ranges_job *rj,
		struct counts *total, struct fault *reterr);

/*
 * The same in a dry run: check what ranges_copy() checks, and find out what
 * would become of each range.  RJ->x->dst is not used.  If WHY is a reason, no
 * clone would be made; otherwise the file system of the source decides.
 *
 * Returns 0 with RJ->untold, or -errno with *RETERR.
 */
int ranges_plan(const struct ranges_job *rj, enum plan_why why,
		struct fault *reterr);
