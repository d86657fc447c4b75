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
