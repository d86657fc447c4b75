/* SPDX-License-Identifier: BSD-2-Clause */
#include "stat.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filetype.h"
#include "musl.h"

/* See flags.cmake: otherwise 32-bit systems lose times after 2038. */
static_assert(sizeof(time_t) == 8 && sizeof(off_t) == 8, "32-bit times");

static const mode_t types[] = {
	[FILE_REGULAR] = S_IFREG,      [FILE_DIRECTORY] = S_IFDIR,
	[FILE_SYMLINK] = S_IFLNK,      [FILE_FIFO] = S_IFIFO,
	[FILE_SOCKET] = S_IFSOCK,      [FILE_CHAR_DEVICE] = S_IFCHR,
	[FILE_BLOCK_DEVICE] = S_IFBLK, [FILE_OTHER] = 0,
};

enum file_type filetype_of(mode_t mode)
{
	enum file_type type = FILE_REGULAR;

	while (type < FILE_OTHER && types[type] != (mode & S_IFMT))
		type++;
	return type;
}

mode_t filetype_bits(enum file_type type)
{
	return types[type];
}

static struct timestamp timestamp_of(struct timespec t)
{
	return (struct timestamp){ .sec = t.tv_sec,
				   .nsec = (uint32_t)t.tv_nsec };
}

static struct file_info info_of(const struct stat *st)
{
	return (struct file_info){
		.type = filetype_of(st->st_mode),
		.mode = st->st_mode & 07777,
		.owner = { .user = st->st_uid, .group = st->st_gid },
		.dev = st->st_dev,
		.ino = st->st_ino,
		.nlink = st->st_nlink,
		.rdev = st->st_rdev,
		.size = (uint64_t)st->st_size,
		.allocated = (uint64_t)st->st_blocks * 512,
		.block_size = (uint64_t)st->st_blksize,
		.atime = timestamp_of(st->st_atim),
		.mtime = timestamp_of(st->st_mtim),
		.ctime = timestamp_of(st->st_ctim),
	};
}

int stat_fd(fd_t fd, struct file_info *ret)
{
	struct stat st;

	if ((fd == FD_CWD ? fstatat(fd, ".", &st, 0) : fstat(fd, &st)) < 0)
		return -errno;

	*ret = info_of(&st);
	return 0;
}

int stat_mtime_now(fd_t fd, struct timestamp *ret)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_MTIME,
		  &st) < 0)
		return -errno;
	*ret = (struct timestamp){ .sec = st.stx_mtime.tv_sec,
				   .nsec = st.stx_mtime.tv_nsec };
	return 0;
}

int stat_birth(fd_t fd, struct timestamp *ret)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &st) < 0)
		return -errno;
	if (!(st.stx_mask & STATX_BTIME))
		return -EOPNOTSUPP;
	*ret = (struct timestamp){ .sec = st.stx_btime.tv_sec,
				   .nsec = st.stx_btime.tv_nsec };
	return 0;
}

bool stat_keeps_names(fd_t fd)
{
	struct statx st;

	return statx(fd, "", AT_EMPTY_PATH, 0, &st) == 0 &&
	       st.stx_attributes & (STATX_ATTR_APPEND | STATX_ATTR_IMMUTABLE);
}

int stat_at(fd_t dir, const char *name, enum stat_link link,
	    struct file_info *ret)
{
	struct stat st;

	if (fstatat(dir, name, &st,
		    link == STAT_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0) < 0)
		return -errno;

	*ret = info_of(&st);
	return 0;
}

int stat_access(fd_t dir, const char *name, unsigned what)
{
	int mode = (what & STAT_READ ? R_OK : 0) |
		   (what & STAT_WRITE ? W_OK : 0) |
		   (what & STAT_ENTER ? X_OK : 0);

	return faccessat(dir, name, mode, AT_EACCESS) < 0 ? -errno : 0;
}
