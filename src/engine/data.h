/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "run.h"
#include "source.h"
#include "temp.h"

/*
 * The content of one file, by the best way that works: FICLONE, then
 * copy_file_range(2), then reads and writes.
 */
struct data_job {
	const struct job *job;	   /* for what is told */
	struct source *src;	   /* open and readable */
	struct temp *dst;	   /* open, nothing done to it yet */
	struct file_info dst_info; /* facts about it */
};

/*
 * Give DJ->dst the content of DJ->src.  With REFLINK_ALWAYS by sharing
 * storage only.
 *
 * An existing destination is what it was until a clone has begun to replace
 * its content or the decision for a byte copy has fallen; after that, dropping
 * it empties it.
 *
 * Returns 0 with *OUT's counts filled, or -errno with *RETERR.
 */
int data_copy(struct run *run, struct data_job *dj, struct outcome *out,
	      struct fault *reterr);
