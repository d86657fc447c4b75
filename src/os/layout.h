/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"

/* What was found in a file. */
enum {
	LAYOUT_END,	/* no more data: a hole, or the end */
	LAYOUT_DATA,	/* data */
	LAYOUT_UNKNOWN, /* anything: the file system doesn't tell */
};

/*
 * Find the first data in FD at or after OFF.
 *
 * Returns LAYOUT_DATA with *RET, LAYOUT_UNKNOWN, or LAYOUT_END if there is
 * none.
 *
 * lseek(2), SEEK_DATA.
 */
int layout_find_data(fd_t fd, uint64_t off, uint64_t *ret);

/*
 * Find the next run of data in FD at or after OFF, and before END.
 *
 * If the file system has no answer, or one that can't be used (EIO from Samba
 * 4.17), there may be data anywhere.
 *
 * Returns LAYOUT_DATA with *RET filled (len > 0, inside [OFF, END)),
 * LAYOUT_UNKNOWN with *RET all of [OFF, END), or LAYOUT_END if nothing but a
 * hole is left.
 *
 * lseek(2), SEEK_DATA and SEEK_HOLE.
 */
int layout_next_data(fd_t fd, uint64_t off, uint64_t end, struct range *ret);
