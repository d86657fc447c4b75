/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "run.h"
#include "source.h"

/*
 * Bytes of one file into another that is there, by sharing their storage where
 * that can be, and else by reading and writing.  For --range, and for whatever
 * else of this program has ranges to copy.
 */
struct ranges_job {
	const struct job *job;	   /* for what is told */
	const struct source *src;  /* a regular file, open and readable */
	fd_t dst;		   /* a regular file, open for writing */
	fd_t dir;		   /* a directory of its file system; lent */
	struct file_info dst_info; /* facts about it from before */
	bool is_new;		   /* it is removed if this fails */
	const struct span *spans;  /* in the order in which they are done */
	size_t n;		   /* len 0: to the end of the source */
};

/*
 * Can the N SPANS be taken from SRC, and has it the size that it tells?
 *
 * Returns 0; or -errno with *RETERR: a FAULT_NO_SIZE, a FAULT_WRONG_SIZE, a
 * FAULT_RANGE_PAST_END, a FAULT_RANGE_TOO_FAR, or what failed in asking.
 */
int ranges_check(const struct span *spans, size_t n, const struct source *src,
		 struct fault *reterr);

/*
 * Do the ranges of RJ, each as memmove(3) would if source and destination are
 * one file.  The destination grows as it must, and never shrinks; all spans are
 * checked against the length that the source had when it was opened, and with
 * REFLINK_ALWAYS for whether all of them can be cloned, before anything is
 * written.  The observer is told of each range that is done, and of those done
 * if the rest fails, unless the file is new.
 *
 * Returns 0 with *OUT's counts added to, or -errno with *RETERR.
 */
int ranges_copy(struct run *run, const struct ranges_job *rj,
		struct outcome *out, struct fault *reterr);
