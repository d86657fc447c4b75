/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "dest.h"

/*
 * The NOCOW flag of Btrfs (chattr +C).  Files with it can share storage only
 * with files that have it too; Btrfs refuses other clones with EINVAL.  Only an
 * empty file can be given the flag.  A file that once had it never gets
 * checksums, even without the flag (dest_other()).  So what can't be undone is
 * first tried on a temporary file.
 */

/*
 * Which flag does DST need in order to match SRC?
 *
 * Returns 1 if only SRC has the flag, 0 if only DST has it; negative if they
 * are alike, or the file system has no flags.
 */
int nocow_wanted(fd_t src, fd_t dst);

/*
 * Make another file in place of T's, which is new and empty, with SRC's flag.
 *
 * Returns 0 with *RET to be passed to dest_adopt() or dropped; or -errno:
 * -EINVAL if SRC and T are alike.
 */
int nocow_other(const struct dest *t, fd_t src, struct dest *ret);

/*
 * The same; if the beginning of SRC can be cloned to the other file, T becomes
 * it.
 *
 * Returns 0, or -errno with T unchanged.
 */
int nocow_match(struct dest *t, fd_t src);

/*
 * Give DST, an empty file whose inode must stay, SRC's flag, if that makes
 * clones possible.  DIR is a directory on its file system.
 *
 * Returns 0, or -errno with DST unchanged.
 */
int nocow_give(fd_t dir, fd_t src, fd_t dst);

/*
 * If T, which is empty, is new and has the flag while SRC has not, replace T by
 * a file without it, if possible.
 *
 * Returns whether T was replaced.
 */
bool nocow_shed(struct dest *t, fd_t src);
