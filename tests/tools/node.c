/* SPDX-License-Identifier: BSD-2-Clause */
#include "node.h"

#include <errno.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tool.h"

enum {
	BLOCK = 4096,
	XATTRS_MAX = 256,
	ROOM = 1 << 18 /* for the values of one file */
};

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15;
	return h ^ (h >> 29);
}

uint64_t digest_bytes(uint64_t h, const void *p, size_t n)
{
	const char *bytes = p;
	uint64_t v;

	for (; n >= sizeof(v); bytes += sizeof(v), n -= sizeof(v)) {
		memcpy(&v, bytes, sizeof(v));
		h = mix(h, v);
	}
	v = 0;
	memcpy(&v, bytes, n);
	return mix(h, v);
}

static int is_zero(const char *p, size_t len)
{
	return p[0] == 0 && memcmp(p, p + 1, len - 1) == 0;
}

uint64_t digest_range(uint64_t h, int fd, off_t off, off_t end)
{
	static char buf[16 * BLOCK];
	ssize_t n;

	for (; off < end; off += n) {
		n = pread(fd, buf, sizeof(buf), off);
		if (n < 0)
			die("pread");
		if (n == 0)
			break;
		for (ssize_t i = 0; i < n; i += BLOCK) {
			size_t len = (size_t)(n - i < BLOCK ? n - i : BLOCK);

			if (!is_zero(buf + i, len))
				h = digest_bytes(mix(h, (uint64_t)(off + i)),
						 buf + i, len);
		}
	}
	return h;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct xattr *)a)->name,
		      ((const struct xattr *)b)->name);
}

size_t xattrs_read(const char *path, const struct xattr **ret)
{
	static char names[65536];
	static char values[ROOM];
	static struct xattr v[XATTRS_MAX];
	ssize_t n = llistxattr(path, names, sizeof(names));
	size_t used = 0;
	size_t count = 0;

	*ret = v;
	if (n < 0 && errno == EOPNOTSUPP)
		return 0;
	if (n < 0)
		die("%s: llistxattr", path);
	for (const char *p = names; p < names + n; p += strlen(p) + 1) {
		char *value = values + used;
		ssize_t len = lgetxattr(path, p, value, ROOM - used);

		if (len < 0 || count == XATTRS_MAX)
			die("%s: %s", path, p);
		/* So XFS shows how it stores an ACL. */
		if (strncmp(p, "trusted.SGI_ACL", 15) == 0)
			continue;
		v[count++] = (struct xattr){ p, value, (size_t)len };
		used += (size_t)len;
	}
	qsort(v, count, sizeof(v[0]), by_name);
	return count;
}

unsigned inode_flags(int fd)
{
	unsigned flags;

	return ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0 ? 0 : flags;
}
