/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fault.h"
#include "fd.h"

/*
 * Bytes from one place to another by positioned reads and writes, as memmove(3)
 * does it.  Never copy_file_range(2): on OCFS2 that damages what lies around a
 * range (Linux 6.1 and 6.12), and elsewhere it may share without telling.
 */
struct mover {
	fd_t src; /* open for reading; the caller's */
	fd_t dst; /* open for writing; the caller's */
	/* Holes of the source become holes, or else stored zeros. */
	bool keeps_holes;
	bool finds_zeros; /* so do runs of zeros */
	/* What is told of as a hole is read, and becomes one if it is zeros. */
	bool doubts_holes;
	uint64_t dst_size; /* bytes that the destination has by now */
	uint64_t copied;   /* bytes written so far */
	uint64_t holes;	   /* bytes made holes so far */
	char *buf;	   /* owned; NULL until needed */
	/* Data of the source, as far as it reached when it was looked up. */
	struct range known;
	bool looks_far;	   /* the next hole is worth to be looked for */
	struct range hole; /* the last one made, in the destination */
};

/*
 * Copy SPAN; with BACKWARD from its end, for one that overlaps itself and goes
 * up.  The destination grows as it must, zeros before SPAN, and never shrinks.
 *
 * Returns 0; or -errno with *RETERR, and M's counts saying how much of SPAN is
 * done.
 */
int mover_copy(struct mover *m, const struct span *span, bool backward,
	       struct fault *reterr);

/*
 * Make the destination LEN bytes long, if it is shorter; the last byte is the
 * caller's to be overwritten.
 *
 * Returns 0, or -errno with *RETERR.
 */
int mover_extend(struct mover *m, uint64_t len, struct fault *reterr);

/* Free what it owns.  For _cleanup_. */
void mover_release(struct mover *m);
