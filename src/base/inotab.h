/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bsd/sys/tree.h>

#include "fileinfo.h"

/*
 * A table of files seen so far, each with a value, of whose type only its user
 * knows.  The key is (device, inode, label).  The label distinguishes names of
 * one file where that matters; elsewhere it is "".  All zeros: it is empty.
 */
RB_HEAD(inotab, inotab_entry); /* tree(3bsd) */

struct inotab_key {
	uint64_t dev;	   /* file_info.dev */
	uint64_t ino;	   /* file_info.ino */
	const char *label; /* not NULL */
};

/* The key of the file INFO with LABEL, which is borrowed. */
struct inotab_key inotab_key_of(const struct file_info *info,
				const char *label);

/*
 * Add KEY, which is copied and must not be in the table.  Its value, SIZE bytes
 * aligned for any type, is zero.
 *
 * Returns the value, owned by the table; or NULL, with the table unchanged, if
 * out of memory.
 */
void *inotab_add(struct inotab *tab, struct inotab_key key, size_t size);

/*
 * Add KEY with a copy of VALUE, SIZE bytes.  A key that is already in the table
 * keeps its first value.
 *
 * Returns 0, or -ENOMEM with the table unchanged.
 */
int inotab_put(struct inotab *tab, struct inotab_key key, const void *value,
	       size_t size);

/* Is the table empty? */
bool inotab_is_empty(const struct inotab *tab);

/* The value of KEY, owned by the table; NULL if KEY is not in it. */
void *inotab_get(const struct inotab *tab, struct inotab_key key);

/* Remove KEY, if it is in the table. */
void inotab_forget(struct inotab *tab, struct inotab_key key);

/* Free what TAB holds and leave it empty.  Usable with _cleanup_. */
void inotab_release(struct inotab *tab);
