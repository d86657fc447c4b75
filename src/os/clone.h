/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"

/*
 * Share storage between files, or let the kernel copy.  Each function makes one
 * system call, without splitting, retry or fallback.  Many errnos mean "not
 * here" rather than "broken"; telling them apart is the caller's work.
 */

/*
 * Give DST the content of SRC by sharing its storage: all of it, as it is at
 * one instant.  If DST is longer, it keeps its length.
 *
 * If SRC has very many extents, this takes minutes, and a signal with a handler
 * can't interrupt it.  Use clone_watched() for such files.
 *
 * Returns 0 or -errno.  After an error DST may have grown.
 *
 * ioctl_ficlone(2).
 */
int clone_whole(fd_t src, fd_t dst);

/*
 * Make the bytes SRC_RANGE of SRC appear at DST_OFF in DST by sharing their
 * storage.
 *
 * Units are bytes.  The offsets must be multiples of the file system's block
 * size, and so must the length, unless the range ends at the end of SRC.  To
 * the kernel, length 0 means "to the end of SRC".
 *
 * Returns 0 or -errno.  After an error DST may have grown.
 *
 * ioctl_ficlonerange(2); Windows: FSCTL_DUPLICATE_EXTENTS_TO_FILE.
 */
int clone_range(fd_t src, struct range src_range, fd_t dst, uint64_t dst_off);

/* What is done about ten times a second during a clone. */
struct clone_watch {
	void (*look)(void *ctx);
	void *ctx;
};

/*
 * The same as clone_range(), or clone_whole() if range and offset are all
 * zeros, but interrupted() stops it, and WATCH is called meanwhile.  On Linux, a
 * child process makes the clone, and is killed.  If none can be created, nothing
 * stops the clone.
 *
 * Returns as those functions do; -EINTR if it was stopped.
 */
int clone_watched(fd_t src, struct range src_range, fd_t dst, uint64_t dst_off,
		  const struct clone_watch *watch);

/*
 * Let the kernel copy SRC_RANGE of SRC, or a first part of it, to DST_OFF of
 * DST.  The kernel does not report whether the bytes share storage.
 *
 * Returns 0 with the number of copied bytes in *RET_N, or -errno.  The number
 * is 0 at the end of SRC, and for files whose content the kernel doesn't know
 * (/proc).
 *
 * copy_file_range(2).
 */
int clone_copy_range(fd_t src, struct range src_range, fd_t dst,
		     uint64_t dst_off, uint64_t *ret_n);
