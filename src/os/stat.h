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
 * Is DIR a directory from which names can't be removed (chattr +a, +i)?
 * Returns false if in doubt.
 *
 * statx(2), STATX_ATTR_APPEND and STATX_ATTR_IMMUTABLE.
 */
bool stat_keeps_names(fd_t dir);

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

/*
 * May this process write NAME in DIR, by its effective user?  A link is
 * followed.  Use this for messages only: opening the file is the only proof.
 *
 * access(2), AT_EACCESS.
 */
bool stat_is_writable(fd_t dir, const char *name);
