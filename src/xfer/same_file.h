/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fd.h"
#include "fileinfo.h"

/*
 * Are SRC and DST the same file under two inode numbers?  An overlay and its
 * upper layer show files this way, and so do FUSE file systems and the files
 * behind them.  DST is open for writing; each INFO describes its file.
 *
 * A snapshot looks the same, but does not change with the other file.  To
 * distinguish the two, change DST's mtime by more than the coarsest step in
 * which either may report it, and set it back.  If the mtime can't be changed,
 * they are taken for the same file.
 */
bool same_file_disguised(fd_t src, const struct file_info *src_info, fd_t dst,
			 const struct file_info *dst_info);
