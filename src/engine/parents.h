/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"
#include "run.h"
#include "way.h"

/*
 * --parents: the directories of a source's path, made again under the target
 * directory.
 */

/* One directory that has yet to get its final attributes. */
struct parent {
	fd_t src;		   /* what it is made like */
	bool only_looks;	   /* that can't be read */
	fd_t dst;		   /* open for reading, if that can be */
	bool is_new;		   /* made by this run */
	bool is_opened;		   /* its owner got more than the umask has */
	struct file_info src_info; /* facts about the first */
	char *src_path;		   /* paths, for what is told */
	char *dst_path;
	struct foreign_link foreign; /* why it can't be gone to, perhaps */
};

struct parents {
	fd_t target;	  /* where they are made; the caller's */
	const char *path; /* its path */
	fd_t dir;	  /* the deepest one; FD_NONE if there are none */
	bool made;	  /* that was made for this operand */
	struct parent *v; /* those that get attributes, outermost first */
	size_t n;
};

/* None yet, to be made in the directory TARGET whose path is PATH. */
#define PARENTS_IN(target_fd, target_path)                                   \
	(struct parents)                                                     \
	{                                                                    \
		.target = (target_fd), .path = (target_path), .dir = FD_NONE \
	}

/*
 * Make the directories of SRC_PATH, all but its last component, in the target
 * of PARENTS, as far as they aren't there.  Links on this way are followed if root
 * or the user owns them, and so are those that they lead through.
 *
 * Returns 0, or -errno with the fault told and counted; *PARENTS is then as
 * far as it came.
 */
int parents_make(struct run *run, const char *src_path,
		 struct parents *parents);

/*
 * Give those that were made their attributes, innermost first; those that were
 * made for an earlier operand once more; and those that were there before, if
 * the last one was not, and mode, owner or times are to be kept.
 */
void parents_finish(struct run *run, const struct parents *parents);

/* Close and free.  For _cleanup_. */
void parents_release(struct parents *parents);
