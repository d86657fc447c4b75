/* SPDX-License-Identifier: BSD-2-Clause */
#include "fs.h"

#include <errno.h>
#include <linux/magic.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base.h"

/* Which number says what clones are to be aligned to. */
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
 * Measured on Linux 6.1, 6.12 and 6.18.  What is aligned to less than it wants
 * a file system refuses, but for OCFS2: there must be no guess below.
 */
static const struct row rows[] = {
	/* The sector size. */
	{ BTRFS_SUPER_MAGIC, AT_BLOCK },
	/* st_blksize is 4096 at least, or the realtime extent size. */
	{ XFS_SUPER_MAGIC, AT_BLOCK },
	/*
	 * Clusters.  It takes what is aligned to blocks, says 0, and puts whole
	 * clusters in place: st_blksize is the cluster, f_bsize the block.
	 */
	{ OCFS2_SUPER_MAGIC, AT_IO },
	/* Both tell what the server likes to read. */
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
	/* Overlay shows st_blksize of the layer below, ZFS that of the file. */
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
