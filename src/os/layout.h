/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"

/*
 * The next stretch of data in FD at or after OFF, and before END.
 *
 * A file system that knows of no holes, or whose answer can't be used (Samba
 * 4.17 says EIO), has data all the way.
 *
 * Returns 1 with *RET filled (len > 0, inside [OFF, END)), or 0 if nothing
 * but a hole is left.
 *
 * lseek(2), SEEK_DATA and SEEK_HOLE.
 */
int layout_next_data(fd_t fd, uint64_t off, uint64_t end, struct range *ret);
