/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Bytes [off, off + len) of a file.  len 0: no bytes. */
struct range {
	uint64_t off; /* first byte */
	uint64_t len; /* number of bytes */
};

/*
 * Bytes of a source and their place in a destination, in the order of struct
 * file_clone_range of ioctl_ficlonerange(2).
 */
struct span {
	uint64_t src_off; /* first byte in the source */
	uint64_t len;	  /* number of bytes */
	uint64_t dst_off; /* the first byte's place in the destination */
};

/* The part of S that starts at its byte SKIP and is LEN bytes long. */
static inline struct span span_part(const struct span *s, uint64_t skip,
				    uint64_t len)
{
	return (struct span){ s->src_off + skip, len, s->dst_off + skip };
}

/* Where S ends in the destination. */
static inline uint64_t span_dst_end(const struct span *s)
{
	return s->dst_off + s->len;
}

/* The largest offset that a file can have (off_t is signed). */
#define RANGE_OFF_MAX ((uint64_t)INT64_MAX)

/*
 * Round OFF up to a multiple of ALIGN (any positive number).
 *
 * Returns true with *RET set, or false if that would pass RANGE_OFF_MAX.
 */
bool range_round_up(uint64_t off, uint64_t align, uint64_t *ret);
