/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "fileinfo.h"
#include "thread.h"

/*
 * Files that are being written.  Two names of the destination may be one file;
 * two threads that fill it at a time would leave a mixture.
 */
struct claims {
	struct lock lock; /* guards all below */
	struct bell bell; /* rung whenever a file is given back */
	struct claim *first;
};

#define CLAIMS_EMPTY                                 \
	{                                            \
		.lock = LOCK_INIT, .bell = BELL_INIT \
	}

/* One of them; the memory is its thread's. */
struct claim {
	struct claims *claims; /* NULL: not taken */
	struct claim *next;
	struct file_info file;
};

#define CLAIM_NONE              \
	(struct claim)          \
	{                       \
		.claims = NULL, \
	}

/*
 * Wait until no other thread has FILE, and have it.
 *
 * Returns whether another had it: what was known of it may have changed.
 */
bool claim_take(struct claim *claim, struct claims *claims,
		const struct file_info *file);

/* Give it back, if it was taken.  For _cleanup_. */
void claim_give(struct claim *claim);
