/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* File systems of which --probe knows more than what they answer. */
enum fs_kind {
	FS_OTHER, /* none of these */
	FS_XFS,
	FS_BTRFS,
	FS_OVERLAY,
	FS_NFS,
	FS_SMB,
	FS_FUSE,
	FS_ZFS,
	FS_OCFS2,
	FS_BCACHEFS,
	FS_KERNEL, /* files without storage: /proc, /sys */
};

/* How reliable st_size of a regular file is. */
enum fs_sizes {
	FS_SIZES_UNASKED = 0, /* not determined yet */
	FS_SIZES_EXACT,	      /* reads end exactly there */
	FS_SIZES_MEMORY,      /* the same, for a file system in memory */
	FS_SIZES_CLAIMED,     /* probably right, but reads may end elsewhere */
	FS_SIZES_NONE,	      /* it says nothing about the content */
};

/* Do reads end exactly at sizes that are worth SIZES? */
static inline bool fs_sizes_are_exact(enum fs_sizes sizes)
{
	return sizes == FS_SIZES_EXACT || sizes == FS_SIZES_MEMORY;
}

/* The length to request for a clone that ends in the source's last block. */
enum clone_tail {
	TAIL_EXACT,   /* the exact length */
	TAIL_ROUNDED, /* the length rounded up to the whole block */
	TAIL_NEVER,   /* none: these bytes are copied */
};

/* Which of its files a file system clones, as far as its type says. */
enum fs_clones {
	CLONES_MAYBE = 0, /* it depends, or nothing is known */
	CLONES_NEVER,	  /* none: it has no such call */
	CLONES_ONE_DEV,	  /* at most those with one file_info.dev */
};

/* What a file system demands of clones of ranges, in bytes. */
struct fs_info {
	/*
	 * Offsets must be multiples of it, and lengths too, except at the
	 * source's end.  0: nothing can be cloned.
	 */
	uint64_t clone_align;
	/* The alignment to try if clone_align is refused; 0: unknown. */
	uint64_t clone_align_next;
	uint64_t clone_max; /* most bytes per call, aligned; 0: no limit */
	enum clone_tail clone_tail;
	/* The destination must have its final length before the clone. */
	bool size_dst_first;
	/* A refused clone may leave the destination longer. */
	bool refusal_grows;
};
