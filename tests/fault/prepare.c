/* SPDX-License-Identifier: BSD-2-Clause */
#include "prepare.h"

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tool.h"
#include "trees.h"

#define MIB ((off_t)1 << 20)
#define ACL "system.posix_acl_access"

/* Let DIR, and NAME in it, be changed again. */
static void unprotect(int dir, const char *name)
{
	int flags = 0;
	int fd;

	(void)ioctl(dir, FS_IOC_SETFLAGS, &flags);
	fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)ioctl(fd, FS_IOC_SETFLAGS, &flags);
	close(fd);
}

void prepare_empty(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (!d)
		die("opendir");
	while ((e = readdir(d))) {
		int sub;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (unlinkat(dir, e->d_name, 0) == 0)
			continue;
		if (errno == EPERM) {
			unprotect(dir, e->d_name);
			if (unlinkat(dir, e->d_name, 0) == 0)
				continue;
		}
		if (errno != EISDIR)
			die("%s", e->d_name);
		sub = openat(dir, e->d_name, O_RDONLY | O_CLOEXEC);
		if (sub < 0)
			die("%s", e->d_name);
		prepare_empty(sub);
		close(sub);
		if (unlinkat(dir, e->d_name, AT_REMOVEDIR) < 0)
			die("%s", e->d_name);
	}
	closedir(d);
}

static int create(int dir, const char *name, mode_t mode)
{
	int fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0 || fchmod(fd, mode) < 0)
		die("%s", name);
	return fd;
}

void prepare_bytes(int fd, off_t off, size_t len, uint64_t seed)
{
	static uint64_t buf[8192];

	while (len > 0) {
		size_t n = len < sizeof(buf) ? len : sizeof(buf);

		for (size_t i = 0; i < (n + 7) / 8; i++) {
			seed = seed * 6364136223846793005 + 1;
			buf[i] = (seed ^ seed >> 32) | 0x0101010101010101;
		}
		if (pwrite(fd, buf, n, off) != (ssize_t)n)
			die("pwrite");
		off += (off_t)n;
		len -= n;
	}
}

void prepare_time(int fd, time_t sec)
{
	struct timespec t[] = { { .tv_sec = sec, .tv_nsec = 111000000 },
				{ .tv_sec = sec, .tv_nsec = 222000000 } };

	if (futimens(fd, t) < 0)
		die("futimens");
}

static void make_sparse(int fd)
{
	static const char zeros[32768];

	prepare_bytes(fd, 0, 4096, 3);
	prepare_bytes(fd, 128 << 10, 8192, 4);
	/* Stored, but only zeros: with something before and behind. */
	prepare_bytes(fd, 256 << 10, 5000, 5);
	if (pwrite(fd, zeros, sizeof(zeros), 300 << 10) != sizeof(zeros))
		die("pwrite");
	prepare_bytes(fd, 700 << 10, 100, 6);
	if (ftruncate(fd, MIB) < 0)
		die("ftruncate");
}

static void make_big(int fd)
{
	if (fallocate(fd, 0, 0, 66 * MIB) < 0)
		die("fallocate");
	/*
	 * Behind all that has storage: storage without data counts as data
	 * while it is cached (XFS, ext4), and reading ahead would cache it.
	 */
	prepare_bytes(fd, 70 * MIB, 8192, 7);
	if (ftruncate(fd, 80 * MIB) < 0)
		die("ftruncate");
}

void prepare_xattr(int fd, const char *name, const void *value, size_t len)
{
	if (fsetxattr(fd, name, value, len, 0) < 0 && errno != EOPNOTSUPP)
		die("%s", name);
}

/* An entry as it is stored. */
#define ACL_ENTRY(tag, perm, id)                                     \
	{                                                            \
		htole16(tag), htole16(perm), htole32((uint32_t)(id)) \
	}

void prepare_acl(int fd, const char *name)
{
	struct {
		struct posix_acl_xattr_header header;
		struct posix_acl_xattr_entry entries[5];
	} acl = {
		.header = { htole32(POSIX_ACL_XATTR_VERSION) },
		.entries = {
			ACL_ENTRY(ACL_USER_OBJ, 7, ACL_UNDEFINED_ID),
			ACL_ENTRY(ACL_USER, 6, 1111),
			ACL_ENTRY(ACL_GROUP_OBJ, 5, ACL_UNDEFINED_ID),
			ACL_ENTRY(ACL_MASK, 7, ACL_UNDEFINED_ID),
			ACL_ENTRY(ACL_OTHER, 1, ACL_UNDEFINED_ID),
		},
	};

	prepare_xattr(fd, name, &acl, sizeof(acl));
}

