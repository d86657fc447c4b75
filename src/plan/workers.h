/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "policy.h"

/* How a tree is divided among threads, and descriptors among those. */
struct workers {
	unsigned threads;     /* the most, with the first one */
	unsigned open_pairs;  /* directories that each keeps open, as pairs */
	unsigned spare_pairs; /* others that it keeps open if it must */
	bool share_directory; /* files of one may be copied side by side */
};

/*
 * How many directories may be open at once to count ahead (--progress), with
 * ROOM for so many descriptors.
 */
unsigned workers_ahead(unsigned room);

/*
 * Plan the threads for a tree, for a machine with so many PROCESSORS and ROOM
 * for so many descriptors.  With --progress, those to count ahead stay free.
 */
struct workers workers_plan(const struct policy *policy, unsigned processors,
			    unsigned room);
