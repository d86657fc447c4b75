/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

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

/* What a file system says about itself. */
struct fs_state {
	enum fs_kind kind;
	uint64_t type; /* a number for its type, for comparison */
	enum fs_clones clones;
	uint64_t size;	/* bytes; 0 if it has no size */
	uint64_t free;	/* bytes that this user may still fill */
	bool read_only; /* it, or its mount, can't be written */
};

/*
 * The state of the file system of FD, which may have been opened with FD_PATH.
 *
 * Returns 0 with *RET filled, or -errno of fstatfs(2).
 */
int fs_state(fd_t fd, struct fs_state *ret);

/*
 * Was the file system of FD made with reflinks?  Only XFS says so.
 *
 * Returns 1 or 0, or -errno, -EOPNOTSUPP if it isn't XFS.
 *
 * ioctl_xfs_fsgeometry(2).
 */
int fs_has_reflinks(fd_t fd);
