/* SPDX-License-Identifier: BSD-2-Clause */
#include "subvolume.h"

#include <errno.h>
#include <linux/btrfs.h>
#include <linux/btrfs_tree.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base.h"

int subvolume_query(fd_t fd, struct subvolume *ret)
{
	struct btrfs_ioctl_get_subvol_info_args info = { .treeid = 0 };
	static const unsigned char none[BTRFS_UUID_SIZE];
	struct statfs fs;
	struct stat st;

	if (fstatfs(fd, &fs) < 0 || fstat(fd, &st) < 0)
		return -errno;
	if ((uint32_t)fs.f_type != BTRFS_SUPER_MAGIC)
		return -EOPNOTSUPP;
	if (ioctl(fd, BTRFS_IOC_GET_SUBVOL_INFO, &info) < 0)
		return -errno;
	*ret = (struct subvolume){
		.id = info.treeid,
		.is_root = st.st_ino == BTRFS_FIRST_FREE_OBJECTID,
		.read_only = info.flags & BTRFS_ROOT_SUBVOL_RDONLY,
		.is_snapshot = memcmp(info.parent_uuid, none, sizeof(none)),
	};
	return 0;
}
