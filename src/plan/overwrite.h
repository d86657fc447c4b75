/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fault.h"
#include "fileinfo.h"
#include "policy.h"

/* What is to be made, and what stands at its name already. */
struct overwrite_case {
	/* What is copied: of a link that is copied as a link, the link. */
	const struct file_info *src;
	/* What the source's name leads to in the end; NULL if to nothing. */
	const struct file_info *src_target;
	/* What has the destination's name; a link is not followed. */
	const struct file_info *dst;
	/* What that name leads to in the end; NULL if to nothing. */
	const struct file_info *dst_target;
	/* Source and destination are one name in one directory. */
	bool same_name;
	/* The source's name is a link, which was followed. */
	bool by_link;
	/* The destination was made earlier in this run. */
	bool just_created;
	/* The source is in a tree, and no operand. */
	bool below;
	/*
	 * Nanoseconds between the times that the destination can have, as for
	 * timestamp_cut(); 0: it has not been asked for.
	 */
	uint64_t time_step;
};

/* What becomes of an existing destination. */
enum overwrite {
	OVERWRITE_IN_PLACE, /* its inode stays and gets the new content */
	OVERWRITE_REPLACE,  /* something new takes its name */
	OVERWRITE_SKIP,	    /* it stays, as was asked for */
	OVERWRITE_LINKED,   /* it is the wanted link already */
	OVERWRITE_TAKEN, /* a link or a node can't be made: the name is taken */
	OVERWRITE_REFUSE, /* it stays, and that is a failure */
};

/*
 * Judge an existing destination by the rules of cp(1).  -i is not asked here:
 * whoever gets OVERWRITE_IN_PLACE or OVERWRITE_REPLACE asks before acting.
 *
 * Returns the verdict; with OVERWRITE_REFUSE, *RET_WHY is the reason (a
 * fault_op for which no system call failed), and is not written otherwise.
 */
enum overwrite overwrite_judge(const struct policy *policy,
			       const struct overwrite_case *c,
			       enum fault_op *ret_why);

/* Whose time is compared with the source's: C's destination or what it leads to. */
const struct file_info *overwrite_dated(const struct policy *policy,
					const struct overwrite_case *c);

/*
 * Does the verdict depend on C->time_step?  Only then is it worth asking for.
 */
bool overwrite_asks_step(const struct policy *policy,
			 const struct overwrite_case *c);
