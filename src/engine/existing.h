/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "entry.h"

/* The existing file with the destination's name. */
struct existing {
	bool exists;
	enum fault_call target_call; /* what failed then */
	int target_err;		 /* 0 if it leads to something; else -errno */
	struct file_info info;	 /* of the name itself */
	struct file_info target; /* what it leads to */
};

/* How to examine it. */
enum existing_look {
	LOOK_BY_NAME,
	/*
	 * Keep it open, so that it can be recognized even if its inode number
	 * changes: on overlayfs that happens when it is opened for writing.
	 */
	LOOK_AND_HOLD,
};

/*
 * Examine what has the name of ENTRY's destination, decide by the rules of
 * cp(1) what becomes of it, and ask the user if requested.
 *
 * Returns 0 with ENTRY->making and *RET; 1 if it stays as it is, with *RET; or
 * -errno with *RETERR.  With LOOK_AND_HOLD, the caller closes ENTRY->held.
 */
int existing_judge(const struct run *run, struct entry *entry,
		   enum existing_look how, struct existing *ret,
		   struct fault *reterr);

/*
 * Remember that ENTRY was made as MADE, so that no later operand overwrites it.
 *
 * Returns 0 or -ENOMEM.
 */
int existing_note(struct run *run, const struct entry *entry,
		  const struct file_info *made);

/*
 * NAME in DIR is taken, although this run made DIR: who made NAME?  If this run
 * did, DIR treats two different names as one (it ignores case, for example).
 *
 * Returns FAULT_JUST_CREATED or FAULT_APPEARED.
 */
enum fault_op existing_taken_op(fd_t dir, const char *name);
