/* SPDX-License-Identifier: BSD-2-Clause */
#include "image.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

static off_t least(off_t a, off_t b)
{
	return a < b ? a : b;
}

/* Blocks that a file of SIZE bytes has. */
static size_t blocks_of(off_t size)
{
	return (size_t)((size + IMAGE_BLOCK - 1) / IMAGE_BLOCK);
}

static void clear(struct image *image)
{
	for (size_t i = 0; i < blocks_of(image->size); i++) {
		if (!image->live[i])
			continue;
		memset(image->bytes + i * IMAGE_BLOCK, 0, IMAGE_BLOCK);
		image->live[i] = false;
	}
	image->size = 0;
}

static void load_range(int fd, struct image *image, off_t off, off_t end)
{
	while (off < end) {
		ssize_t n =
			pread(fd, image->bytes + off, (size_t)(end - off), off);

		if (n <= 0)
			die("pread");
		memset(image->live + off / IMAGE_BLOCK, true,
		       blocks_of(off + n) - (size_t)(off / IMAGE_BLOCK));
		off += n;
	}
}

void image_load(int fd, struct image *ret)
{
	struct stat st;
	off_t off = 0;

	if (fstat(fd, &st) < 0 || st.st_size > IMAGE_MAX)
		die("an image");
	clear(ret);
	ret->size = st.st_size;
	while (off < st.st_size) {
		off_t data = lseek(fd, off, SEEK_DATA);
		off_t hole;

		if (data < 0 && errno == ENXIO)
			break;
		hole = data < 0 ? -1 : lseek(fd, data, SEEK_HOLE);
		if (hole < 0)
			die("lseek");
		load_range(fd, ret, data, least(hole, st.st_size));
		off = hole;
	}
}

void image_set(struct image *image, const struct image *other)
{
	clear(image);
	image_put(image, 0, other, 0, other->size);
}

void image_put(struct image *image, off_t off, const struct image *from,
	       off_t from_off, off_t len)
{
	if (off + len > IMAGE_MAX || from_off + len > from->size)
		die_plain("a range is too long");
	if (len > 0 && image->size < off + len)
		image->size = off + len;
	while (len > 0) {
		bool *live = &image->live[off / IMAGE_BLOCK];
		bool data = from->live[from_off / IMAGE_BLOCK];
		off_t n = least(IMAGE_BLOCK - off % IMAGE_BLOCK,
				IMAGE_BLOCK - from_off % IMAGE_BLOCK);

		n = least(n, len);
		/* What is not live is not touched: that would need memory. */
		if (data || *live)
			memcpy(image->bytes + off, from->bytes + from_off,
			       (size_t)n);
		*live = *live || data;
		off += n;
		from_off += n;
		len -= n;
	}
}

bool image_same(const struct image *a, const struct image *b)
{
	return image_between(a, b, b);
}

/* Of block I, which has more than zeros somewhere. */
static bool block_between(const struct image *image, size_t i,
			  const struct image *first, const struct image *last)
{
	for (const struct image *like = first; like <= last; like++)
		if (memcmp(like->bytes + i * IMAGE_BLOCK,
			   image->bytes + i * IMAGE_BLOCK, IMAGE_BLOCK) == 0)
			return true;
	for (size_t at = i * IMAGE_BLOCK; at < (i + 1) * IMAGE_BLOCK; at++) {
		const struct image *like = first;

		while (like <= last && like->bytes[at] != image->bytes[at])
			like++;
		if (like > last)
			return false;
	}
	return true;
}

bool image_between(const struct image *image, const struct image *first,
		   const struct image *last)
{
	if (image->size < first->size || image->size > last->size)
		return false;
	for (size_t i = 0; i < blocks_of(last->size); i++) {
		bool live = image->live[i];

		for (const struct image *like = first; like <= last; like++)
			live = live || like->live[i];
		if (live && !block_between(image, i, first, last))
			return false;
	}
	return true;
}
