/* SPDX-License-Identifier: BSD-2-Clause */
#include "dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base.h"
#include "filetype.h"
#include "musl.h"

int dir_remove_at(fd_t dir, const char *name)
{
	return unlinkat(dir, name, 0) < 0 ? -errno : 0;
}

int dir_rename_at(fd_t dir, const char *from, const char *to)
{
	return renameat(dir, from, dir, to) < 0 ? -errno : 0;
}

/* Does ERR mean that there are no hard links here?  FAT, exFAT, some SMB. */
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

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* How many bytes one call reads: as many as readdir(3) asks for. */
#define ONE_READ 32768

/* What the kernel's records are aligned to. */
#define ALIGNED alignof(struct dirent)

/* Make room for one read behind the names of LIST. */
static int make_room(struct dir_list *list)
{
	size_t need = list->len + ALIGNED + ONE_READ;
	char *grown;

	if (list->size >= need)
		return 0;
	need += list->len / 2;
	grown = realloc(list->buf, need);
	if (!grown)
		return -ENOMEM;
	list->buf = grown;
	list->size = need;
	return 0;
}

/* Give back what the names of LIST don't take. */
static void cut_room(struct dir_list *list)
{
	char *cut;

	if (list->len == 0) {
		dir_list_release(list);
		return;
	}
	cut = realloc(list->buf, list->len);
	if (!cut)
		return;
	list->buf = cut;
	list->size = list->len;
}

/*
 * Append the entries of the records between AT and END, behind the names of
 * LIST.  In the list each takes less than its record, which it may overwrite.
 */
static void append(struct dir_list *list, size_t at, size_t end)
{
	while (at < end) {
		const struct dirent *e = (const void *)(list->buf + at);
		enum file_type type = filetype_of((mode_t)DTTOIF(e->d_type));
		size_t len = strlen(e->d_name) + 1;

		at += e->d_reclen;
		if (is_dots(e->d_name))
			continue;
		list->buf[list->len++] = (char)type;
		memmove(list->buf + list->len, e->d_name, len);
		list->len += len;
		list->left++;
	}
}

/* Returns the number of bytes read, 0 at the end, or -errno. */
static ssize_t read_once(fd_t dir, struct dir_list *list)
{
	size_t at = (list->len + ALIGNED - 1) / ALIGNED * ALIGNED;
	ssize_t n;

	if (make_room(list) < 0)
		return -ENOMEM;
	n = getdents64(dir, (void *)(list->buf + at), ONE_READ);
	if (n < 0)
		return -errno;
	append(list, at, at + (size_t)n);
	return n;
}

int dir_list_read(fd_t dir, size_t most, struct dir_list *list)
{
	const struct dir_list before = *list;
	ssize_t n;

	do
		n = read_once(dir, list);
	while (n > 0 && list->len < most);
	if (n < 0) {
		list->len = before.len;
		list->left = before.left;
	}
	cut_room(list);
	return n > 0 ? 1 : (int)n;
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
	half.size = half.len + 1; /* never 0 */
	half.buf = malloc(half.size);
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

int dir_each(fd_t dir, unsigned how, void (*see)(void *, const char *),
	     void *arg)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int r = fd_open_at(dir, ".", how | FD_READ | FD_DIRECTORY, &fd);

	if (r < 0)
		return r;
	do {
		_cleanup_(dir_list_release) struct dir_list list =
			DIR_LIST_EMPTY;
		struct dir_entry entry;

		r = dir_list_read(fd, ONE_READ, &list);
		while (dir_list_next(&list, &entry))
			see(arg, entry.name);
	} while (r > 0);
	return r;
}
