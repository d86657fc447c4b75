/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

#include "extent.h"
#include "fd.h"

/* How many extents are worth reading in one call. */
#define EXTENTS_BATCH 256

/*
 * The space to which the places of FD's extents belong.
 *
 * Returns 0 with *RET, -EOPNOTSUPP if extents_read() has no answer here that
 * can be trusted, or -errno.  It can be trusted on Btrfs, XFS, ext4 and OCFS2.
 * SMB answers with offsets in the file, bcachefs with places on devices that it
 * does not name, and overlayfs for a file system that it does not name.
 */
int extents_space(fd_t fd, struct extent_space *ret);

/*
 * Read the extents of FD, which is a regular file, in the order of their
 * offsets: those with a byte in [OFF, END).  All data of FD that is in memory is stored first.
 * Between them are holes.  They begin and end at block boundaries, so the first
 * may begin before OFF, and the last may end after END.
 *
 * Returns 0 with up to N (at most EXTENTS_BATCH) of them in V and their number in
 * *RET_N, 0 if there are no more; or -errno of ioctl(2), -EOPNOTSUPP if the file
 * system has no such thing.
 *
 * ioctl(2), FS_IOC_FIEMAP; Documentation/filesystems/fiemap.rst.
 */
int extents_read(fd_t fd, uint64_t off, uint64_t end, struct extent *v,
		 size_t n, size_t *ret_n);
