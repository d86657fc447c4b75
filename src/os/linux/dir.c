/* SPDX-License-Identifier: BSD-2-Clause */
#include "dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base.h"
#include "musl.h"

int dir_remove_at(fd_t dir, const char *name)
{
	return unlinkat(dir, name, 0) < 0 ? -errno : 0;
}

int dir_rename_at(fd_t dir, const char *from, const char *to)
{
	return renameat(dir, from, dir, to) < 0 ? -errno : 0;
}

/*
 * Does ERR mean that the file system has no hard links?  FAT, exFAT, some SMB.
 */
static bool has_no_links(int err)
{
	return err == EPERM || err == EOPNOTSUPP || err == ENOSYS;
}

/* Check first, then rename; another process may come in between. */
static int rename_unless_there(fd_t dir, const char *from, const char *to)
{
	if (faccessat(dir, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	return errno == ENOENT ? dir_rename_at(dir, from, to) : -errno;
}

static int link_and_remove(fd_t dir, const char *from, const char *to)
{
	int r;

	if (linkat(dir, from, dir, to, 0) < 0)
		return has_no_links(errno) ? rename_unless_there(dir, from, to)
					   : -errno;
	r = dir_remove_at(dir, from);
	if (r < 0)
		(void)dir_remove_at(dir, to);
	return r;
}

int dir_rename_new_at(fd_t dir, const char *from, const char *to)
{
	if (renameat2(dir, from, dir, to, RENAME_NOREPLACE) == 0)
		return 0;
	return errno == EINVAL || errno == ENOSYS
		       ? link_and_remove(dir, from, to)
		       : -errno;
}

int dir_move_new_at(fd_t from_dir, const char *from, fd_t to_dir,
		    const char *to)
{
	return renameat2(from_dir, from, to_dir, to, RENAME_NOREPLACE) < 0
		       ? -errno
		       : 0;
}

int dir_remove_empty_at(fd_t dir, const char *name)
{
	return unlinkat(dir, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

int dir_make_at(fd_t dir, const char *name, uint32_t mode)
{
	return mkdirat(dir, name, mode) < 0 ? -errno : 0;
}

static void closedirp(DIR **d)
{
	if (*d)
		(void)closedir(*d);
}

/* Take over FD, on success. */
static int open_dir(fd_t *fd, DIR **ret)
{
	*ret = fdopendir(*fd);
	if (!*ret)
		return -errno;
	*fd = FD_NONE;
	return 0;
}

int dir_each(fd_t dir, const char *name, void (*see)(void *, const char *),
	     void *arg)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	_cleanup_(closedirp) DIR *d = NULL;
	const struct dirent *e;
	int r = fd_open_at(dir, name, FD_READ | FD_DIRECTORY, &fd);

	if (r == 0)
		r = open_dir(&fd, &d);
	if (r < 0 || !d)
		return r;
	for (errno = 0; (e = readdir(d)); errno = 0)
		see(arg, e->d_name);
	return -errno;
}

static enum file_type type_of(unsigned char d_type)
{
	switch (d_type) {
	case DT_REG:
		return FILE_REGULAR;
	case DT_DIR:
		return FILE_DIRECTORY;
	case DT_LNK:
		return FILE_SYMLINK;
	case DT_FIFO:
		return FILE_FIFO;
	case DT_SOCK:
		return FILE_SOCKET;
	case DT_CHR:
		return FILE_CHAR_DEVICE;
	case DT_BLK:
		return FILE_BLOCK_DEVICE;
	default:
		return FILE_OTHER;
	}
}

static int add_entry(struct dir_list *list, const struct dirent *e,
		     size_t *capacity)
{
	size_t len = strlen(e->d_name) + 1;

	if (*capacity - list->len < len + 1) {
		size_t more = *capacity / 2 + len + 1024;
		char *grown = realloc(list->buf, *capacity + more);

		if (!grown)
			return -ENOMEM;
		list->buf = grown;
		*capacity += more;
	}
	list->buf[list->len++] = (char)type_of(e->d_type);
	memcpy(list->buf + list->len, e->d_name, len);
	list->len += len;
	list->left++;
	return 0;
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

int dir_list_read(fd_t dir, struct dir_list *ret)
{
	_cleanup_(dir_list_release) struct dir_list list = DIR_LIST_EMPTY;
	/* Not by opening "." in it, which needs search permission. */
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	_cleanup_(closedirp) DIR *d = NULL;
	const struct dirent *e;
	size_t capacity = 0;
	int r = fd_twin(dir, &fd);

	if (r == 0)
		r = open_dir(&fd, &d);
	if (r < 0 || !d)
		return r;
	for (errno = 0; (e = readdir(d)); errno = 0) {
		if (!is_dots(e->d_name) && add_entry(&list, e, &capacity) < 0)
			return -ENOMEM;
	}
	if (errno)
		return -errno;
	*ret = TAKE(list, DIR_LIST_EMPTY);
	return 0;
}

/* The size in bytes of the entry at POS. */
static size_t entry_size(const struct dir_list *list, size_t pos)
{
	return 1 + strlen(list->buf + pos + 1) + 1;
}

bool dir_list_next(struct dir_list *list, struct dir_entry *ret)
{
	if (list->left == 0)
		return false;
	*ret = (struct dir_entry){
		.name = list->buf + list->pos + 1,
		.type = (enum file_type)list->buf[list->pos],
	};
	list->pos += entry_size(list, list->pos);
	list->left--;
	return true;
}

int dir_list_split(struct dir_list *list, struct dir_list *ret)
{
	size_t kept = list->left - list->left / 2;
	size_t at = list->pos;
	struct dir_list half = { .left = list->left / 2 };

	for (size_t i = 0; i < kept; i++)
		at += entry_size(list, at);
	half.len = list->len - at;
	half.buf = malloc(half.len + 1); /* never 0 */
	if (!half.buf)
		return -ENOMEM;
	memcpy(half.buf, list->buf + at, half.len);
	list->len = at;
	list->left = kept;
	*ret = half;
	return 0;
}

void dir_list_release(struct dir_list *list)
{
	free(list->buf);
	*list = DIR_LIST_EMPTY;
}
