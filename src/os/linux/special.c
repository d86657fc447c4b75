/* SPDX-License-Identifier: BSD-2-Clause */
#include "special.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base.h"
#include "filetype.h"
#include "procfd.h"

int special_node_at(fd_t dir, const char *name, const struct file_info *like,
		    uint32_t mode)
{
	mode_t type = filetype_bits(like->type);

	if (!file_type_is_node(like->type))
		return -EINVAL;
	return mknodat(dir, name, type | mode, like->rdev) < 0 ? -errno : 0;
}

int special_symlink_at(const char *target, fd_t dir, const char *name)
{
	return symlinkat(target, dir, name) < 0 ? -errno : 0;
}

int special_read_link(fd_t fd, char **ret)
{
	_cleanup_(freep) char *buf = NULL;
	size_t size = 256;
	ssize_t n;

	/* st_size of a link is unreliable (0 in /proc): grow the buffer. */
	do {
		free(TAKE_PTR(buf));
		size *= 2;
		buf = malloc(size);
		if (!buf)
			return -ENOMEM;
		n = readlinkat(fd, "", buf, size);
		if (n < 0)
			return -errno;
	} while ((size_t)n == size);

	buf[n] = '\0';
	*ret = TAKE_PTR(buf);
	return 0;
}

int special_hard_link_at(fd_t src_dir, const char *src_name,
			 enum stat_link link, fd_t dir, const char *name)
{
	int flags = link == STAT_FOLLOW ? AT_SYMLINK_FOLLOW : 0;

	return linkat(src_dir, src_name, dir, name, flags) < 0 ? -errno : 0;
}

bool special_links_fds(void)
{
	return geteuid() == 0 ||
	       faccessat(AT_FDCWD, "/proc/self/fd", F_OK, 0) == 0;
}

int special_hard_link_fd(fd_t fd, fd_t dir, const char *name)
{
	int r = linkat(AT_FDCWD, procfd_of(fd).path, dir, name,
		       AT_SYMLINK_FOLLOW);

	/* Without /proc this takes root, or Linux 6.10. */
	if (r < 0 && errno == ENOENT)
		r = linkat(fd, "", dir, name, AT_EMPTY_PATH);
	return r < 0 ? -errno : 0;
}
