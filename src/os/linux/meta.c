/* SPDX-License-Identifier: BSD-2-Clause */
#include "meta.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base.h"
#include "byname.h"
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

static int set_owner(fd_t fd, uid_t user, gid_t group)
{
	return fchownat(fd, "", user, group, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

int meta_set_owner(fd_t fd, struct owner owner)
{
	return set_owner(fd, owner.user, owner.group);
}

int meta_set_group(fd_t fd, struct owner owner)
{
	return set_owner(fd, (uid_t)-1, owner.group);
}

/* Not in glibc before 2.39; nearly all architectures have the same number. */
#if !defined(SYS_fchmodat2) && !defined(__alpha__)
#define SYS_fchmodat2 452
#endif

/* fchmod(2) for descriptors opened with O_PATH; Linux 6.6. */
static int change_mode(fd_t fd, uint32_t mode)
{
#ifdef SYS_fchmodat2
	return (int)syscall(SYS_fchmodat2, fd, "", mode, AT_EMPTY_PATH);
#else
	(void)fd;
	(void)mode;
	errno = ENOSYS;
	return -1;
#endif
}

static ssize_t mode_by_name(const char *name, void *arg)
{
	const uint32_t *mode = arg;

	return chmod(name, *mode);
}

int meta_set_mode_of(const struct fd_named *file, uint32_t mode)
{
	int r = fchmod(file->fd, mode) < 0 ? -errno : 0;

	if (r == -EBADF)
		r = chmod(procfd_of(file->fd).path, mode) < 0 ? -errno : 0;
	if (byname_lacks_proc(r))
		r = change_mode(file->fd, mode) < 0 ? -errno : 0;
	/* chmod(2) would follow a link that replaces the name meanwhile. */
	if (r == -ENOSYS && byname_is_safe(file))
		r = (int)byname_do(file, mode_by_name, &mode);
	return r;
}

int meta_set_mode(fd_t fd, uint32_t mode)
{
	return meta_set_mode_of(&(struct fd_named){ .fd = fd }, mode);
}

static struct timespec timespec_of(struct timestamp t)
{
	return (struct timespec){ .tv_sec = t.sec, .tv_nsec = t.nsec };
}

static ssize_t times_by_name(const char *name, void *arg)
{
	return utimensat(AT_FDCWD, name, arg, AT_SYMLINK_NOFOLLOW);
}

static int set_times(const struct fd_named *file, struct timespec t[static 2])
{
	int r = futimens(file->fd, t) < 0 ? -errno : 0;

	/* Linux before 5.8 doesn't accept an empty path here. */
	if (r == -EBADF)
		r = utimensat(file->fd, "", t, AT_EMPTY_PATH) < 0 ? -errno : 0;
	if (r == -EINVAL)
		r = utimensat(AT_FDCWD, procfd_of(file->fd).path, t, 0) < 0
			    ? -errno
			    : 0;
	if (byname_lacks_proc(r))
		r = (int)byname_do(file, times_by_name, t);
	return r;
}

int meta_set_times(const struct fd_named *file, struct timestamp atime,
		   struct timestamp mtime)
{
	struct timespec t[] = { timespec_of(atime), timespec_of(mtime) };

	return set_times(file, t);
}

int meta_set_mtime(fd_t fd, struct timestamp mtime)
{
	struct timespec t[] = { { .tv_nsec = UTIME_OMIT }, timespec_of(mtime) };

	return set_times(&(struct fd_named){ .fd = fd }, t);
}

int meta_set_link_owner(fd_t dir, const char *name, struct owner owner)
{
	return fchownat(dir, name, owner.user, owner.group,
			AT_SYMLINK_NOFOLLOW) < 0
		       ? -errno
		       : 0;
}

int meta_set_link_times(fd_t dir, const char *name, struct timestamp atime,
			struct timestamp mtime)
{
	struct timespec t[] = { timespec_of(atime), timespec_of(mtime) };

	return utimensat(dir, name, t, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

/* A call about an extended attribute. */
struct xattr_call {
	const char *name; /* NULL: list all */
	char *buf;
	size_t size;	   /* of buf, 0: ask for the length; or of value */
	const char *value; /* to set it; NULL: remove it */
};

static ssize_t get_by_name(const char *name, void *arg)
{
	const struct xattr_call *c = arg;

	return c->name ? lgetxattr(name, c->name, c->buf, c->size)
		       : llistxattr(name, c->buf, c->size);
}

static ssize_t change_by_name(const char *name, void *arg)
{
	const struct xattr_call *c = arg;

	return c->value ? lsetxattr(name, c->name, c->value, c->size, 0)
			: lremovexattr(name, c->name);
}

/* Returns as flistxattr(2) and fgetxattr(2), but -errno. */
static ssize_t get(const struct fd_named *file, struct xattr_call *c)
{
	ssize_t n = c->name ? fgetxattr(file->fd, c->name, c->buf, c->size)
			    : flistxattr(file->fd, c->buf, c->size);

	if (n < 0 && errno == EBADF) {
		const struct procfd p = procfd_of(file->fd);

		n = c->name ? getxattr(p.path, c->name, c->buf, c->size)
			    : listxattr(p.path, c->buf, c->size);
	}
	if (n >= 0)
		return n;
	n = -errno;
	return byname_lacks_proc((int)n) ? byname_do(file, get_by_name, c) : n;
}

/* *RET is never NULL: an empty value differs from no value. */
static int get_all(const struct fd_named *file, const char *name, char **ret,
		   size_t *ret_len)
{
	for (;;) {
		_cleanup_(freep) char *buf = NULL;
		struct xattr_call c = { .name = name };
		ssize_t n = get(file, &c);

		if (n < 0)
			return (int)n;
		buf = malloc((size_t)n + 1);
		if (!buf)
			return -ENOMEM;
		c.buf = buf;
		c.size = (size_t)n;
		if (n > 0)
			n = get(file, &c);
		/* The value has grown in between. */
		if (n == -ERANGE)
			continue;
		if (n < 0)
			return (int)n;

		buf[n] = '\0';
		*ret_len = (size_t)n;
		*ret = TAKE_PTR(buf);
		return 0;
	}
}

int meta_list_xattr(const struct fd_named *file, char **ret, size_t *ret_len)
{
	/* Most files have no attributes: one call finds that out. */
	struct xattr_call c = { .name = NULL };
	ssize_t n = get(file, &c);

	if (n < 0)
		return (int)n;
	if (n > 0)
		return get_all(file, NULL, ret, ret_len);

	*ret = NULL;
	*ret_len = 0;
	return 0;
}

int meta_get_xattr(const struct fd_named *file, const char *name, char **ret,
		   size_t *ret_len)
{
	return get_all(file, name, ret, ret_len);
}

static int change(const struct fd_named *file, struct xattr_call *c)
{
	int r = c->value ? fsetxattr(file->fd, c->name, c->value, c->size, 0)
			 : fremovexattr(file->fd, c->name);

	if (r < 0 && errno == EBADF) {
		const struct procfd p = procfd_of(file->fd);

		r = c->value ? setxattr(p.path, c->name, c->value, c->size, 0)
			     : removexattr(p.path, c->name);
	}
	if (r < 0)
		r = -errno;
	return byname_lacks_proc(r) ? (int)byname_do(file, change_by_name, c)
				    : r;
}

int meta_set_xattr(const struct fd_named *file, const char *name,
		   const char *value, size_t len)
{
	struct xattr_call c = { .name = name, .value = value, .size = len };

	return change(file, &c);
}

const char *meta_acl_name(enum meta_acl acl)
{
	return acl == META_ACL_ACCESS ? "system.posix_acl_access"
				      : "system.posix_acl_default";
}

bool meta_has_acl(fd_t fd, enum meta_acl acl)
{
	struct xattr_call c = { .name = meta_acl_name(acl) };
	ssize_t n = get(&(struct fd_named){ .fd = fd }, &c);

	return n != -ENODATA && n != -EOPNOTSUPP;
}

int meta_remove_acl(const struct fd_named *file, enum meta_acl acl)
{
	struct xattr_call c = { .name = meta_acl_name(acl) };
	int r = change(file, &c);

	return r == -ENODATA || r == -EOPNOTSUPP ? 0 : r;
}

#define NOCOW_FLAG  ((uint32_t)FS_NOCOW_FL)
#define LATE_FLAGS  ((uint32_t)(FS_IMMUTABLE_FL | FS_APPEND_FL))
#define PLACE_FLAGS ((uint32_t)(FS_PROJINHERIT_FL | FS_CASEFOLD_FL))
/* On Btrfs, a file can have one of these or NOCOW, but not both. */
#define COMPRESSION ((uint32_t)(FS_COMPR_FL | FS_NOCOMP_FL))
#define OTHER_FLAGS                                                         \
	((uint32_t)(FS_SECRM_FL | FS_UNRM_FL | FS_SYNC_FL | FS_DIRSYNC_FL | \
		    FS_NODUMP_FL | FS_NOATIME_FL | FS_TOPDIR_FL |           \
		    FS_NOTAIL_FL | FS_JOURNAL_DATA_FL | FS_DAX_FL))
#define USER_FLAGS \
	(LATE_FLAGS | PLACE_FLAGS | COMPRESSION | NOCOW_FLAG | OTHER_FLAGS)

uint32_t meta_flags(enum meta_flags kind)
{
	static const uint32_t flags[] = {
		[META_FLAGS_LATE] = LATE_FLAGS,
		[META_FLAGS_EARLY] = NOCOW_FLAG,
		[META_FLAGS_HEIRLOOM] =
			NOCOW_FLAG | COMPRESSION | (uint32_t)FS_CASEFOLD_FL,
		[META_FLAGS_PLACE] = PLACE_FLAGS,
	};

	return flags[kind];
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
 * Clear the flags that exclude one of WANTED, in a call of its own: Btrfs
 * refuses to do both at once.
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
 * Set flags one by one: unknown ones are left out, and a refused one does not
 * keep the others from being set.
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

static int has_flag(fd_t fd, uint32_t flag)
{
	uint32_t flags = 0;
	int r = get_flags(fd, &flags);

	if (r < 0)
		return r;
	return flags & flag ? 1 : 0;
}

int meta_get_nocow(fd_t fd)
{
	return has_flag(fd, NOCOW_FLAG);
}

int meta_get_compressed(fd_t fd)
{
	return has_flag(fd, (uint32_t)FS_COMPR_FL);
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
