/* SPDX-License-Identifier: BSD-2-Clause */
#include "fs.h"

#include <errno.h>
#include <linux/magic.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "base.h"

/* Not in <linux/magic.h> of Linux 6.1. */
#define BCACHEFS_MAGIC	  0xca451a4e
#define GFS2_SUPER_MAGIC  0x01161970
#define HFSPLUS_MAGIC	  0x482b
#define NTFS3_SUPER_MAGIC 0x7366746e
#define NTFS_SB_MAGIC	  0x5346544e
#define UDF_MAGIC	  0x15013346
#define ZFS_SUPER_MAGIC	  0x2fc12fc1

/*
 * Which number is the alignment of clones.  Measured on Linux 6.1, 6.12 and
 * 6.18.  File systems refuse a smaller alignment than they need, except OCFS2,
 * which damages data: never guess too low there.
 */
enum where {
	/*
	 * The larger of the next two.  Overlayfs has st_blksize of a lower
	 * layer, ZFS that of the file.
	 */
	AT_LARGER,
	AT_BLOCK, /* statfs.f_bsize */
	AT_IO,	  /* stat.st_blksize */
	AT_4K,	  /* neither: both are sizes that the server prefers to read */
};

/* The step of times: s_time_gran of Linux 6.18. */
#define NANOSECOND  UINT64_C(1)
#define MICROSECOND UINT64_C(1000)
#define SMB_STEP    UINT64_C(100)
#define CENTISECOND UINT64_C(10000000)
#define ONE_SECOND  UINT64_C(1000000000)

/*
 * Sizes are exact where the kernel itself maintains them: then no read goes
 * past them.  They are not where the file belongs to a server (NFS, SMB, 9p,
 * Ceph), to a program (FUSE, and virtiofs, which is FUSE), or to another file
 * system that may be one of these (overlayfs, eCryptfs).
 *
 * File systems in memory are marked because finding the next hole takes 100 ns
 * per page there (tmpfs, Linux 6.18).
 */
struct row {
	uint32_t type; /* statfs.f_type */
	enum where where;
	enum fs_sizes sizes;
	uint64_t time_step; /* as fs_time_step() returns it */
	enum fs_kind kind;
};

/* File systems that aren't listed are unknown. */
static const struct row unknown = { .sizes = FS_SIZES_CLAIMED };

