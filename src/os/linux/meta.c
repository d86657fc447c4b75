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

static int set_times(fd_t fd, const struct timespec t[static 2])
{
	int r = futimens(fd, t);

	if (r < 0 && errno == EBADF)
		r = utimensat(AT_FDCWD, procfd_of(fd).path, t, 0);
	return r < 0 ? -errno : 0;
}

int meta_set_times(fd_t fd, struct timestamp atime, struct timestamp mtime)
{
	const struct timespec t[] = { timespec_of(atime), timespec_of(mtime) };

	return set_times(fd, t);
}

int meta_set_mtime(fd_t fd, struct timestamp mtime)
{
	const struct timespec t[] = { { .tv_nsec = UTIME_OMIT },
				      timespec_of(mtime) };

	return set_times(fd, t);
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

#define NOCOW_FLAG  ((uint32_t)FS_NOCOW_FL)
#define LATE_FLAGS  ((uint32_t)(FS_IMMUTABLE_FL | FS_APPEND_FL))
#define PLACE_FLAGS ((uint32_t)(FS_PROJINHERIT_FL | FS_CASEFOLD_FL))
/* Btrfs: who has one of these can't be given NOCOW, and the other way round. */
#define COMPRESSION ((uint32_t)(FS_COMPR_FL | FS_NOCOMP_FL))
#define OTHER_FLAGS                                                         \
	((uint32_t)(FS_SECRM_FL | FS_UNRM_FL | FS_SYNC_FL | FS_DIRSYNC_FL | \
		    FS_NODUMP_FL | FS_NOATIME_FL | FS_TOPDIR_FL |           \
		    FS_NOTAIL_FL | FS_JOURNAL_DATA_FL | FS_DAX_FL))
#define USER_FLAGS \
	(LATE_FLAGS | PLACE_FLAGS | COMPRESSION | NOCOW_FLAG | OTHER_FLAGS)

uint32_t meta_late_flags(uint32_t flags)
{
	return flags & LATE_FLAGS;
}

uint32_t meta_early_flags(uint32_t flags)
{
	return flags & (NOCOW_FLAG | (uint32_t)FS_CASEFOLD_FL);
}

uint32_t meta_place_flags(uint32_t flags)
{
	return flags & PLACE_FLAGS;
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

/*
 * What Btrfs takes one after the other only: what shuts out one that is WANTED
 * goes in a call of its own.
 */
static int make_way(fd_t fd, uint32_t wanted, uint32_t *now)
{
	uint32_t goes = 0;
	int r;

	if (wanted & NOCOW_FLAG)
		goes = *now & COMPRESSION;
	else if (wanted & COMPRESSION)
		goes = *now & NOCOW_FLAG;
	if (!goes)
		return 0;
	r = set_flags(fd, *now & ~goes);
	if (r == 0)
		*now &= ~goes;
	return r;
}

/*
 * One by one: what is unknown is left out, and what is refused keeps nothing
 * else from being set.
 */
static int set_singly(fd_t fd, uint32_t now, uint32_t wanted)
{
	int worst = set_flags(fd, now & (~USER_FLAGS | wanted));

	if (worst == 0)
		now &= ~USER_FLAGS | wanted;
	else if (is_unknown(worst))
		worst = 0;
	for (uint32_t bit = 1; bit != 0; bit <<= 1) {
		int r = wanted & bit & ~now ? set_flags(fd, now | bit) : 1;

		if (r == 0)
			now |= bit;
		else if (r < 0 && !is_unknown(r))
			worst = r;
	}
	return worst;
}

int meta_set_flags(fd_t fd, uint32_t flags, uint32_t kept)
{
	uint32_t now = 0;
	int r = get_flags(fd, &now);

	flags |= now & kept & USER_FLAGS;
	if (r < 0 || (now & USER_FLAGS) == flags)
		return is_unknown(r) ? 0 : r;
	r = make_way(fd, flags, &now);
	if (r == 0)
		r = set_flags(fd, (now & ~USER_FLAGS) | flags);
	return is_unknown(r) || r == -EPERM ? set_singly(fd, now, flags) : r;
}

int meta_add_flags(fd_t fd, uint32_t flags)
{
	uint32_t now = 0;
	int r = get_flags(fd, &now);

	if (r == 0 && (now & flags) == flags)
		return 0;
	if (r == 0)
		r = make_way(fd, flags, &now);
	return r < 0 ? r : set_flags(fd, now | flags);
}

int meta_get_nocow(fd_t fd)
{
	uint32_t flags = 0;
	int r = get_flags(fd, &flags);

	if (r < 0)
		return r;
	return flags & NOCOW_FLAG ? 1 : 0;
}

int meta_set_nocow(fd_t fd, int on)
{
	uint32_t flags = 0;
	int r;

	if (on)
		return meta_add_flags(fd, NOCOW_FLAG);
	r = get_flags(fd, &flags);
	return r < 0 ? r : set_flags(fd, flags & ~NOCOW_FLAG);
}
