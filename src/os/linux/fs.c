/* SPDX-License-Identifier: BSD-2-Clause */
#include "fs.h"

#include <errno.h>
#include <linux/magic.h>
#include <stddef.h>
#include <sys/stat.h>
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
};

/* File systems that aren't listed are unknown. */
static const struct row unknown = { .sizes = FS_SIZES_CLAIMED };

static const struct row rows[] = {
	/* On disks of this machine.  Btrfs: f_bsize is the sector size. */
	{ BTRFS_SUPER_MAGIC, AT_BLOCK, FS_SIZES_EXACT, NANOSECOND },
	/* st_blksize is at least 4096, or the realtime extent size. */
	{ XFS_SUPER_MAGIC, AT_BLOCK, FS_SIZES_EXACT, NANOSECOND },
	/* Times: seconds or nanoseconds, by inode size.  Also ext2, ext3. */
	{ EXT4_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, ONE_SECOND },
	{ F2FS_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, NANOSECOND },
	{ BCACHEFS_MAGIC, AT_LARGER, FS_SIZES_EXACT, NANOSECOND },
	{ ZFS_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, NANOSECOND },
	/* And vfat. */
	{ MSDOS_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, 2 * ONE_SECOND },
	{ EXFAT_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, CENTISECOND },
	{ NTFS_SB_MAGIC, AT_LARGER, FS_SIZES_CLAIMED, SMB_STEP },
	{ NTFS3_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, SMB_STEP },
	{ HFSPLUS_MAGIC, AT_LARGER, FS_SIZES_CLAIMED, ONE_SECOND },
	{ UDF_MAGIC, AT_LARGER, FS_SIZES_EXACT, MICROSECOND },
	{ ISOFS_SUPER_MAGIC, .sizes = FS_SIZES_EXACT },
	{ SQUASHFS_MAGIC, .sizes = FS_SIZES_EXACT },
	{ EROFS_SUPER_MAGIC_V1, .sizes = FS_SIZES_EXACT },
	{ TMPFS_MAGIC, AT_LARGER, FS_SIZES_MEMORY, NANOSECOND },
	{ RAMFS_MAGIC, AT_LARGER, FS_SIZES_MEMORY, NANOSECOND },
	/*
	 * On disks that several machines share, with locks for each access.
	 * For OCFS2, f_bsize is the block size, st_blksize the cluster size.  It
	 * accepts offsets that are aligned to blocks only, returns 0, and
	 * shares whole clusters.
	 */
	{ OCFS2_SUPER_MAGIC, AT_IO, FS_SIZES_EXACT, NANOSECOND },
	{ GFS2_SUPER_MAGIC, AT_LARGER, FS_SIZES_EXACT, NANOSECOND },
	/* On servers. */
	{ NFS_SUPER_MAGIC, AT_4K, FS_SIZES_CLAIMED, 0 },
	{ SMB2_SUPER_MAGIC, AT_4K, FS_SIZES_CLAIMED, SMB_STEP },
	{ CIFS_SUPER_MAGIC, AT_4K, FS_SIZES_CLAIMED, SMB_STEP },
	/* Content is made on reading: the size is 0, or one page in /sys. */
	{ PROC_SUPER_MAGIC, .sizes = FS_SIZES_NONE },
	{ SYSFS_MAGIC, .sizes = FS_SIZES_NONE },
	{ CGROUP_SUPER_MAGIC, .sizes = FS_SIZES_NONE },
	{ CGROUP2_SUPER_MAGIC, .sizes = FS_SIZES_NONE },
	{ DEBUGFS_MAGIC, .sizes = FS_SIZES_NONE },
	{ TRACEFS_MAGIC, .sizes = FS_SIZES_NONE },
	{ SECURITYFS_MAGIC, .sizes = FS_SIZES_NONE },
	{ SELINUX_MAGIC, .sizes = FS_SIZES_NONE },
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
