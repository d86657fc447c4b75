/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fd.h"
#include "fileinfo.h"

/*
 * Facts about an open file.
 *
 * Returns 0 with *RET filled, or -errno of fstat(2).
 */
int stat_fd(fd_t fd, struct file_info *ret);

/*
 * When the file was last modified, as its server or whoever keeps it says now,
 * not as it was remembered from an earlier answer.
 *
 * Returns 0 with *RET filled, or -errno of statx(2).
 *
 * statx(2), AT_STATX_FORCE_SYNC.
 */
int stat_mtime_now(fd_t fd, struct timestamp *ret);

/*
 * When the file was made: one that gets the number of another that is gone was
 * made later.
 *
 * Returns 0 with *RET filled; or -errno of statx(2), -EOPNOTSUPP where the file
 * system doesn't keep it.
 */
int stat_birth(fd_t fd, struct timestamp *ret);

/*
 * Can names be made in the directory DIR, but not be taken away again; or not
 * even that (chattr +a, +i)?  In doubt not.
 *
 * statx(2), STATX_ATTR_APPEND and STATX_ATTR_IMMUTABLE.
 */
bool stat_keeps_names(fd_t dir);

/* Whose facts, where the name is a symbolic link? */
enum stat_link {
	STAT_FOLLOW,   /* what it leads to */
	STAT_NOFOLLOW, /* the link's */
};

/*
 * Facts about NAME in the directory DIR.
 *
 * Returns 0 with *RET filled, or -errno of fstatat(2).
 */
int stat_at(fd_t dir, const char *name, enum stat_link link,
	    struct file_info *ret);

/*
 * May this process, by its effective user, write NAME in DIR?  A link is
 * followed.  An answer for people: to open it is the only proof.
 */
bool stat_is_writable(fd_t dir, const char *name);
