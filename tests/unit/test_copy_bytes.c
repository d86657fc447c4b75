/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Spans of files in memory that have holes, copied to others and onto
 * themselves, beside memmove(3).
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base.h"
#include "check.h"
#include "copy_bytes.h"
#include "stat.h"

#define BLOCK ((size_t)4096)
#define ROOM  (4 * COPY_BYTES_MOST)

/* A file, and what should be in it. */
struct model {
	fd_t fd;
	size_t size;
	char *bytes;
};

static void make(struct model *m, size_t size)
{
	m->fd = memfd_create("test", MFD_CLOEXEC);
	m->size = size;
	m->bytes = calloc(1, ROOM);
	check(m->fd >= 0 && m->bytes && ftruncate(m->fd, (off_t)size) == 0);
}

static void drop(struct model *m)
{
	close(m->fd);
	free(m->bytes);
}

static void put(struct model *m, size_t off, size_t len, int seed)
{
	for (size_t i = off; i < off + len; i++)
		m->bytes[i] =
			(char)((i * 7 + i / 251 + (size_t)seed) % 255 + 1);
	check(pwrite(m->fd, m->bytes + off, len, (off_t)off) == (ssize_t)len);
}

/* Put data into those blocks of M of which MAP has a bit, the rest is holes. */
static void put_blocks(struct model *m, unsigned map, int seed)
{
	for (size_t off = 0; off < m->size; off += BLOCK, map >>= 1)
		if (map & 1)
			put(m, off,
			    m->size - off < BLOCK ? m->size - off : BLOCK,
			    seed);
}

/* How many bytes of M from OFF on are data. */
static size_t data_from(const struct model *m, size_t off)
{
	size_t n = 0;

	for (; off < m->size; off++)
		n += m->bytes[off] != 0;
	return n;
}

static void check_model(const struct model *m)
{
	static char got[ROOM];
	struct stat st;

	check(fstat(m->fd, &st) == 0 && (size_t)st.st_size == m->size);
	check(pread(m->fd, got, sizeof(got), 0) == (ssize_t)m->size);
	check(memcmp(got, m->bytes, m->size) == 0);
}

static struct xfer xfer_of(const struct model *src, const struct model *dst)
{
	struct xfer x = { .src = src->fd, .dst = dst->fd };

	check(stat_fd(x.src, &x.src_info) == 0);
	check(stat_fd(x.dst, &x.dst_info) == 0);
	return x;
}

static struct copy_bytes copy_of(struct xfer *x)
{
	return (struct copy_bytes){
		.x = x,
		.sized = true,
		.exact = true,
		.src_seeks = true,
		.dst_seeks = true,
		.looks = true,
		.makes_holes = true,
		.dst_size = x->dst_info.size,
	};
}

/* Copy S from SRC to DST as C says, and compare. */
static void check_copy(struct copy_bytes *c, const struct model *src,
		       struct model *dst, struct span s)
{
	const struct counts *counts = &c->x->counts;
	bool up = src == dst && s.dst_off > s.src_off;
	struct fault fault;
	int r = up ? copy_bytes_backward(c, &s, &fault)
		   : copy_bytes(c, &s, &fault);

	check(r == 0);
	check(copy_bytes_extend(c, s.dst_off + s.len, &fault) == 0);
	check(counts->copied + counts->offloaded + counts->holes == s.len);
	memmove(dst->bytes + s.dst_off, src->bytes + s.src_off, s.len);
	if (s.len > 0 && dst->size < s.dst_off + s.len)
		dst->size = s.dst_off + s.len;
	check_model(dst);
	copy_bytes_release(c);
}

/* Each of 6 blocks is data or a hole, and none is whole at both ends. */
static void moves_within_a_file(void)
{
	static const size_t offs[] = { 0, 100, BLOCK, 2 * BLOCK + 5 };

	for (unsigned map = 0; map < 64; map++)
		for (size_t i = 0; i < countof(offs) * countof(offs) * 2; i++) {
			struct model m;
			struct span s = { offs[i / 2 % countof(offs)], 0,
					  offs[i / 2 / countof(offs)] };
			struct xfer x;
			struct copy_bytes c;

			make(&m, 6 * BLOCK - 10);
			put_blocks(&m, map, 0);
			s.len = i % 2 ? m.size - s.src_off : 3 * BLOCK;
			x = xfer_of(&m, &m);
			c = copy_of(&x);
			c.doubts_holes = map % 2;
			check_copy(&c, &m, &m, s);
			drop(&m);
		}
}

