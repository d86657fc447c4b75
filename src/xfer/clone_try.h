/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"
#include "fs_pairs.h"
#include "range.h"
#include "xfer.h"

/*
 * One attempt at a clone, and waiting for one to become possible.  The caller
 * decides what a refusal means.
 */
struct clone_try {
	fd_t src;
	struct range src_range; /* with dst_off 0 too, {0, 0}: the whole file */
	fd_t dst;
	uint64_t dst_off;
	uint64_t storage; /* bytes to be shared: many may take long */
	/* Told meanwhile how many bytes are done, by its tick; may be NULL. */
	const struct xfer *x;
	uint64_t len; /* bytes that will be done */
};

/* Returns as clone_watched() does (clone.h). */
int clone_try(const struct clone_try *t);

/*
 * R is what clone_try() returned.  While the file system returns EAGAIN, wait
 * and try again, up to a limit.  After one wait in vain, PAIR (which may be
 * NULL) is not waited for again.
 *
 * Returns what clone_try() returned last.
 */
int clone_try_wait(const struct clone_try *t, int r, struct fs_pair *pair);
