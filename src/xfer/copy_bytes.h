/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

#include "data_runs.h"
#include "xfer.h"

/* The most bytes that are read at a time; a multiple of every block size. */
#define COPY_BYTES_MOST ((size_t)1 << 20)

/*
 * Copy bytes, and find out where they need no storage.  The caller sets what is
 * not marked as its own; all the rest is zero.
 */
struct copy_bytes {
	struct xfer *x;
	/*
	 * The destination was empty, and what is not written reads as zeros.
	 * Files that turn out not to seek are read and written as streams.
	 */
	bool fresh;
	bool offload;	   /* copy_file_range(2) may still work */
	bool sized;	   /* the source has no more bytes than its size */
	bool exact;	   /* and no less, so that a lack is a fault */
	bool src_seeks;	   /* the source may be able to seek */
	bool dst_seeks;	   /* the destination may be able to seek */
	bool looks;	   /* ask the file system for holes of the source */
	bool makes_holes;  /* they become holes, not written zeros */
	bool doubts_holes; /* but only if they are read as zeros */
	bool finds_zeros;  /* zeros in data become holes, too */
	uint64_t dst_size; /* current size of the destination in bytes */

	struct data_runs runs; /* own */
	char *buf;	       /* own; NULL until needed */
	size_t buf_size;       /* own; its size in bytes */
	uint64_t src_at;       /* own; bytes read as a stream */
	struct range hole;     /* own; the last one made, in the destination */
};

/*
 * Copy SPAN of C's files: by copy_file_range(2) if C says so, else by reads and
 * writes.  If they are one file, SPAN must not move up onto itself.  A
 * destination that ends before SPAN gets zeros between.  If SPAN ends in a hole,
 * the destination is not extended for it: copy_bytes_extend().
 *
 * Without C->fresh, copy_file_range(2) must not be used: on OCFS2 it damages the
 * surroundings of a range (Linux 6.1 and 6.12), and elsewhere it may share
 * storage unnoticed.
 *
 * Returns 0, or -errno with *RETERR.  The counts tell how much of SPAN is done,
 * its first bytes; after 0 all of it, or without C->exact all that the source
 * has.
 */
int copy_bytes(struct copy_bytes *c, const struct span *span,
	       struct fault *reterr);

/*
 * The same from the end of SPAN to its beginning, by reads and writes, for a
 * span that moves up onto itself.  C must be exact.
 */
int copy_bytes_backward(struct copy_bytes *c, const struct span *span,
			struct fault *reterr);

/*
 * Extend the destination to LEN bytes, if it is shorter.  Unless it is fresh,
 * the caller must overwrite the last byte, or have left it as a hole.
 *
 * Returns 0, or -errno with *RETERR.
 */
int copy_bytes_extend(struct copy_bytes *c, uint64_t len, struct fault *reterr);

/* Free what C owns.  For _cleanup_. */
void copy_bytes_release(struct copy_bytes *c);