static void copies_over_old_content(void)
{
	for (unsigned map = 0; map < 64 * 8; map++) {
		struct model src;
		struct model dst;
		struct xfer x;
		struct copy_bytes c;

		make(&src, 6 * BLOCK - 10);
		put_blocks(&src, map, 0);
		make(&dst, 3 * BLOCK);
		put(&dst, 0, dst.size, 3);
		x = xfer_of(&src, &dst);
		c = copy_of(&x);
		c.makes_holes = map & 64;
		c.finds_zeros = c.makes_holes && map & 128;
		c.doubts_holes = map & 256;
		check_copy(&c, &src, &dst,
			   (struct span){ 50, src.size - 50, BLOCK });
		if (c.makes_holes && !c.doubts_holes)
			check(x.counts.copied == data_from(&src, 50));
		drop(&src);
		drop(&dst);
	}
}

/* Holes of the source become holes, whether they are believed or not. */
static void keeps_holes_of_new_files(void)
{
	for (unsigned map = 0; map < 64 * 2; map++) {
		struct model src;
		struct model dst;
		struct stat a;
		struct stat b;
		struct xfer x;
		struct copy_bytes c;

		make(&src, 6 * BLOCK);
		put_blocks(&src, map, 0);
		make(&dst, 0);
		x = xfer_of(&src, &dst);
		c = copy_of(&x);
		c.fresh = true;
		c.doubts_holes = map & 64;
		check_copy(&c, &src, &dst, (struct span){ .len = src.size });
		check(fstat(src.fd, &a) == 0 && fstat(dst.fd, &b) == 0);
		check(a.st_blocks == b.st_blocks);
		check(x.counts.copied ==
		      BLOCK * (size_t)__builtin_popcount(map % 64));
		drop(&src);
		drop(&dst);
	}
}

/* More than a buffer, and more runs than are found at a time. */
static void copies_many_buffers(void)
{
	static const size_t shifts[] = { 1, BLOCK, COPY_BYTES_MOST - 1,
					 COPY_BYTES_MOST + 1 };

	for (size_t i = 0; i < countof(shifts) * 4; i++) {
		struct model m;
		struct span s = { shifts[i / 4], 2 * COPY_BYTES_MOST + 77, 0 };
		struct xfer x;
		struct copy_bytes c;

		make(&m, s.src_off + s.len);
		for (size_t off = 0; off + 3 * BLOCK < m.size; off += 2 * BLOCK)
			if (i % 2 || off % COPY_BYTES_MOST)
				put(&m, off, i % 2 ? 3 * BLOCK : BLOCK, 0);
		if (i / 2 % 2)
			s = (struct span){ 0, s.len, s.src_off };
		x = xfer_of(&m, &m);
		c = copy_of(&x);
		check_copy(&c, &m, &m, s);
		drop(&m);
	}
}

static int after_two(void *ctx, const struct counts *counts)
{
	unsigned *left = ctx;

	check(counts->copied == (2 - *left) * COPY_BYTES_MOST);
	return (*left)-- > 0 ? 0 : -EINTR;
}

static void a_tick_ends_it(void)
{
	struct model src;
	struct model dst;
	unsigned left = 2;
	struct xfer x;
	struct copy_bytes c;
	struct fault fault;

	make(&src, 3 * COPY_BYTES_MOST);
	put(&src, 0, src.size, 0);
	make(&dst, 0);
	x = xfer_of(&src, &dst);
	x.tick = after_two;
	x.tick_ctx = &left;
	c = copy_of(&x);
	check(copy_bytes(&c, &(struct span){ .len = src.size }, &fault) ==
	      -EINTR);
	check(fault.op == FAULT_INTERRUPTED);
	check(x.counts.copied == 2 * COPY_BYTES_MOST);
	copy_bytes_release(&c);
	drop(&src);
	drop(&dst);
}

static void a_source_that_shrank_is_a_fault(void)
{
	struct model src;
	struct model dst;
	struct xfer x;
	struct copy_bytes c;
	struct fault fault;

	make(&src, 2 * BLOCK);
	put(&src, 0, src.size, 0);
	make(&dst, 0);
	x = xfer_of(&src, &dst);
	c = copy_of(&x);
	check(ftruncate(src.fd, 100) == 0);
	check(copy_bytes(&c, &(struct span){ .len = 2 * BLOCK }, &fault) ==
	      -EIO);
	check(fault.op == FAULT_SHRANK && x.counts.copied == 100);
	copy_bytes_release(&c);
	drop(&src);
	drop(&dst);
}

int main(void)
{
	test(moves_within_a_file);
	test(copies_over_old_content);
	test(keeps_holes_of_new_files);
	test(copies_many_buffers);
	test(a_tick_ends_it);
	test(a_source_that_shrank_is_a_fault);
	return tests_end();
}