static const struct row rows[] = {
	/* On disks of this machine.  Btrfs: f_bsize is the sector size. */
	{ BTRFS_SUPER_MAGIC, AT_BLOCK, FS_SIZES_EXACT, NANOSECOND, FS_BTRFS },
	/* st_blksize is at least 4096, or the realtime extent size. */
	{ XFS_SUPER_MAGIC, AT_BLOCK, FS_SIZES_EXACT, NANOSECOND, FS_XFS },
	/* Times: seconds or nanoseconds, by inode size.  Also ext2, ext3. */
	{ EXT4_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, ONE_SECOND, FS_OTHER },
	{ F2FS_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, NANOSECOND, FS_OTHER },
	{ BCACHEFS_MAGIC, AT_LARGER, FS_SIZES_EXACT, NANOSECOND, FS_BCACHEFS },
	{ ZFS_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, NANOSECOND, FS_ZFS },
	/* And vfat. */
	{ MSDOS_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, 2 * ONE_SECOND,
	  FS_OTHER },
	{ EXFAT_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, CENTISECOND, FS_OTHER },
	{ NTFS_SB_MAGIC, AT_LARGER, FS_SIZES_CLAIMED, SMB_STEP, FS_OTHER },
	{ NTFS3_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, SMB_STEP, FS_OTHER },
	{ HFSPLUS_MAGIC, AT_LARGER, FS_SIZES_CLAIMED, ONE_SECOND, FS_OTHER },
	{ UDF_MAGIC, AT_LARGER, FS_SIZES_EXACT, MICROSECOND, FS_OTHER },
	{ ISOFS_SUPER_MAGIC, .sizes = FS_SIZES_EXACT },
	{ SQUASHFS_MAGIC, .sizes = FS_SIZES_EXACT },
	{ EROFS_SUPER_MAGIC_V1, .sizes = FS_SIZES_EXACT },
	{ TMPFS_MAGIC, AT_LARGER, FS_SIZES_MEMORY, NANOSECOND, FS_OTHER },
	{ RAMFS_MAGIC, AT_LARGER, FS_SIZES_MEMORY, NANOSECOND, FS_OTHER },
	/*
	 * On disks that several machines share, with locks for each access.
	 * For OCFS2, f_bsize is the block size, st_blksize the cluster size.  It
	 * accepts offsets that are aligned to blocks only, returns 0, and
	 * shares whole clusters.
	 */
	{ OCFS2_SUPER_MAGIC, AT_IO, FS_SIZES_EXACT, NANOSECOND, FS_OCFS2 },
	{ GFS2_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, NANOSECOND, FS_OTHER },
	/* On servers. */
	{ NFS_SUPER_MAGIC, AT_4K, FS_SIZES_CLAIMED, 0, FS_NFS },
	{ SMB2_SUPER_MAGIC, AT_4K, FS_SIZES_CLAIMED, SMB_STEP, FS_SMB },
	{ CIFS_SUPER_MAGIC, AT_4K, FS_SIZES_CLAIMED, SMB_STEP, FS_SMB },
	{ FUSE_SUPER_MAGIC, .sizes = FS_SIZES_CLAIMED, .kind = FS_FUSE },
	{ OVERLAYFS_SUPER_MAGIC, .sizes = FS_SIZES_CLAIMED,
	  .kind = FS_OVERLAY },
	/* Content is made on reading: the size is 0, or one page in /sys. */
	{ PROC_SUPER_MAGIC, .sizes = FS_SIZES_NONE, .kind = FS_KERNEL },
	{ SYSFS_MAGIC, .sizes = FS_SIZES_NONE, .kind = FS_KERNEL },
	{ CGROUP_SUPER_MAGIC, .sizes = FS_SIZES_NONE, .kind = FS_KERNEL },
	{ CGROUP2_SUPER_MAGIC, .sizes = FS_SIZES_NONE, .kind = FS_KERNEL },
	{ DEBUGFS_MAGIC, .sizes = FS_SIZES_NONE, .kind = FS_KERNEL },
	{ TRACEFS_MAGIC, .sizes = FS_SIZES_NONE, .kind = FS_KERNEL },
	{ SECURITYFS_MAGIC, .sizes = FS_SIZES_NONE, .kind = FS_KERNEL },
	{ SELINUX_MAGIC, .sizes = FS_SIZES_NONE, .kind = FS_KERNEL },
};

static const struct row *row_of(const struct statfs *fs)
{
	for (size_t i = 0; i < countof(rows); i++)
		if (rows[i].type == (uint32_t)fs->f_type)
			return &rows[i];
	return &unknown;
}

static const struct row *row_at(fd_t fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) < 0 ? &unknown : row_of(&fs);
}

static bool is_smb(const struct statfs *fs)
{
	return (uint32_t)fs->f_type == SMB2_SUPER_MAGIC ||
	       (uint32_t)fs->f_type == CIFS_SUPER_MAGIC;
}

static uint64_t guess(enum where where, uint64_t block, uint64_t io)
{
	switch (where) {
	case AT_BLOCK:
		return block;
	case AT_IO:
		return io;
	case AT_4K:
		return 4096;
	case AT_LARGER:
		break;
	}
	return block > io ? block : io;
}

