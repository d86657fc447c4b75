/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fd.h"
#include "fileinfo.h"

/* Names in open directories.  NAME is always a single component. */

/* Remove NAME, not a directory.  Returns 0 or -errno of unlink(2). */
int dir_remove_at(fd_t dir, const char *name);

/*
 * Rename FROM to TO, replacing an existing TO.
 *
 * Returns 0 or -errno of rename(2).
 */
int dir_rename_at(fd_t dir, const char *from, const char *to);

/*
 * Rename FROM, not a directory, to TO, which must not exist.  On file systems
 * that can't do this in one call (NFS, OCFS2), FROM has both names for an
 * instant.  On those without hard links as well, a TO that another process
 * makes in that instant is lost.
 *
 * Returns 0, -EEXIST if TO exists, or -errno of renameat2(2) or link(2).
 */
int dir_rename_new_at(fd_t dir, const char *from, const char *to);

/*
 * Move FROM in FROM_DIR to TO in TO_DIR, which must not exist.
 *
 * Returns as dir_rename_new_at() does.
 */
int dir_move_new_at(fd_t from_dir, const char *from, fd_t to_dir,
		    const char *to);

/* Remove the empty directory NAME.  Returns 0 or -errno of rmdir(2). */
int dir_remove_empty_at(fd_t dir, const char *name);

/* Make the directory NAME.  Returns 0 or -errno of mkdir(2). */
int dir_make_at(fd_t dir, const char *name, uint32_t mode);

/* Some or all names of a directory, without "." and "..". */
struct dir_list {
	char *buf;   /* owned: for each name its type, the name, and a NUL */
	size_t size; /* bytes allocated */
	size_t len;  /* bytes used in buf */
	size_t pos;  /* where the next entry begins */
	size_t left; /* number of entries that remain */
};

#define DIR_LIST_EMPTY ((struct dir_list){ .buf = NULL })

/* One entry. */
struct dir_entry {
	const char *name;    /* owned by the list */
	enum file_type type; /* when it was listed; FILE_OTHER: unknown */
};

/*
 * Read on in the directory DIR, which is open for reading, and append its names
 * to LIST, until that takes MOST bytes or somewhat more.  A directory that is
 * read by one open file to its end shows each name that is there all the time
 * exactly once.
 *
 * Returns 1 with LIST to be passed to dir_list_release(), 0 with the same at the
 * end of the directory, or -errno of getdents(2), -ENOMEM, with LIST unchanged.
 */
int dir_list_read(fd_t dir, size_t most, struct dir_list *list);

/* Get the next entry.  Returns true with *RET filled, false at the end. */
bool dir_list_next(struct dir_list *list, struct dir_entry *ret);

/*
 * Move the second half of the remaining entries from LIST to *RET, to be passed
 * to dir_list_release().
 *
 * Returns 0, or -ENOMEM with LIST unchanged.
 */
int dir_list_split(struct dir_list *list, struct dir_list *ret);

/* Free the memory of LIST.  For _cleanup_. */
void dir_list_release(struct dir_list *list);

/*
 * Call SEE with each name in the directory DIR, which is opened again as HOW
 * says: 0 or FD_NO_ATIME.
 *
 * Returns 0, or -errno of opening or reading the directory.
 */
int dir_each(fd_t dir, unsigned how, void (*see)(void *, const char *),
	     void *arg);
