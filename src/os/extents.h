/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

#include "extent.h"
#include "fd.h"

/* As many extents as are worth reading in one call. */
struct extent_batch {
	struct extent v[128];
	size_t n; /* how many there are */
};

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
 * Read the first extents of FD, which is a regular file, that have a byte in
 * [OFF, END), in the order of their offsets.  Between them are holes.  They begin
 * and end at block boundaries, so the first may begin before OFF, and the last
 * may end after END.  All data of FD that is in memory is stored first.
 *
 * Returns 0 with *RET, empty if there are none; or -errno of ioctl(2),
 * -EOPNOTSUPP if the file system has no such thing.
 *
 * ioctl(2), FS_IOC_FIEMAP; Documentation/filesystems/fiemap.rst.
 */
int extents_read(fd_t fd, uint64_t off, uint64_t end, struct extent_batch *ret);
