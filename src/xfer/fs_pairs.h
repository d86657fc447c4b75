/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "fd.h"
#include "fsinfo.h"
#include "thread.h"

/*
 * What pairs of file systems have refused in this run, so that a million files
 * need only one attempt.  Only refusals are recorded; nothing is assumed in
 * advance.
 */

/* From one file system (file_info.dev) to another. */
struct fs_pair {
	struct fs_pair *next;
	uint64_t src_dev;
	uint64_t dst_dev;
	/* Set by any thread that finds out. */
	_Atomic int clone_err;	 /* errno of FICLONE for all files; or 0 */
	_Atomic int offload_err; /* the same for copy_file_range(2) */
	_Atomic bool waited;	 /* waiting after EAGAIN was in vain once */
	_Atomic int src_sizes;	 /* enum fs_sizes of the source's side */
	/* An ACL that both have and don't list; NULL: not asked, "": none. */
	_Atomic(const char *) unlisted_acl;
};

/* All zeros: none is known. */
struct fs_pairs {
	struct lock lock;      /* guards the list */
	struct fs_pair *first; /* owned, with all that follow */
};

/*
 * Find the entry of the pair, or add it.  It is valid until fs_pairs_release().
 *
 * Returns NULL if out of memory; then nothing is recorded.
 */
struct fs_pair *fs_pairs_get(struct fs_pairs *pairs, uint64_t src_dev,
			     uint64_t dst_dev);

/*
 * How reliable the size of SRC, a regular file, is.  PAIR (which may be NULL)
 * remembers it for all files of its source's side.
 */
enum fs_sizes fs_pair_src_sizes(struct fs_pair *pair, fd_t src);

/* Free what PAIRS holds.  For _cleanup_. */
void fs_pairs_release(struct fs_pairs *pairs);
