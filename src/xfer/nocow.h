/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"

/*
 * The NOCOW flag of Btrfs (chattr +C).  Files with it can share storage only
 * with files that have it too; Btrfs refuses other clones with EINVAL.  Only an
 * empty file can be given the flag.  A file that once had it never gets
 * checksums, even without the flag (scratch.h).  So what can't be undone is
 * first tried on another file.
 */

/*
 * Which flag does DST need in order to match SRC?
 *
 * Returns 1 if only SRC has the flag, 0 if only DST has it; negative if they
 * are alike, or the file system has no flags.
 */
int nocow_wanted(fd_t src, fd_t dst);

/*
 * Clone the first block of SRC to DST, which is empty, to see whether that
 * works.
 *
 * Returns 0 with the block in DST, or -errno.
 */
int nocow_try(fd_t src, fd_t dst);

/*
 * Give DST, an empty file whose inode must stay, SRC's flag, if that makes
 * clones possible.  DIR is a directory on its file system.
 *
 * Returns 0, or -errno with DST unchanged.
 */
int nocow_give(fd_t dir, fd_t src, fd_t dst);
