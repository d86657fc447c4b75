/* SPDX-License-Identifier: BSD-2-Clause */
#include "fs.h"

#include <errno.h>
#include <linux/magic.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base.h"

/* Which number is the alignment of clones. */
enum where {
	AT_BLOCK, /* statfs.f_bsize */
	AT_IO,	  /* stat.st_blksize */
	AT_4K,	  /* neither */
};

struct row {
	uint32_t type; /* statfs.f_type */
	enum where where;
};

/*
 * Measured on Linux 6.1, 6.12 and 6.18.  File systems refuse a smaller
 * alignment than they need, except OCFS2, which damages data: never guess too
 * low there.
 */
static const struct row rows[] = {
	/* The sector size. */
	{ BTRFS_SUPER_MAGIC, AT_BLOCK },
	/* st_blksize is at least 4096, or the realtime extent size. */
	{ XFS_SUPER_MAGIC, AT_BLOCK },
	/*
	 * The cluster size, st_blksize; f_bsize is the block size.  OCFS2
	 * accepts offsets that are aligned to blocks only, returns 0, and
	 * shares whole clusters.
	 */
	{ OCFS2_SUPER_MAGIC, AT_IO },
	/* Both numbers are sizes that the server prefers to read. */
	{ NFS_SUPER_MAGIC, AT_4K },
	{ SMB2_SUPER_MAGIC, AT_4K },
	{ CIFS_SUPER_MAGIC, AT_4K },
};

static uint64_t guess(uint32_t type, uint64_t block, uint64_t io)
{
	for (size_t i = 0; i < countof(rows); i++) {
		if (rows[i].type != type)
			continue;
		switch (rows[i].where) {
		case AT_BLOCK:
			return block;
		case AT_IO:
			return io;
		case AT_4K:
			return 4096;
		}
	}
	/* Overlayfs has st_blksize of a lower layer, ZFS that of the file. */
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
			guess((uint32_t)fs.f_type, (uint64_t)fs.f_bsize, io),
		.clone_tail = TAIL_EXACT,
		/* Samba 4.17, Linux 6.1 and 6.12. */
		.refusal_grows = (uint32_t)fs.f_type == SMB2_SUPER_MAGIC ||
				 (uint32_t)fs.f_type == CIFS_SUPER_MAGIC,
	};
	if (io > ret->clone_align)
		ret->clone_align_next = io;
	return 0;
}

/* Not in <linux/magic.h> of Linux 6.1. */
#define BCACHEFS_MAGIC	  0xca451a4e
#define GFS2_SUPER_MAGIC  0x01161970
#define NTFS3_SUPER_MAGIC 0x7366746e
#define UDF_MAGIC	  0x15013346
#define ZFS_SUPER_MAGIC	  0x2fc12fc1

/*
 * Sizes are exact where the kernel itself maintains them: then no read goes
 * past them.  They are not where the file belongs to a server (NFS, SMB, 9p,
 * Ceph), to a program (FUSE, and virtiofs, which is FUSE), or to another file
 * system that may be one of these (overlayfs, eCryptfs).  File systems that
 * aren't listed are unknown.
 *
 * File systems in memory are marked because finding the next hole takes 100 ns
 * per page there (tmpfs, Linux 6.18).
 */
