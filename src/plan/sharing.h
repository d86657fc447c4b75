/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "extent.h"

/*
 * What the bytes of a file share, by its extents.  Extents are only a way to
 * write a map down: two files that share everything may have it cut in different
 * ways.  So all this counts bytes.
 */

/* What is known about a byte of a file.  Each is one of these. */
enum share_class {
	SHARE_HOLE,	/* no storage; reads as zero */
	SHARE_RESERVED, /* storage of any kind that reads as zero */
	SHARE_SHARED,	/* its storage is used for something else as well */
	SHARE_OWN,	/* its storage is used for nothing else */
	SHARE_INLINE,	/* it lies among metadata, where nothing is shared */
	SHARE_UNKNOWN,	/* the file system doesn't tell */
	SHARE_CLASS_MAX,
};

/* The class of the bytes of an extent with these flags. */
enum share_class share_classify(unsigned flags);

/* Bytes of a file, by class.  They add up to its size when all are counted. */
struct share_sums {
	uint64_t bytes[SHARE_CLASS_MAX];
};

/* Is all of a file shared?  A later one of these counts before an earlier one. */
enum share_answer {
	SHARE_ALL,	  /* all its data is, or it has no data */
	SHARE_NOT_ALL,	  /* some isn't */
	SHARE_NO_TELLING, /* of some, it can't be known */
};

/*
 * The part of E that lies in [OFF, SIZE) of its file, with its place.
 *
 * Returns 1 with *RET, or 0 if there is no such part.
 */
int share_clip(const struct extent *e, uint64_t off, uint64_t size,
	       struct extent *ret);

/*
 * Of a file with SUMS, SHARED bytes are shared in the sense that is asked for.
 * Are these all that could be?
 */
enum share_answer share_judge(const struct share_sums *sums, uint64_t shared);
