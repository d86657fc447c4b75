/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "temp.h"

/*
 * Files without copy on write (chattr +C) share with their like only: Btrfs
 * refuses all other clones as invalid, and only an empty file can be given the
 * flag.  What can't be taken back is tried on a file of one's own first: once
 * a file had the flag it is without checksums for good (temp_without_nocow()).
 */

/*
 * Returns what DST is not: 1 if SRC alone has the flag, 0 if DST alone has it;
 * negative if they are alike, or have no such flags.
 */
int nocow_wanted(fd_t src, fd_t dst);

/*
 * Make another file in place of T's, which is new and empty, that is like SRC.
 *
 * Returns 0 with *RET to be given to temp_adopt() or dropped; or -errno:
 * -EINVAL if they are alike.
 */
int nocow_other(const struct temp *t, fd_t src, struct temp *ret);

/*
 * The same, and T becomes that file if the beginning of SRC can be cloned to it.
 *
 * Returns 0, or -errno with T as it was.
 */
int nocow_match(struct temp *t, fd_t src);

/*
 * Make DST, an empty file that is to stay the file that it is, like SRC if that
 * makes clones possible; DIR is a directory of its file system.
 *
 * Returns 0, or -errno with DST as it was.
 */
int nocow_give(fd_t dir, fd_t src, fd_t dst);

/*
 * T is empty: if it is new and it alone has the flag, make it without.  What
 * can't be done is left as it is.
 *
 * Returns whether it is another file now.
 */
bool nocow_shed(struct temp *t, fd_t src);
