/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "thread.h"

/*
 * What pairs of file systems have refused in this run, so that a million files
 * need only one attempt.  Only refusals are recorded; nothing is assumed in
 * advance.
 */

/* From one file system (file_info.dev) to another. */
struct pair {
	struct pair *next;
	uint64_t src_dev;
	uint64_t dst_dev;
	/* Set by any thread that finds out. */
	_Atomic int clone_err;	 /* errno of FICLONE for all files; or 0 */
	_Atomic int offload_err; /* the same for copy_file_range(2) */
	_Atomic bool waited;	 /* waiting after EAGAIN was in vain once */
	_Atomic int src_sizes;	 /* enum fs_sizes of the source's side */
	/* An ACL that both have and don't list; NULL: not asked, "": none. */
	_Atomic(const char *) unlisted_acl;
};

struct pairs {
	struct lock lock;   /* guards the list */
	struct pair *first; /* owned, with all that follow */
};

#define PAIRS_EMPTY               \
	{                         \
		.lock = LOCK_INIT \
	}

/*
 * Find the entry of the pair, or add it.  It is valid until pairs_release().
 *
 * Returns NULL if out of memory; then nothing is recorded.
 */
struct pair *pairs_get(struct pairs *pairs, uint64_t src_dev, uint64_t dst_dev);

/* Free what PAIRS holds.  For _cleanup_. */
void pairs_release(struct pairs *pairs);
