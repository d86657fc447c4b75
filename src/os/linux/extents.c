/* SPDX-License-Identifier: BSD-2-Clause */
#include "extents.h"

#include <assert.h>
#include <errno.h>
#include <linux/btrfs.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base.h"

/* One file system, whatever st_dev its subvolumes have. */
static int space_of_btrfs(fd_t fd, struct extent_space *ret)
{
	struct btrfs_ioctl_fs_info_args info = { 0 };

	if (ioctl(fd, BTRFS_IOC_FS_INFO, &info) < 0)
		return -errno;
	static_assert(sizeof(info.fsid) == sizeof(ret->id), "a UUID");
	memcpy(ret->id, info.fsid, sizeof(ret->id));
	return 0;
}

static int space_of_device(fd_t fd, struct extent_space *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	*ret = (struct extent_space){ .id = { st.st_dev } };
	return 0;
}

/* Files on the realtime device have places of their own. */
static int space_of_xfs(fd_t fd, struct extent_space *ret)
{
	struct fsxattr attr;
	int r = space_of_device(fd, ret);

	if (r < 0)
		return r;
	if (ioctl(fd, FS_IOC_FSGETXATTR, &attr) < 0)
		return -errno;
	ret->id[1] = attr.fsx_xflags & FS_XFLAG_REALTIME;
	return 0;
}

int extents_space(fd_t fd, struct extent_space *ret)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return -errno;
	switch ((uint32_t)fs.f_type) {
	case BTRFS_SUPER_MAGIC:
		return space_of_btrfs(fd, ret);
	case XFS_SUPER_MAGIC:
		return space_of_xfs(fd, ret);
	case EXT4_SUPER_MAGIC:
	case OCFS2_SUPER_MAGIC:
		return space_of_device(fd, ret);
	default:
		return -EOPNOTSUPP;
	}
}

static unsigned flags_of(uint32_t flags)
{
	static const struct {
		uint32_t kernel;
		unsigned ours;
	} rows[] = {
		{ FIEMAP_EXTENT_SHARED, EXTENT_SHARED },
		{ FIEMAP_EXTENT_UNWRITTEN, EXTENT_UNWRITTEN },
		{ FIEMAP_EXTENT_DATA_INLINE, EXTENT_INLINE },
		{ FIEMAP_EXTENT_ENCODED, EXTENT_ENCODED },
		/* Being written, although it was synced just now. */
		{ FIEMAP_EXTENT_DELALLOC, EXTENT_UNPLACED },
		{ FIEMAP_EXTENT_UNKNOWN, EXTENT_UNPLACED },
		{ FIEMAP_EXTENT_DATA_TAIL, EXTENT_UNPLACED },
	};
	unsigned set = 0;

	for (size_t i = 0; i < countof(rows); i++)
		if (flags & rows[i].kernel)
			set |= rows[i].ours;
	return set;
}

int extents_read(fd_t fd, uint64_t off, uint64_t end, struct extent_batch *ret)
{
	union {
		struct fiemap head;
		char room[sizeof(struct fiemap) +
			  countof(ret->v) * sizeof(struct fiemap_extent)];
	} map = {
		.head = {
			.fm_start = off,
			.fm_length = end - off,
			.fm_flags = FIEMAP_FLAG_SYNC,
			.fm_extent_count = countof(ret->v),
		},
	};

	if (ioctl(fd, FS_IOC_FIEMAP, &map) < 0)
		return errno == ENOTTY ? -EOPNOTSUPP : -errno;
	ret->n = map.head.fm_mapped_extents;
	for (size_t i = 0; i < ret->n; i++) {
		const struct fiemap_extent *e = &map.head.fm_extents[i];

		ret->v[i] = (struct extent){
			.range = { e->fe_logical, e->fe_length },
			.place = e->fe_physical,
			.flags = flags_of(e->fe_flags),
		};
	}
	return 0;
}
