/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fd.h"
#include "fileinfo.h"

/*
 * Facts about an open file, or with FD_CWD about the working directory.
 *
 * Returns 0 with *RET filled, or -errno of fstat(2).
 */
int stat_fd(fd_t fd, struct file_info *ret);

/*
 * When the file was last modified.  The answer comes from the server or FUSE
 * program, not from a cache.
 *
 * Returns 0 with *RET filled, or -errno of statx(2).
 *
 * statx(2), AT_STATX_FORCE_SYNC.
 */
int stat_mtime_now(fd_t fd, struct timestamp *ret);

/*
 * When the file was created.  This distinguishes a file from a deleted one
 * whose inode number it got.
 *
 * Returns 0 with *RET filled; or -errno of statx(2), -EOPNOTSUPP if the file
 * system doesn't store it.
 */
int stat_birth(fd_t fd, struct timestamp *ret);

/*
 * Is FD a directory from which names can't be removed, or a file that can get
 * none (chattr +a, +i)?  Returns false if in doubt.
 *
 * statx(2), STATX_ATTR_APPEND and STATX_ATTR_IMMUTABLE.
 */
bool stat_keeps_names(fd_t fd);

/* What to describe if the name is a symbolic link. */
enum stat_link {
	STAT_FOLLOW,   /* what it leads to */
	STAT_NOFOLLOW, /* the link */
};

/*
 * Facts about NAME in the directory DIR.
 *
 * Returns 0 with *RET filled, or -errno of fstatat(2).
 */
int stat_at(fd_t dir, const char *name, enum stat_link link,
	    struct file_info *ret);

/* What a process may do; a set. */
enum stat_access {
	STAT_READ = 1 << 0,
	STAT_WRITE = 1 << 1, /* write a file; make names in a directory */
	STAT_ENTER = 1 << 2, /* use what is in a directory */
};

/*
 * May this process do WHAT with NAME in DIR, by its effective user?  A link is
 * followed.  Doing it is the only proof.
 *
 * Returns 0, or -errno of access(2): -EACCES, -EPERM for an immutable file,
 * -EROFS.
 *
 * access(2), AT_EACCESS.
 */
int stat_access(fd_t dir, const char *name, unsigned what);
