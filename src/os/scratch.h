/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"

/* Files under names that nobody asked for, and files without a name. */

#define SCRATCH_PREFIX ".reflinkcp."

/* Write a name that is probably free to BUF: SCRATCH_PREFIX, 8 characters. */
void scratch_name(char buf[static 24]);

/*
 * Create a file under such a NAME in DIR, with permission bits MODE less the
 * umask, and open it for writing.
 *
 * NOCOW is its NOCOW flag (meta.h), negative: as DIR gives it.  A file without
 * the flag is created in a temporary directory without it.  Clearing the flag
 * would not do: since Linux 6.18.50 and 7.2, a file of Btrfs that once had it
 * never gets checksums ("do not overwrite NODATASUM flag when removing
 * NODATACOW flag", June 2026).
 *
 * Returns 0 with *RET, which the caller closes, or -errno.
 */
int scratch_create_at(fd_t dir, uint32_t mode, int nocow, char name[static 24],
		      fd_t *ret);

/*
 * Create an empty file without a name on the file system of DIR, and open it
 * for reading and writing, to try something.  NOCOW as for scratch_create_at().
 *
 * Returns 0 with *RET, which the caller closes, or -errno: -EPERM where files
 * must have names that can't be removed again.
 */
int scratch_create(fd_t dir, int nocow, fd_t *ret);
