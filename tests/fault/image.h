/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* The bytes of a file, or what they are to be. */

#define IMAGE_BLOCK 4096
#define IMAGE_MAX   ((off_t)96 << 20)

/* Large: static ones only, which are empty files to begin with. */
struct image {
	off_t size;
	/* Beyond size, and in blocks that are not live, there are zeros. */
	unsigned char bytes[IMAGE_MAX];
	bool live[IMAGE_MAX / IMAGE_BLOCK];
};

/* What the file FD has, which is not longer than IMAGE_MAX. */
void image_load(int fd, struct image *ret);

/* What OTHER has. */
void image_set(struct image *image, const struct image *other);

/* Bytes from another image; it grows as it must. */
void image_put(struct image *image, off_t off, const struct image *from,
	       off_t from_off, off_t len);

bool image_same(const struct image *a, const struct image *b);

/*
 * Is each byte of IMAGE one that an image from FIRST to LAST has there?  Its
 * size must be one between theirs.
 */
bool image_between(const struct image *image, const struct image *first,
		   const struct image *last);
