/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"

/* Names in open directories.  NAME is a single component throughout. */

/* Remove NAME, which is no directory.  Returns 0 or -errno of unlink(2). */
int dir_remove_at(fd_t dir, const char *name);

/*
 * Give FROM the name TO, in place of what had it.
 *
 * Returns 0 or -errno of rename(2).
 */
int dir_rename_at(fd_t dir, const char *from, const char *to);

/*
 * Give FROM the name TO, which must be free.
 *
 * Returns 0, -EEXIST if it isn't, or -errno of renameat2(2); -EINVAL where
 * the file system has no such call (NFS, OCFS2).
 */
int dir_rename_new_at(fd_t dir, const char *from, const char *to);

/* Make the directory NAME.  Returns 0 or -errno of mkdir(2). */
int dir_make_at(fd_t dir, const char *name, uint32_t mode);

/*
 * Call SEE with each entry of the directory NAME relative to DIR ("." for
 * DIR itself).  An entry may be any name, "." and ".." included.
 *
 * Returns 0, or -errno of opening or reading it.
 */
int dir_each(fd_t dir, const char *name, void (*see)(void *, const char *),
	     void *arg);
