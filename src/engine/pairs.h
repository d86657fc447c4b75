/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "thread.h"

/*
 * What pairs of file systems have refused in this run, so that a million
 * files ask once.  Filled by refusals only: nothing is judged beforehand.
 */

/* From one file system (file_info.dev) to another. */
struct pair {
	struct pair *next;
	uint64_t src_dev;
	uint64_t dst_dev;
	/* Set by any thread that learns it. */
	_Atomic int clone_err;	 /* errno of FICLONE for all files; 0 */
	_Atomic int offload_err; /* the same of copy_file_range(2) */
	_Atomic bool waited;	 /* waiting (EAGAIN) was in vain once */
	_Atomic int src_sizes;	 /* enum fs_sizes of the source's side */
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
 * The entry of the pair, made if it is new.  Valid until pairs_release().
 *
 * Returns NULL if memory is short: then nothing is remembered.
 */
struct pair *pairs_get(struct pairs *pairs, uint64_t src_dev, uint64_t dst_dev);

/* Free what PAIRS holds.  For _cleanup_. */
void pairs_release(struct pairs *pairs);
