/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

/*
 * bareloop SOURCE COPY
 *
 * Clone a tree of directories and regular files by the fewest calls that give
 * files their data, owner, mode and times: what a copy can be measured by.  It
 * checks nothing that can be left unchecked, and keeps no attribute besides.
 */

static void set_attributes(int fd, const struct stat *st)
{
	const struct timespec t[2] = { st->st_atim, st->st_mtim };

	if (fchown(fd, st->st_uid, st->st_gid) < 0 ||
	    fchmod(fd, st->st_mode & 07777) < 0 || futimens(fd, t) < 0)
		die("attributes");
}

static void clone_file(int src, int dst_dir, const char *name)
{
	int dst = openat(dst_dir, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	struct stat st;

	if (dst < 0 || fstat(src, &st) < 0 || ioctl(dst, FICLONE, src) < 0)
		die("%s", name);
	set_attributes(dst, &st);
	(void)close(dst);
}

static void clone_tree(int src, int dst)
{
	DIR *d = fdopendir(src);
	const struct dirent *e;
	struct stat st;

	if (!d || fstat(src, &st) < 0)
		die("fdopendir");
	while ((e = readdir(d))) {
		int fd;

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		fd = openat(src, e->d_name, O_RDONLY | O_NOFOLLOW);
		if (fd < 0)
			die("%s", e->d_name);
		if (e->d_type == DT_DIR) {
			if (mkdirat(dst, e->d_name, 0700) < 0)
				die("%s", e->d_name);
			clone_tree(fd, openat(dst, e->d_name, O_RDONLY));
			continue;
		}
		clone_file(fd, dst, e->d_name);
		(void)close(fd);
	}
	set_attributes(dst, &st);
	(void)close(dst);
	(void)closedir(d);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		die_plain("usage: bareloop SOURCE COPY");
	if (mkdir(argv[2], 0700) < 0)
		die("%s", argv[2]);
	clone_tree(open_or_die(argv[1], O_RDONLY | O_DIRECTORY),
		   open_or_die(argv[2], O_RDONLY | O_DIRECTORY));
	return 0;
}
