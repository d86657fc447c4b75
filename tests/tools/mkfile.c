/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tool.h"

/*
 * mkfile FILE PART...: write FILE, part after part.
 *
 *	data:LENGTH[:SEED]	random bytes that depend on SEED and offset only
 *	zero:LENGTH		zeros that are written
 *	hole:LENGTH		a hole
 *	frag:N[:BLOCK]		N times a block of data and a hole as long
 *	many:N[:BLOCK]		N blocks that share the place of the first, so
 *				that each is an extent: needs a file system that
 *				clones, takes hardly any room
 *
 * Lengths take K, M, G.  "mkfile -o OFFSET FILE PART..." writes into the file
 * that is there, from OFFSET on.  The data is not synced.
 */

struct out {
	const char *path;
	int fd;
	uint64_t off; /* where the next part begins */
};

static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

static void write_all(struct out *out, const void *buf, size_t n)
{
	const char *p = buf;

	while (n) {
		ssize_t done = pwrite(out->fd, p, n, (off_t)out->off);

		if (done < 0)
			die("%s", out->path);
		p += done;
		n -= (size_t)done;
		out->off += (uint64_t)done;
	}
}

static void put_data(struct out *out, uint64_t len, uint64_t seed)
{
	static uint64_t words[8192];
	uint64_t state = mix(seed) ^ mix(out->off + 1);

	while (len) {
		uint64_t n = len < sizeof(words) ? len : sizeof(words);

		for (size_t i = 0; i < (n + 7) / 8; i++)
			words[i] = mix(state++);
		write_all(out, words, (size_t)n);
		len -= n;
	}
}

static void put_zeros(struct out *out, uint64_t len)
{
	static const char zeros[65536];

	while (len) {
		uint64_t n = len < sizeof(zeros) ? len : sizeof(zeros);

		write_all(out, zeros, (size_t)n);
		len -= n;
	}
}

static void put_fragments(struct out *out, uint64_t n, uint64_t block)
{
	for (uint64_t i = 0; i < n; i++) {
		put_data(out, block, i);
		out->off += block;
	}
}

static void put_many(struct out *out, uint64_t n, uint64_t block)
{
	uint64_t start = out->off;
	uint64_t have = 1;

	put_data(out, block, 1);
	if (fsync(out->fd) < 0)
		die("%s", out->path);
	while (have < n) {
		struct file_clone_range range = {
			.src_fd = out->fd,
			.src_offset = start,
			.dest_offset = start + have * block,
		};
		uint64_t more = n - have < have ? n - have : have;

		range.src_length = more * block;
		if (ioctl(out->fd, FICLONERANGE, &range) < 0)
			die("%s: FICLONERANGE", out->path);
		have += more;
	}
	out->off = start + n * block;
}

static void put_part(struct out *out, const char *part)
{
	const char *first = strchr(part, ':');
	const char *second;
	uint64_t a;
	uint64_t b;

	if (!first)
		die_plain("'%s' is no part", part);
	first++;
	second = strchr(first, ':');
	a = parse_bytes(first, ':');
	b = second ? parse_bytes(second + 1, '\0') : 0;

	if (!strncmp(part, "data:", 5))
		put_data(out, a, b);
	else if (!strncmp(part, "zero:", 5))
		put_zeros(out, a);
	else if (!strncmp(part, "hole:", 5))
		out->off += a;
	else if (!strncmp(part, "frag:", 5))
		put_fragments(out, a, b ? b : 4096);
	else if (!strncmp(part, "many:", 5))
		put_many(out, a, b ? b : 4096);
	else
		die_plain("'%s' is no part", part);
}

int main(int argc, char **argv)
{
	bool inside = argc > 2 && !strcmp(argv[1], "-o");
	struct out out = { 0 };
	int i = 1;

	if (inside) {
		out.off = parse_bytes(argv[2], '\0');
		i = 3;
	}
	if (i >= argc)
		die_plain("usage: mkfile [-o OFFSET] FILE PART...");
	out.path = argv[i++];
	out.fd = open_or_die(out.path,
			     inside ? O_RDWR : O_RDWR | O_CREAT | O_TRUNC);
	for (; i < argc; i++)
		put_part(&out, argv[i]);
	if (!inside && ftruncate(out.fd, (off_t)out.off) < 0)
		die("%s", out.path);
	if (close(out.fd) < 0)
		die("%s", out.path);
	return 0;
}
