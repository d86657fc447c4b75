/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What the size that a regular file tells is worth. */
enum fs_sizes {
	FS_SIZES_UNASKED = 0, /* nobody has asked yet */
	FS_SIZES_EXACT,	      /* reads end there and nowhere else */
	FS_SIZES_MEMORY,      /* the same, of a file that lies in memory */
	FS_SIZES_CLAIMED,     /* likely so, but reads may end elsewhere */
	FS_SIZES_NONE,	      /* it says nothing */
};

/* What may be asked of a clone that ends within the source's last block. */
enum clone_tail {
	TAIL_EXACT,   /* its length as it is */
	TAIL_ROUNDED, /* its length rounded up to the whole block */
	TAIL_NEVER,   /* nothing: those bytes are copied */
};

/*
 * What a file system asks of a clone of a range.  Filled by os, refined by
 * what the file system refuses, obeyed by plan; all in bytes.
 */
struct fs_info {
	/*
	 * Offsets, and lengths but at the source's end, are multiples of it.
	 * 0: nothing can be cloned.
	 */
	uint64_t clone_align;
	/* The next to be tried, where clone_align is refused; 0: unknown. */
	uint64_t clone_align_next;
	uint64_t clone_max; /* most bytes a call, aligned; 0: no limit */
	enum clone_tail clone_tail;
	/* The destination must be as long as the clone makes it before. */
	bool size_dst_first;
	/* A clone that is refused may make the destination longer. */
	bool refusal_grows;
};
