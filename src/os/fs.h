/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"
#include "fsinfo.h"

/*
 * The rules of FD's file system for clones of ranges, as far as they are known
 * without trying.  FD is a regular file.  A file system that can't clone gets
 * rules as well; only a refused clone shows that.
 *
 * Returns 0 with *RET filled, or -errno of fstatfs(2) or fstat(2).
 */
int fs_query(fd_t fd, struct fs_info *ret);

/*
 * How reliable sizes are on the file system of FD; FS_SIZES_CLAIMED if that is
 * unknown.
 *
 * fstatfs(2).
 */
enum fs_sizes fs_sizes(fd_t fd);

/*
 * The step, in nanoseconds, in which the file system of FD stores times: a
 * power of ten, or two seconds.  If a file's times are not multiples of it,
 * they are exact.  Returns 0 if the step is unknown, as for network file
 * systems and FUSE.
 *
 * fstatfs(2).
 */
uint64_t fs_time_step(fd_t fd);

/*
 * The extended attribute that holds the ACL of a file where FD is, if it is
 * none of those that the file system lists; NULL if there is no such thing.
 *
 * fstatfs(2).
 */
const char *fs_unlisted_acl(fd_t fd);
