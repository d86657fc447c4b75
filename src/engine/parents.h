/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"
#include "run.h"

/*
 * --parents: the directories of a source's path, made again under the target
 * directory.
 */

/* One directory that was made, and has yet to get its final attributes. */
struct parent {
	fd_t src;		   /* what it is made like */
	fd_t dst;		   /* open for reading */
	struct file_info src_info; /* facts about the first */
	char *src_path;		   /* paths, for what is told */
	char *dst_path;
};

struct parents {
	fd_t dir;	  /* the deepest one: where the file goes */
	struct parent *v; /* those that were made, outermost first */
	size_t n;
};

#define PARENTS_EMPTY          \
	(struct parents)       \
	{                      \
		.dir = FD_NONE \
	}

/*
 * Make the directories of SRC_PATH, all but its last component, in TARGET
 * (whose path is TARGET_PATH), as far as they aren't there.
 *
 * Returns 0 with *RET to be given to parents_finish() and parents_release();
 * or -errno with the fault told and counted, and *RET as far as it came.
 */
int parents_make(struct run *run, fd_t target, const char *target_path,
		 const char *src_path, struct parents *ret);

/* Give those that were made their attributes, innermost first. */
void parents_finish(struct run *run, const struct parents *parents);

/* Close and free.  For _cleanup_. */
void parents_release(struct parents *parents);
