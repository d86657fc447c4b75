/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fd.h"
#include "fileinfo.h"

/* Names in open directories.  NAME is a single component throughout. */

/* Remove NAME, which is no directory.  Returns 0 or -errno of unlink(2). */
int dir_remove_at(fd_t dir, const char *name);

/*
 * Give FROM the name TO, in place of what had it.
 *
 * Returns 0 or -errno of rename(2).
 */
int dir_rename_at(fd_t dir, const char *from, const char *to);

/*
 * Give FROM, which is no directory, the name TO, which must be free.  Where the
 * file system can't do that in one call (NFS, OCFS2) FROM has both names for an
 * instant; where it has no hard links either, another's TO that comes in that
 * instant is lost.
 *
 * Returns 0, -EEXIST if it isn't free, or -errno of renameat2(2) or link(2).
 */
int dir_rename_new_at(fd_t dir, const char *from, const char *to);

/*
 * Move FROM in FROM_DIR to TO_DIR, as TO, which must be free.
 *
 * Returns as dir_rename_new_at() does.
 */
int dir_move_new_at(fd_t from_dir, const char *from, fd_t to_dir,
		    const char *to);

/* Remove the empty directory NAME.  Returns 0 or -errno of rmdir(2). */
int dir_remove_empty_at(fd_t dir, const char *name);

/* Make the directory NAME.  Returns 0 or -errno of mkdir(2). */
int dir_make_at(fd_t dir, const char *name, uint32_t mode);

/* The names in a directory, but for "." and "..". */
struct dir_list {
	char *buf;  /* owned: names, each with its NUL and its type before it */
	size_t len; /* bytes of it */
	size_t pos; /* where the next one begins */
	size_t left; /* how many are yet to come */
};

#define DIR_LIST_EMPTY                                     \
	(struct dir_list)                                  \
	{                                                  \
		.buf = NULL, .len = 0, .pos = 0, .left = 0 \
	}

/* One of them. */
struct dir_entry {
	const char *name;    /* the list's own */
	enum file_type type; /* when it was listed; FILE_OTHER: not told */
};

/*
 * List the directory DIR, which is open for reading.
 *
 * Returns 0 with *RET to be given to dir_list_release(), or -errno of
 * readdir(3), -ENOMEM.
 */
int dir_list_read(fd_t dir, struct dir_list *ret);

/* The next name.  Returns true with *RET filled, false at the end. */
bool dir_list_next(struct dir_list *list, struct dir_entry *ret);

/*
 * Move the latter half of the names that are yet to come from LIST to *RET, to
 * be given to dir_list_release().
 *
 * Returns 0, or -ENOMEM with LIST as it was.
 */
int dir_list_split(struct dir_list *list, struct dir_list *ret);

/* Free what it holds.  For _cleanup_. */
void dir_list_release(struct dir_list *list);

/*
 * Call SEE with each entry of the directory NAME relative to DIR ("." for
 * DIR itself).  An entry may be any name, "." and ".." included.
 *
 * Returns 0, or -errno of opening or reading it.
 */
int dir_each(fd_t dir, const char *name, void (*see)(void *, const char *),
	     void *arg);
