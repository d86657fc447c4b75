/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xattr(7) has no calls that take a directory and a name.  (Linux 6.13 has
 * some, but they don't accept O_PATH descriptors either.)  So the thread
 * changes to the directory.  Other threads must not be affected, so it first
 * gets a working directory of its own.
 */
#include "byname.h"

#include <errno.h>
#include <sched.h>
#include <unistd.h>

#include "base.h"
#include "stat.h"

bool byname_lacks_proc(int r)
{
	return r == -ENOENT || r == -ENOTDIR;
}

static bool is_ours(const struct file_info *info)
{
	return info->owner.user == 0 || info->owner.user == geteuid();
}

bool byname_is_safe(const struct fd_named *file)
{
	const uint32_t others = 022;
	const uint32_t sticky = 01000;
	struct file_info info = { .type = FILE_OTHER };
	struct file_info dir = { .type = FILE_OTHER };
	int r = stat_fd(file->fd, &info);

	if (r == 0 && info.type == FILE_DIRECTORY)
		return true;
	if (r == 0)
		r = stat_fd(file->dir, &dir);
	if (r < 0 || !is_ours(&dir))
		return false;
	/* In a sticky directory, the owner of the file can replace it. */
	return !(dir.mode & others) || (dir.mode & sticky && is_ours(&info));
}

/* Give this thread its own working directory. */
static int part_company(void)
{
	static _Thread_local bool is_alone;

	if (!is_alone && unshare(CLONE_FS) < 0)
		return -errno;
	is_alone = true;
	return 0;
}

/* Is NAME in the working directory the file INFO? */
static int check(const char *name, const struct file_info *info)
{
	struct file_info now;
	int r = stat_at(FD_CWD, name, STAT_NOFOLLOW, &now);

	if (r < 0)
		return r;
	return file_info_same(&now, info) ? 0 : -ESTALE;
}

static ssize_t do_checked(const char *name, const struct file_info *info,
			  byname_deed deed, void *arg)
{
	int r = check(name, info);
	ssize_t n;

	if (r < 0)
		return r;
	n = deed(name, arg);
	if (n < 0)
		return -errno;
	r = check(name, info);
	return r < 0 ? r : n;
}

ssize_t byname_do(const struct fd_named *file, byname_deed deed, void *arg)
{
	_cleanup_(fd_closep) fd_t here = FD_NONE;
	struct file_info info;
	const char *name = file->name;
	fd_t dir = file->dir;
	ssize_t n;
	int r = stat_fd(file->fd, &info);

	if (r == 0 && info.type == FILE_DIRECTORY) {
		dir = file->fd;
		name = ".";
	}
	if (r == 0 && !name)
		r = -ENOENT;
	if (r < 0)
		return r;
	if (dir == FD_CWD)
		return do_checked(name, &info, deed, arg);

	r = part_company();
	if (r == 0)
		r = fd_open_at(FD_CWD, ".", FD_PATH | FD_DIRECTORY, &here);
	if (r < 0)
		return r;
	/* Try the way back first: it may be forbidden. */
	if (fchdir(here) < 0 || fchdir(dir) < 0)
		return -errno;
	n = do_checked(name, &info, deed, arg);
	if (fchdir(here) < 0)
		return -errno;
	return n;
}
