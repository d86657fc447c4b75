/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "range.h"

/*
 * Which bytes of files use the same storage.  Pieces may be cut and ordered in
 * any way, overlap within their file, and lie in several spaces.
 */

/* Consecutive bytes of a file, and the storage that they use. */
struct piece {
	uint64_t
		place; /* where it begins, as in struct extent; PLACE + LEN is a number */
	uint64_t off;	/* of the first byte in the file */
	uint64_t len;	/* number of bytes, at least 1 */
	uint32_t owner; /* the number of the file */
	uint16_t space; /* the number of the space */
	/*
	 * Its bytes use all of an encoded extent, of which only the place is
	 * known.  Else each byte uses one byte from its place on.
	 */
	bool is_encoded;
};

/* What is asked about pieces in the order of overlap_sort(). */
struct overlap_query {
	const struct piece *v;
	size_t n;
	/* Look only at the files that is_in() approves of; NULL: at all. */
	bool (*is_in)(const void *ctx, uint32_t owner);
	/*
	 * Another of them uses the storage of RANGE, which belongs to PIECE.
	 * Each byte of a piece is reported once at most.
	 */
	void (*found)(void *ctx, const struct piece *piece, struct range range);
	void *ctx; /* passed to both */
};

/* Put pieces in order.  Returns 0 or -ENOMEM. */
int overlap_sort(struct piece *v, size_t n);

/*
 * Find what the files share with each other.  The time that it takes grows with
 * the pieces and with what is found.
 *
 * Returns 0, or -ENOMEM when some may have been reported.
 */
int overlap_find(const struct overlap_query *query);
