/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fault.h"
#include "fileinfo.h"
#include "policy.h"

/* The copy to make, and the file that already has its name. */
struct overwrite_case {
	/* The source; if a link is copied as a link, the link itself. */
	const struct file_info *src;
	/* What the source's name resolves to; NULL if it dangles. */
	const struct file_info *src_target;
	/* The file with the destination's name; a link is not followed. */
	const struct file_info *dst;
	/* What that name resolves to; NULL if it dangles. */
	const struct file_info *dst_target;
	/* Source and destination are one name in one directory. */
	bool same_name;
	/* The source's name is a link, which was followed. */
	bool by_link;
	/* The destination was made earlier in this run. */
	bool just_created;
	/* The source is inside a tree, not an operand. */
	bool below;
	/*
	 * Nanoseconds between the times that the destination can have, as for
	 * timestamp_cut(); 0: not known.
	 */
	uint64_t time_step;
};

/* What becomes of an existing destination. */
enum overwrite {
	OVERWRITE_IN_PLACE, /* its inode stays and gets the new content */
	OVERWRITE_REPLACE,  /* a new file takes its name */
	OVERWRITE_SKIP,	    /* it stays, as requested */
	OVERWRITE_LINKED,   /* it is already the requested link */
	OVERWRITE_TAKEN,    /* no link or node can be made: the name is taken */
	OVERWRITE_REFUSE,   /* it stays, and that is a failure */
};

/*
 * Decide by the rules of cp(1) what happens to an existing destination.  For
 * -i, a caller that gets OVERWRITE_IN_PLACE or OVERWRITE_REPLACE asks the user
 * before it acts.
 *
 * Returns the decision.  With OVERWRITE_REFUSE only, *RET_WHY is set to the
 * reason, one of the fault_ops for which no system call failed.
 */
enum overwrite overwrite_judge(const struct policy *policy,
			       const struct overwrite_case *c,
			       enum fault_op *ret_why);

/*
 * The file whose time is compared with the source's: C's destination, or what it
 * resolves to, which is NULL if it dangles.
 */
const struct file_info *overwrite_dated(const struct policy *policy,
					const struct overwrite_case *c);

/* Does the decision depend on C->time_step?  Only then is it needed. */
bool overwrite_asks_step(const struct policy *policy,
			 const struct overwrite_case *c);
