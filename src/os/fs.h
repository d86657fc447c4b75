/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"
#include "fsinfo.h"

/*
 * What the file system of the regular file FD asks of clones of ranges, as
 * far as can be known without trying.  A file system that can't clone at all
 * is described as well: that too is learnt by trying.
 *
 * Returns 0 with *RET filled, or -errno of fstatfs(2) or fstat(2).
 */
int fs_query(fd_t fd, struct fs_info *ret);

/*
 * What sizes are worth on the file system of FD: FS_SIZES_CLAIMED if it isn't
 * known.
 *
 * fstatfs(2).
 */
enum fs_sizes fs_sizes(fd_t fd);

/*
 * Nanoseconds between the times that files can have on the file system of FD: a
 * power of ten, or two seconds.  A file whose times are no multiples of it has
 * exact ones.  0 if that is not known: a server's, or a program's.
 *
 * fstatfs(2).
 */
uint64_t fs_time_step(fd_t fd);
