/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"
#include "stat.h"

/* What is made by its name alone: links, FIFOs, sockets, devices. */

/*
 * Make NAME in DIR a node of the type of LIKE, a device with its number, with
 * permission bits MODE less the umask.
 *
 * Returns 0 or -errno of mknod(2): -EPERM for devices, but for root; -EINVAL
 * for a type that is no such thing.
 */
int special_node_at(fd_t dir, const char *name, const struct file_info *like,
		    uint32_t mode);

/* Make NAME in DIR a symbolic link to TARGET.  Returns 0 or -errno. */
int special_symlink_at(const char *target, fd_t dir, const char *name);

/*
 * What the symbolic link FD (opened with FD_PATH | FD_NOFOLLOW) leads to.
 *
 * Returns 0 with *RET a new string, the caller's; or -errno of readlink(2),
 * -ENOMEM.
 */
int special_read_link(fd_t fd, char **ret);

/*
 * Make NAME in DIR one more name of the file FD, which was opened to look at.
 *
 * Returns 0 or -errno of link(2); -ENOENT where there is no /proc and this
 * process may not do without it.
 *
 * proc_pid_fd(5).
 */
int special_hard_link_fd(fd_t fd, fd_t dir, const char *name);

/*
 * Can special_hard_link_fd() do it, as far as that is known beforehand?  One
 * system call in a run.
 */
bool special_links_fds(void);

/*
 * Make NAME in DIR one more name of the file that SRC_NAME in SRC_DIR stands
 * for; LINK tells whose where that is a symbolic link.
 *
 * Returns 0 or -errno of link(2).
 */
int special_hard_link_at(fd_t src_dir, const char *src_name,
			 enum stat_link link, fd_t dir, const char *name);

/* It could not: special_links_fds() says no from here on. */
void special_links_no_fds(void);
