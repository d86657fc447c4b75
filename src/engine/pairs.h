/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What pairs of file systems have refused in this run, so that a million
 * files ask once.  Filled by refusals only: nothing is judged beforehand.
 */

/* From one file system (file_info.dev) to another. */
struct pair {
	uint64_t src_dev;
	uint64_t dst_dev;
	int clone_err;	 /* errno of FICLONE that holds for all files; 0 */
	int offload_err; /* the same of copy_file_range(2) */
	bool waited;	 /* waiting for FICLONE (EAGAIN) was in vain once */
};

struct pairs {
	struct pair *v; /* owned */
	size_t n;	/* used */
};

#define PAIRS_EMPTY               \
	(struct pairs)            \
	{                         \
		.v = NULL, .n = 0 \
	}

/*
 * The entry of the pair, made if it is new.  Valid until the next call.
 *
 * Returns NULL if memory is short: then nothing is remembered.
 */
struct pair *pairs_get(struct pairs *pairs, uint64_t src_dev, uint64_t dst_dev);

/* Free what PAIRS holds.  For _cleanup_. */
void pairs_release(struct pairs *pairs);
