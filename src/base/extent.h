/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "range.h"

/* What is known about an extent; a set. */
enum extent_flag {
	EXTENT_SHARED = 1 << 0,	   /* something else uses its storage too */
	EXTENT_UNWRITTEN = 1 << 1, /* reserved storage that reads as zeros */
	EXTENT_INLINE = 1 << 2,	   /* its data lies among metadata */
	EXTENT_ENCODED = 1 << 3,   /* compressed: see place */
	EXTENT_UNPLACED = 1 << 4,  /* its place is unknown */
};

/* Consecutive bytes of a file, and where they are stored. */
struct extent {
	struct range range; /* of the file */
	/*
	 * Where the first byte is stored, in bytes from the beginning of a
	 * space (struct extent_space).  If EXTENT_ENCODED: where the stored
	 * form begins, of which any part may be in use.  Nothing if
	 * EXTENT_INLINE or EXTENT_UNPLACED.
	 */
	uint64_t place;
	unsigned flags;
};

/* What places count from.  Places in different spaces are different. */
struct extent_space {
	uint64_t id[2];
};
