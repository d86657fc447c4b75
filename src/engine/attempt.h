/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"
#include "pairs.h"
#include "range.h"

/*
 * One attempt at a clone, and what can make it work without giving anything
 * up.  What a refusal means is not judged here.
 */
struct attempt {
	fd_t src;
	struct range src_range; /* all zeros, with dst_off: the whole file */
	fd_t dst;
	uint64_t dst_off;
	uint64_t storage; /* bytes to be shared: so many may take long */
};

/* Try once.  Returns as clone_watched() does (clone.h). */
int attempt_once(const struct attempt *a);

/*
 * Try, and wait for a file system that says "not yet", but not for ever, and
 * in vain only once for PAIR (which may be NULL).
 *
 * Returns as attempt_once() does; -EAGAIN if it still says so.
 */
int attempt_patiently(const struct attempt *a, struct pair *pair);
