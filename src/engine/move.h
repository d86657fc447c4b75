/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fault.h"
#include "fd.h"

/*
 * Copy bytes by positioned reads and writes, with the result of memmove(3).
 * copy_file_range(2) is not used: on OCFS2 it damages the surroundings of a
 * range (Linux 6.1 and 6.12), and elsewhere it may share storage unnoticed.
 */
struct mover {
	fd_t src; /* open for reading; borrowed */
	fd_t dst; /* open for writing; borrowed */
	/* Holes of the source become holes, not written zeros. */
	bool keeps_holes;
	bool finds_zeros; /* runs of zeros become holes, too */
	/* Reported holes are read, and become holes only if they are zeros. */
	bool doubts_holes;
	uint64_t dst_size; /* current size of the destination in bytes */
	uint64_t copied;   /* bytes written so far */
	uint64_t holes;	   /* bytes made holes so far */
	char *buf;	   /* owned; NULL until needed */
	/* The run of source data that was found last. */
	struct range known;
	bool looks_far;	   /* searching for the next hole is worth its time */
	struct range hole; /* the last one made, in the destination */
};

/*
 * Copy SPAN.  With BACKWARD, start at its end: for a span that overlaps its own
 * destination and moves up.  The destination grows as needed, with zeros before
 * SPAN, and never shrinks.
 *
 * Returns 0; or -errno with *RETERR, with M's counts telling how much of SPAN
 * is done.
 */
int mover_copy(struct mover *m, const struct span *span, bool backward,
	       struct fault *reterr);

/*
 * Extend the destination to LEN bytes, if it is shorter.  The caller must
 * overwrite the last byte.
 *
 * Returns 0, or -errno with *RETERR.
 */
int mover_extend(struct mover *m, uint64_t len, struct fault *reterr);

/* Free what it owns.  For _cleanup_. */
void mover_release(struct mover *m);
