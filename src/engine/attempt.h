/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"
#include "pairs.h"
#include "range.h"

/*
 * One attempt at a clone, and waiting for one to become possible.  The caller
 * decides what a refusal means.
 */
struct attempt {
	fd_t src;
	struct range src_range; /* with dst_off 0 too, {0, 0}: the whole file */
	fd_t dst;
	uint64_t dst_off;
	uint64_t storage; /* bytes to be shared: many may take long */
};

/* Try once.  Returns as clone_watched() does (clone.h). */
int attempt_once(const struct attempt *a);

/*
 * Try, and while the file system returns EAGAIN, wait and try again, up to a
 * limit.  After one wait in vain, PAIR (which may be NULL) is not waited for
 * again.
 *
 * Returns as attempt_once() does; -EAGAIN if the limit was reached.
 */
int attempt_patiently(const struct attempt *a, struct pair *pair);
