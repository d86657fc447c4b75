/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"
#include "run.h"
#include "source.h"
#include "trusted_path.h"

/* --parents: a source's directories, made again below the target directory. */

/* One directory that has yet to get its final attributes. */
struct parent {
	uint64_t number;	/* job.number */
	struct source src;	/* the source directory */
	fd_t dst;		/* open for reading, if possible */
	enum outcome_what what; /* of it */
	bool is_new;		/* made by this run */
	bool is_opened;		/* it has permissions that the umask denies */
	char *src_path;		/* paths, for messages */
	char *dst_path;
	struct foreign_link foreign; /* the link that is not followed, if any */
};

struct parents {
	fd_t target;	  /* where they are made; borrowed */
	const char *path; /* its path */
	fd_t dir;	  /* the deepest one; FD_NONE if there are none */
	bool made;	  /* it was made for this operand */
	bool is_absent;	  /* in a dry run: there is a deeper one, which would
			     have been made */
	struct file_info absent; /* that one */
	struct parent *v; /* those that get attributes, outermost first */
	size_t n;
};

/* No directories yet; they will be made in TARGET, whose path is PATH. */
#define PARENTS_IN(target_fd, target_path)        \
	((struct parents){ .target = (target_fd), \
			   .path = (target_path), \
			   .dir = FD_NONE })

/*
 * Make the missing directories of the source of OPERAND, without its last
 * component, in the target of PARENTS.  A link on the way is followed only if
 * root or the user owns it, and also owns each link that it leads through.
 *
 * Returns 0, or -errno with the fault reported and counted, and with the
 * directories made so far in *PARENTS.
 */
int parents_make(struct run *run, const struct job *operand,
		 struct parents *parents);

/*
 * Set the attributes of the directories, innermost first: of those that were
 * made, again of those made for an earlier operand, and also of those that
 * existed before if the last one did not and mode, owner or times are to be
 * preserved.
 */
void parents_finish(struct run *run, const struct parents *parents);

/* Close and free.  For _cleanup_. */
void parents_release(struct parents *parents);
