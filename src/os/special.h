/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"
#include "stat.h"

/* Files that are made by name, not opened: links, FIFOs, sockets, devices. */

/*
 * Make the node NAME in DIR: of the type of LIKE, for a device with its number,
 * and with permission bits MODE less the umask.
 *
 * Returns 0 or -errno of mknod(2): -EPERM for devices, except for root; -EINVAL
 * for other types.
 */
int special_node_at(fd_t dir, const char *name, const struct file_info *like,
		    uint32_t mode);

/*
 * Make NAME in DIR a symbolic link to TARGET.
 *
 * Returns 0 or -errno of symlink(2).
 */
int special_symlink_at(const char *target, fd_t dir, const char *name);

/*
 * What the symbolic link FD (opened with FD_PATH | FD_NOFOLLOW) leads to.
 *
 * Returns 0 with *RET a new string that the caller frees; or -errno of
 * readlink(2), -ENOMEM.
 */
int special_read_link(fd_t fd, char **ret);

/*
 * Make NAME in DIR a hard link to the file FD, which may have been opened with
 * FD_PATH.
 *
 * Returns 0 or -errno of link(2); -ENOENT if there is no /proc and this process
 * lacks the privilege to work without it.
 *
 * proc_pid_fd(5).
 */
int special_hard_link_fd(fd_t fd, fd_t dir, const char *name);

/* Can special_hard_link_fd() work, as far as that is known in advance? */
bool special_links_fds(void);

/*
 * Make NAME in DIR a hard link to SRC_NAME in SRC_DIR.  LINK tells whether
 * SRC_NAME is followed if it is a symbolic link.
 *
 * Returns 0 or -errno of link(2).
 */
int special_hard_link_at(fd_t src_dir, const char *src_name,
			 enum stat_link link, fd_t dir, const char *name);