static const struct size_row {
	uint32_t type; /* statfs.f_type */
	enum fs_sizes sizes;
} size_rows[] = {
	/* On disks of this machine. */
	{ BTRFS_SUPER_MAGIC, FS_SIZES_EXACT },
	{ EXT4_SUPER_MAGIC, FS_SIZES_EXACT }, /* and ext2, ext3 */
	{ XFS_SUPER_MAGIC, FS_SIZES_EXACT },
	{ F2FS_SUPER_MAGIC, FS_SIZES_EXACT },
	{ BCACHEFS_MAGIC, FS_SIZES_EXACT },
	{ ZFS_SUPER_MAGIC, FS_SIZES_EXACT },
	{ MSDOS_SUPER_MAGIC, FS_SIZES_EXACT }, /* and vfat */
	{ EXFAT_SUPER_MAGIC, FS_SIZES_EXACT },
	{ NTFS3_SUPER_MAGIC, FS_SIZES_EXACT },
	{ ISOFS_SUPER_MAGIC, FS_SIZES_EXACT },
	{ UDF_MAGIC, FS_SIZES_EXACT },
	{ SQUASHFS_MAGIC, FS_SIZES_EXACT },
	{ EROFS_SUPER_MAGIC_V1, FS_SIZES_EXACT },
	{ TMPFS_MAGIC, FS_SIZES_MEMORY },
	{ RAMFS_MAGIC, FS_SIZES_MEMORY },
	/* On disks that several machines share, with locks for each access. */
	{ OCFS2_SUPER_MAGIC, FS_SIZES_EXACT },
	{ GFS2_SUPER_MAGIC, FS_SIZES_EXACT },
	/* Content is made on reading: the size is 0, or one page in /sys. */
	{ PROC_SUPER_MAGIC, FS_SIZES_NONE },
	{ SYSFS_MAGIC, FS_SIZES_NONE },
	{ CGROUP_SUPER_MAGIC, FS_SIZES_NONE },
	{ CGROUP2_SUPER_MAGIC, FS_SIZES_NONE },
	{ DEBUGFS_MAGIC, FS_SIZES_NONE },
	{ TRACEFS_MAGIC, FS_SIZES_NONE },
	{ SECURITYFS_MAGIC, FS_SIZES_NONE },
	{ SELINUX_MAGIC, FS_SIZES_NONE },
};

enum fs_sizes fs_sizes(fd_t fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return FS_SIZES_CLAIMED;
	for (size_t i = 0; i < countof(size_rows); i++)
		if (size_rows[i].type == (uint32_t)fs.f_type)
			return size_rows[i].sizes;
	return FS_SIZES_CLAIMED;
}

#define NTFS_SB_MAGIC 0x5346544e
#define HFSPLUS_MAGIC 0x482b
#define NANOSECOND    UINT64_C(1)
#define MICROSECOND   UINT64_C(1000)
#define SMB_STEP      UINT64_C(100)
#define CENTISECOND   UINT64_C(10000000)
#define ONE_SECOND    UINT64_C(1000000000)

/* s_time_gran of Linux 6.18; file systems that aren't listed are unknown. */
static const struct time_row {
	uint32_t type; /* statfs.f_type */
	uint64_t step; /* as fs_time_step() returns it */
} time_rows[] = {
	{ BTRFS_SUPER_MAGIC, NANOSECOND },
	{ XFS_SUPER_MAGIC, NANOSECOND },
	{ F2FS_SUPER_MAGIC, NANOSECOND },
	{ TMPFS_MAGIC, NANOSECOND },
	{ RAMFS_MAGIC, NANOSECOND },
	{ BCACHEFS_MAGIC, NANOSECOND },
	{ ZFS_SUPER_MAGIC, NANOSECOND },
	{ OCFS2_SUPER_MAGIC, NANOSECOND },
	{ GFS2_SUPER_MAGIC, NANOSECOND },
	/*
	 * Seconds or nanoseconds, depending on the inode size; also ext2, ext3.
	 */
	{ EXT4_SUPER_MAGIC, ONE_SECOND },
	{ HFSPLUS_MAGIC, ONE_SECOND },
	{ UDF_MAGIC, MICROSECOND },
	{ NTFS_SB_MAGIC, SMB_STEP },
	{ NTFS3_SUPER_MAGIC, SMB_STEP },
	{ CIFS_SUPER_MAGIC, SMB_STEP },
	{ SMB2_SUPER_MAGIC, SMB_STEP },
	{ EXFAT_SUPER_MAGIC, CENTISECOND },
	{ MSDOS_SUPER_MAGIC, 2 * ONE_SECOND }, /* and vfat */
};

uint64_t fs_time_step(fd_t fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return 0;
	for (size_t i = 0; i < countof(time_rows); i++)
		if (time_rows[i].type == (uint32_t)fs.f_type)
			return time_rows[i].step;
	return 0;
}

/* Linux' SMB client asks the server for what is called user. alone. */
static const struct acl_row {
	uint32_t type; /* statfs.f_type */
	const char *name;
} acl_rows[] = {
	{ CIFS_SUPER_MAGIC, "system.cifs_acl" },
	{ SMB2_SUPER_MAGIC, "system.cifs_acl" },
};

const char *fs_unlisted_acl(fd_t fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return NULL;
	for (size_t i = 0; i < countof(acl_rows); i++)
		if (acl_rows[i].type == (uint32_t)fs.f_type)
			return acl_rows[i].name;
	return NULL;
}