static void make_attrs(int fd)
{
	prepare_bytes(fd, 0, 8192, 1);
	if (fchown(fd, 1234, 5678) < 0)
		die("fchown");
	prepare_xattr(fd, "user.first", "value", 5);
	prepare_xattr(fd, "user.empty", "", 0);
	prepare_acl(fd, ACL);
	if (fchmod(fd, 06751) < 0)
		die("fchmod");
}

/* Returns false where files have no such flag. */
static bool make_nocow(int fd)
{
	int flags;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
		return false;
	flags |= FS_NOCOW_FL;
	if (ioctl(fd, FS_IOC_SETFLAGS, &flags) < 0)
		return false;
	prepare_bytes(fd, 0, 8192, 1);
	return true;
}

static int make_parents(int dir)
{
	int fd = -1;

	if (mkdirat(dir, "a", 0755) == 0 && mkdirat(dir, "a/b", 0751) == 0)
		fd = openat(dir, "a/b", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fchown(fd, 1234, 5678) < 0)
		die("a/b");
	return fd;
}

static bool make_content(int fd, enum source source)
{
	switch (source) {
	case SOURCE_EMPTY:
	case SOURCE_LINK:
	case SOURCE_PROC:
		return true;
	case SOURCE_SPARSE:
		make_sparse(fd);
		return true;
	case SOURCE_ATTRS:
		make_attrs(fd);
		return true;
	case SOURCE_BIG:
		make_big(fd);
		return true;
	case SOURCE_NOCOW:
		return make_nocow(fd);
	case SOURCE_ODD:
		prepare_bytes(fd, 0, 9192, 2);
		return true;
	case SOURCE_LONG:
		prepare_bytes(fd, 0, 40000, 8);
		return true;
	case SOURCE_PLAIN:
	case SOURCE_TWO:
	case SOURCE_TREE:
	case SOURCE_TREES:
		break;
	}
	prepare_bytes(fd, 0, 8192, 1);
	return true;
}

static void make_list(int dir, const char *text)
{
	int fd = create(dir, "list", 0644);
	size_t len = strlen(text);

	if (write(fd, text, len) != (ssize_t)len)
		die("list");
	close(fd);
}

bool prepare_source(int dir, const struct scenario *scenario)
{
	int parent = -1;
	bool can;
	int fd;

	if (scenario->result == RESULT_TREES) {
		trees_make(dir, (enum grove)(scenario->source - SOURCE_TREES));
		if (syncfs(dir) < 0)
			die("syncfs");
		return true;
	}
	if (scenario->source == SOURCE_PROC)
		return true;
	if (scenario->source == SOURCE_LINK) {
		if (symlinkat("some/target", dir, "src") < 0)
			die("src");
		return true;
	}
	if (scenario->source == SOURCE_TREE)
		parent = make_parents(dir);
	fd = parent >= 0 ? create(parent, "f", 0644) : create(dir, "src", 0644);
	if (scenario->source == SOURCE_TWO &&
	    linkat(dir, "src", dir, "src2", 0) < 0)
		die("src2");

	if (strstr(scenario->args, "--ranges-from=list"))
		make_list(dir, scenario->answer);

	can = make_content(fd, scenario->source);
	prepare_time(fd, TIME_SOURCE);
	if (parent >= 0)
		prepare_time(parent, TIME_SOURCE);
	if (fsync(fd) < 0)
		die("fsync");
	close(fd);
	if (parent >= 0)
		close(parent);
	return can;
}

void prepare_old(int dir, const struct scenario *scenario)
{
	bool linked = scenario->flags & OLD_IS_LINKED;
	const off_t data = 32768;
	int fd;

	if (scenario->old == NO_OLD)
		return;
	if (scenario->result == RESULT_TREES) {
		trees_make(dir, (enum grove)scenario->old);
		return;
	}
	fd = create(dir, linked ? "real" : "dst", 0640);
	if (linked && symlinkat("real", dir, "dst") < 0)
		die("dst");
	/* The beginning and the end, where something might be left. */
	prepare_bytes(fd, 0,
		      (size_t)(scenario->old < data ? scenario->old : data), 9);
	if (scenario->old > data)
		prepare_bytes(fd, scenario->old - data, (size_t)data, 10);
	if (!(scenario->flags & OLD_IS_FRESH))
		prepare_time(fd, scenario->flags & OLD_IS_NEWER ? TIME_NEW
								: TIME_OLD);
	close(fd);
}
