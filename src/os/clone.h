/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"

/*
 * Sharing storage between files, and copying inside the kernel.  One system
 * call each: no splitting, no retry, no fallback.  Which errno means "not
 * here" is fallback_judge()'s to say.
 */

/*
 * Make DST have the content of SRC by sharing its storage: all of it, as it
 * is at one instant.  A DST that is longer stays longer.
 *
 * Where the content is cut in very many extents this takes minutes, and no
 * signal that has a handler ends it: clone_watched() is for those.
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
 * Bytes.  The offsets, and the length unless the range ends at the end of
 * SRC, must be multiples of the file system's block size.  Length 0 is read
 * by the kernel as "to the end of SRC".
 *
 * Returns 0 or -errno.  After an error DST may have grown.
 *
 * ioctl_ficlonerange(2); Windows: FSCTL_DUPLICATE_EXTENTS_TO_FILE.
 */
int clone_range(fd_t src, struct range src_range, fd_t dst, uint64_t dst_off);

/*
 * clone_range(), or clone_whole() if range and offset are all zeros, but ended
 * early if interrupted(): a child process makes the clone, and is killed.
 *
 * Returns as those do, and -EINTR if it was ended.  A child that can't be had
 * costs the interruption only: then it is they that are called.
 */
int clone_watched(fd_t src, struct range src_range, fd_t dst, uint64_t dst_off);

/*
 * Let the kernel copy bytes of SRC_RANGE of SRC, from its start and not
 * necessarily all, to DST_OFF of DST.  Whether they share storage then is not told.
 *
 * Returns 0 with *RET_N bytes copied, 0 at the end of SRC or where the kernel
 * can't tell what SRC holds (/proc); or -errno.
 *
 * copy_file_range(2).
 */
int clone_copy_range(fd_t src, struct range src_range, fd_t dst,
		     uint64_t dst_off, uint64_t *ret_n);
