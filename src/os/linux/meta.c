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
	return fchown(fd, uid, gid) < 0 ? -errno : 0;
}

int meta_set_mode(fd_t fd, uint32_t mode)
{
	return fchmod(fd, mode) < 0 ? -errno : 0;
}

static struct timespec timespec_of(struct timestamp t)
{
	return (struct timespec){ .tv_sec = t.sec, .tv_nsec = t.nsec };
}

int meta_set_times(fd_t fd, struct timestamp atime, struct timestamp mtime)
{
	struct timespec t[] = { timespec_of(atime), timespec_of(mtime) };

	return futimens(fd, t) < 0 ? -errno : 0;
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
	return name ? fgetxattr(fd, name, buf, size)
		    : flistxattr(fd, buf, size);
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

		*ret_len = (size_t)n;
		*ret = TAKE_PTR(buf);
		return 0;
	}
}

int meta_list_xattr(fd_t fd, char **ret, size_t *ret_len)
{
	/* Most files have none: one call says so. */
	ssize_t n = flistxattr(fd, NULL, 0);

	if (n < 0)
		return -errno;
	if (n > 0)
		return get_all(fd, NULL, ret, ret_len);

	*ret = NULL;
	*ret_len = 0;
	return 0;
}

int meta_copy_xattr(fd_t src, fd_t dst, const char *name)
{
	_cleanup_(freep) char *value = NULL;
	size_t len = 0;
	int r;

	r = get_all(src, name, &value, &len);
	if (r < 0)
		return r;
	return fsetxattr(dst, name, value, len, 0) < 0 ? -errno : 0;
}

int meta_remove_acl(fd_t fd, const char *name)
{
	if (fremovexattr(fd, name) == 0 || errno == ENODATA ||
	    errno == EOPNOTSUPP)
		return 0;
	return -errno;
}

bool meta_has_selinux(void)
{
	/* Where libselinux looks first; there only if the kernel has it on. */
	return faccessat(AT_FDCWD, "/sys/fs/selinux/enforce", F_OK, 0) == 0;
}

int meta_get_nocow(fd_t fd)
{
	int flags;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
		return -errno;
	return flags & FS_NOCOW_FL ? 1 : 0;
}

int meta_set_nocow(fd_t fd, int on)
{
	int flags;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
		return -errno;
	flags = on ? flags | FS_NOCOW_FL : flags & ~FS_NOCOW_FL;
	return ioctl(fd, FS_IOC_SETFLAGS, &flags) < 0 ? -errno : 0;
}
