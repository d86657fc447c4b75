/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "fileinfo.h"
#include "thread.h"

/*
 * Claims: files that a thread is writing.  Two names in the destination may be
 * one file; if two threads wrote it at the same time, the result would be a
 * mixture.  All zeros: there are none.
 */
struct claims {
	struct lock lock; /* guards all members below */
	struct bell bell; /* rung whenever a claim is released */
	struct claim *first;
};

/* One claim, in the memory of the thread that holds it. */
struct claim {
	struct claims *claims; /* NULL: not taken */
	struct claim *next;
	struct file_info file;
};

#define CLAIM_NONE ((struct claim){ .claims = NULL })

/*
 * Wait until no other thread claims FILE, then claim it.
 *
 * Returns whether another thread had claimed it: facts about it may have
 * changed.
 */
bool claim_take(struct claim *claim, struct claims *claims,
		const struct file_info *file);

/* Release the claim, if it was taken.  For _cleanup_. */
void claim_give(struct claim *claim);
