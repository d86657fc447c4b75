/* SPDX-License-Identifier: BSD-2-Clause */
#include "meta.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base.h"
#include "procfd.h"

bool meta_is_privileged(void)
{
	return geteuid() == 0;
}

uint32_t meta_umask(void)
{
	mode_t mask = umask(077);

	(void)umask(mask);
	return mask;
}

int meta_set_owner(fd_t fd, uint32_t uid, uint32_t gid)
{
	return fchownat(fd, "", uid, gid, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

int meta_set_mode(fd_t fd, uint32_t mode)
{
	int r = fchmod(fd, mode);

	if (r < 0 && errno == EBADF)
		r = chmod(procfd_of(fd).path, mode);
	return r < 0 ? -errno : 0;
}

static struct timespec timespec_of(struct timestamp t)
{
	return (struct timespec){ .tv_sec = t.sec, .tv_nsec = t.nsec };
}

int meta_set_times(fd_t fd, struct timestamp atime, struct timestamp mtime)
{
	struct timespec t[] = { timespec_of(atime), timespec_of(mtime) };

	int r = futimens(fd, t);

	if (r < 0 && errno == EBADF)
		r = utimensat(AT_FDCWD, procfd_of(fd).path, t, 0);
	return r < 0 ? -errno : 0;
}

int meta_set_link_owner(fd_t dir, const char *name, uint32_t uid, uint32_t gid)
{
	return fchownat(dir, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 ? -errno
								      : 0;
}

int meta_set_link_times(fd_t dir, const char *name, struct timestamp atime,
			struct timestamp mtime)
{
	struct timespec t[] = { timespec_of(atime), timespec_of(mtime) };

	return utimensat(dir, name, t, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

/*
 * flistxattr and fgetxattr have one shape: a size of 0 asks for the length,
 * and what grows between the two calls is -ERANGE: ask again.
 */
static ssize_t get(fd_t fd, const char *name, char *buf, size_t size)
{
	ssize_t n = name ? fgetxattr(fd, name, buf, size)
			 : flistxattr(fd, buf, size);

	if (n < 0 && errno == EBADF)
		n = name ? getxattr(procfd_of(fd).path, name, buf, size)
			 : listxattr(procfd_of(fd).path, buf, size);
	return n;
}

/* *RET is never NULL, so that an empty value is told from none. */
static int get_all(fd_t fd, const char *name, char **ret, size_t *ret_len)
{
	for (;;) {
		_cleanup_(freep) char *buf = NULL;
		ssize_t n = get(fd, name, NULL, 0);

		if (n < 0)
			return -errno;
		buf = malloc((size_t)n + 1);
		if (!buf)
			return -ENOMEM;
		if (n > 0)
			n = get(fd, name, buf, (size_t)n);
		if (n < 0 && errno == ERANGE)
			continue;
		if (n < 0)
			return -errno;

		buf[n] = '\0';
		*ret_len = (size_t)n;
		*ret = TAKE_PTR(buf);
		return 0;
	}
}

int meta_list_xattr(fd_t fd, char **ret, size_t *ret_len)
{
	/* Most files have none: one call says so. */
	ssize_t n = get(fd, NULL, NULL, 0);

	if (n < 0)
		return -errno;
	if (n > 0)
		return get_all(fd, NULL, ret, ret_len);

	*ret = NULL;
	*ret_len = 0;
	return 0;
}

int meta_get_xattr(fd_t fd, const char *name, char **ret, size_t *ret_len)
{
	return get_all(fd, name, ret, ret_len);
}

int meta_set_xattr(fd_t fd, const char *name, const char *value, size_t len)
{
	int r = fsetxattr(fd, name, value, len, 0);

	if (r < 0 && errno == EBADF)
		r = setxattr(procfd_of(fd).path, name, value, len, 0);
	return r < 0 ? -errno : 0;
}

bool meta_has_acl(fd_t fd, const char *name)
{
	return get(fd, name, NULL, 0) >= 0 ||
	       (errno != ENODATA && errno != EOPNOTSUPP);
}

int meta_remove_acl(fd_t fd, const char *name)
{
	int r = fremovexattr(fd, name);

	if (r < 0 && errno == EBADF)
		r = removexattr(procfd_of(fd).path, name);
	if (r == 0 || errno == ENODATA || errno == EOPNOTSUPP)
		return 0;
	return -errno;
}

#define LATE_FLAGS  ((uint32_t)(FS_IMMUTABLE_FL | FS_APPEND_FL))
#define EARLY_FLAGS ((uint32_t)FS_NOCOW_FL)
#define OTHER_FLAGS                                              \
	((uint32_t)(FS_SYNC_FL | FS_DIRSYNC_FL | FS_NODUMP_FL |  \
		    FS_NOATIME_FL | FS_COMPR_FL | FS_NOCOMP_FL | \
		    FS_TOPDIR_FL | FS_NOTAIL_FL | FS_JOURNAL_DATA_FL))
#define USER_FLAGS (LATE_FLAGS | EARLY_FLAGS | OTHER_FLAGS)

uint32_t meta_late_flags(uint32_t flags)
{
	return flags & LATE_FLAGS;
}

uint32_t meta_early_flags(uint32_t flags)
{
	return flags & EARLY_FLAGS;
}

static int get_flags(fd_t fd, uint32_t *ret)
{
	int flags = 0;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
		return -errno;
	*ret = (uint32_t)flags;
	return 0;
}

static int set_flags(fd_t fd, uint32_t flags)
{
	int arg = (int)flags;

	return ioctl(fd, FS_IOC_SETFLAGS, &arg) < 0 ? -errno : 0;
}

int meta_get_flags(fd_t fd, uint32_t *ret)
{
	uint32_t flags = 0;
	int r = get_flags(fd, &flags);

	if (r == 0)
		*ret = flags & USER_FLAGS;
	return r;
}

static bool is_unknown(int r)
{
	return r == -EOPNOTSUPP || r == -ENOTTY || r == -EINVAL;
}

int meta_set_flags(fd_t fd, uint32_t flags)
{
	uint32_t now = 0;
	int r = get_flags(fd, &now);

	if (r < 0 || (now & USER_FLAGS) == flags)
		return is_unknown(r) ? 0 : r;
	r = set_flags(fd, (now & ~USER_FLAGS) | flags);
	if (!is_unknown(r))
		return r;

	/* One by one, what it doesn't know left out. */
	now &= ~USER_FLAGS;
	for (uint32_t bit = 1; bit != 0; bit <<= 1) {
		if (!(flags & bit))
			continue;
		r = set_flags(fd, now | bit);
		if (r == 0)
			now |= bit;
		else if (!is_unknown(r))
			return r;
	}
	return 0;
}

int meta_get_nocow(fd_t fd)
{
	uint32_t flags = 0;
	int r = get_flags(fd, &flags);

	if (r < 0)
		return r;
	return flags & EARLY_FLAGS ? 1 : 0;
}

int meta_set_nocow(fd_t fd, int on)
{
	uint32_t flags = 0;
	int r = get_flags(fd, &flags);

	if (r < 0)
		return r;
	return set_flags(fd, on ? flags | EARLY_FLAGS : flags & ~EARLY_FLAGS);
}
