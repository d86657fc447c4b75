/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"
#include "fileinfo.h"
#include "policy.h"
#include "sharing.h"

/* What files share with each other and with anything else. */

/* What was found out about one file. */
struct shared_file {
	const char *name; /* the operand; borrowed */
	bool failed;	  /* FAULT says why; the rest is nothing */
	struct fault fault;
	struct file_info info;
	/* The place of the first operand that is this file; its own if none. */
	size_t same_as;
	bool has_map; /* else all of it is SHARE_UNKNOWN, even if that is nothing */
	struct share_tally tally;
	enum share_answer answer;
};

/* What was found out about all. */
struct shared {
	struct shared_file *v; /* owned; in the order of the operands */
	size_t n;
	enum share_aim aim; /* what ANSWERs are about */
	/*
	 * pairs[i * n + k]: how many bytes of file i have storage that file k
	 * has as well.  NULL if there are too many files, or one.
	 */
	uint64_t *pairs; /* owned */
};

#define SHARED_EMPTY ((struct shared){ .n = 0 })

/* For how many files at most there are pairs. */
#define SHARED_PAIRS_MAX 12

/*
 * Find out about the N files NAMES, and divide each into up to N_CELLS cells.  Symbolic links are followed.  Is there
 * one file, the question is whether it shares its data with anything; are there
 * several, with another of these.  Two names of one file are one of them.
 *
 * A map is read in parts: what a file shares while it is written to is not
 * certain.  The memory that this takes grows by 32 bytes per extent that is
 * shared with anything, if there are several files.
 *
 * Returns 0 with *RET to be passed to shared_release(), or -ENOMEM.  What fails
 * for one file stands with that file.
 */
int shared_run(const struct policy *policy, char *const *names, size_t n,
	       size_t n_cells, struct shared *ret);

/* Free what SHARED holds.  For _cleanup_. */
void shared_release(struct shared *shared);
