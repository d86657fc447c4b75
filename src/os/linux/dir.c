/* SPDX-License-Identifier: BSD-2-Clause */
#include "dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base.h"

int dir_remove_at(fd_t dir, const char *name)
{
	return unlinkat(dir, name, 0) < 0 ? -errno : 0;
}

int dir_rename_at(fd_t dir, const char *from, const char *to)
{
	return renameat(dir, from, dir, to) < 0 ? -errno : 0;
}

int dir_rename_new_at(fd_t dir, const char *from, const char *to)
{
	return renameat2(dir, from, dir, to, RENAME_NOREPLACE) < 0 ? -errno : 0;
}

int dir_make_at(fd_t dir, const char *name, uint32_t mode)
{
	return mkdirat(dir, name, mode) < 0 ? -errno : 0;
}

static void closedirp(DIR **d)
{
	if (*d)
		(void)closedir(*d);
}

int dir_each(fd_t dir, const char *name, void (*see)(void *, const char *),
	     void *arg)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	_cleanup_(closedirp) DIR *d = NULL;
	const struct dirent *e;
	int r;

	r = fd_open_at(dir, name, FD_READ | FD_DIRECTORY, &fd);
	if (r < 0)
		return r;
	d = fdopendir(fd);
	if (!d)
		return -errno;
	(void)TAKE(fd, FD_NONE);

	for (errno = 0; (e = readdir(d)); errno = 0)
		see(arg, e->d_name);
	return -errno;
}
