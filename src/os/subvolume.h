/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "fd.h"

/* A subvolume of Btrfs. */
struct subvolume {
	uint64_t id;
	bool is_root; /* what was asked about is its uppermost directory */
	bool read_only;
	bool is_snapshot; /* of another one */
};

/*
 * The subvolume that FD, which is open for reading, is in.
 *
 * Returns 0 with *RET filled, or -errno: -EOPNOTSUPP if it isn't Btrfs, -ENOTTY
 * before Linux 4.18.
 */
int subvolume_query(fd_t fd, struct subvolume *ret);
