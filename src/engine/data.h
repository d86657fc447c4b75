/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "dest.h"
#include "run.h"
#include "source.h"

/*
 * Copy the content of one file in the best way that works: FICLONE, then
 * copy_file_range(2), then reads and writes.
 */
struct data_job {
	const struct job *job;	   /* for messages */
	struct source *src;	   /* open and readable */
	struct dest *dst;	   /* open and unchanged */
	struct file_info dst_info; /* facts about it */
};

/*
 * Give DJ->dst the content of DJ->src; with REFLINK_ALWAYS only by sharing
 * storage.
 *
 * An existing destination keeps its content until a clone begins to replace it,
 * or until the decision to copy bytes is made.  After that, dropping it empties
 * it.
 *
 * Returns 0 with *OUT's counts filled, or -errno with *RETERR.
 */
int data_copy(struct run *run, struct data_job *dj, struct outcome *out,
	      struct fault *reterr);
