/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdint.h>

#include "fd.h"

/* How much a quota lets files hold, in bytes. */
struct space_quota {
	uint64_t used;
	uint64_t limit;
};

/*
 * The quota for new files where FD is, a directory that is open for reading:
 * that of the user who runs this process, or of a Btrfs subvolume.  Quotas of
 * groups and projects are not looked at.
 *
 * Returns 0 with *RET filled, or -errno: -ENOENT if there is no limit, or none
 * that can be read.
 *
 * quotactl_fd(2), Linux 5.14; /sys/fs/btrfs, Linux 5.9.
 */
int space_quota_query(fd_t fd, struct space_quota *ret);