int fs_query(fd_t fd, struct fs_info *ret)
{
	struct statfs fs;
	struct stat st;
	uint64_t io;

	if (fstatfs(fd, &fs) < 0 || fstat(fd, &st) < 0)
		return -errno;

	io = (uint64_t)st.st_blksize;
	*ret = (struct fs_info){
		.clone_align =
			guess(row_of(&fs)->where, (uint64_t)fs.f_bsize, io),
		.clone_tail = TAIL_EXACT,
		/* Samba 4.17, Linux 6.1 and 6.12. */
		.refusal_grows = is_smb(&fs),
	};
	if (io > ret->clone_align)
		ret->clone_align_next = io;
	return 0;
}

enum fs_sizes fs_sizes(fd_t fd)
{
	return row_at(fd)->sizes;
}

uint64_t fs_time_step(fd_t fd)
{
	return row_at(fd)->time_step;
}

const char *fs_unlisted_acl(fd_t fd)
{
	struct statfs fs;

	/* Linux' SMB client asks the server for what is called user. alone. */
	return fstatfs(fd, &fs) == 0 && is_smb(&fs) ? "system.cifs_acl" : NULL;
}

static bool is_in(uint32_t type, const uint32_t *types, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (types[i] == type)
			return true;
	return false;
}

static enum fs_clones clones_of(uint32_t type)
{
	/* Without remap_file_range() in Linux 6.18. */
	static const uint32_t never[] = {
		EXT4_SUPER_MAGIC,     F2FS_SUPER_MAGIC,
		MSDOS_SUPER_MAGIC,    EXFAT_SUPER_MAGIC,
		NTFS_SB_MAGIC,	      NTFS3_SUPER_MAGIC,
		HFSPLUS_MAGIC,	      UDF_MAGIC,
		ISOFS_SUPER_MAGIC,    SQUASHFS_MAGIC,
		EROFS_SUPER_MAGIC_V1, TMPFS_MAGIC,
		RAMFS_MAGIC,	      PROC_SUPER_MAGIC,
		SYSFS_MAGIC,	      CGROUP_SUPER_MAGIC,
		CGROUP2_SUPER_MAGIC,
	};
	/* With one number for all files. */
	static const uint32_t one_dev[] = {
		XFS_SUPER_MAGIC,
		OCFS2_SUPER_MAGIC,
		GFS2_SUPER_MAGIC,
	};

	if (is_in(type, never, countof(never)))
		return CLONES_NEVER;
	return is_in(type, one_dev, countof(one_dev)) ? CLONES_ONE_DEV
						      : CLONES_MAYBE;
}

int fs_state(fd_t fd, struct fs_state *ret)
{
	struct statfs fs;
	uint64_t unit;

	if (fstatfs(fd, &fs) < 0)
		return -errno;
	unit = (uint64_t)(fs.f_frsize ? fs.f_frsize : fs.f_bsize);
	*ret = (struct fs_state){
		.kind = row_of(&fs)->kind,
		.type = (uint32_t)fs.f_type,
		.clones = clones_of((uint32_t)fs.f_type),
		.size = (uint64_t)fs.f_blocks * unit,
		.free = (uint64_t)fs.f_bavail * unit,
		.read_only = (uint64_t)fs.f_flags & ST_RDONLY,
	};
	return 0;
}

/*
 * struct xfs_fsop_geom_v4 of xfs_fs.h, which is not among the headers of Linux,
 * as words.
 */
struct geometry {
	uint32_t others[23];
	uint32_t flags;
	uint32_t rest[4];
};

#define GET_GEOMETRY _IOR('X', 124, struct geometry)
#define HAS_REFLINKS (UINT32_C(1) << 20)

int fs_has_reflinks(fd_t fd)
{
	struct geometry g = { .flags = 0 };
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return -errno;
	if ((uint32_t)fs.f_type != XFS_SUPER_MAGIC)
		return -EOPNOTSUPP;
	if (ioctl(fd, GET_GEOMETRY, &g) < 0)
		return -errno;
	return g.flags & HAS_REFLINKS ? 1 : 0;
}
