/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <bsd/sys/tree.h>

/*
 * A table of files seen so far, each with a value that the caller chooses.  The
 * key is (device, inode, label).  The label distinguishes names of one file
 * where that matters; elsewhere it is "".
 */
RB_HEAD(inotab, inotab_entry); /* tree(3bsd) */

#define INOTAB_EMPTY           \
	(struct inotab)        \
	{                      \
		.rbh_root = 0, \
	}

struct inotab_key {
	uint64_t dev;	   /* file_info.dev */
	uint64_t ino;	   /* file_info.ino */
	const char *label; /* not NULL */
};

/* The value of an entry.  Unused members are "" and 0. */
struct inotab_value {
	const char *text; /* not NULL */
	uint64_t dev;	  /* file_info.dev of another file */
	uint64_t ino;	  /* file_info.ino of that file */
	uint64_t left;	  /* how many uses remain: inotab_use() */
};

#define INOTAB_NO_VALUE       \
	(struct inotab_value) \
	{                     \
		.text = ""    \
	}

/*
 * Add KEY with VALUE.  Both are copied.  A key that is already in the table
 * keeps its first value.
 *
 * Returns 0, or -ENOMEM with the table unchanged.
 */
int inotab_put(struct inotab *tab, struct inotab_key key,
	       struct inotab_value value);

/* Is the table empty? */
bool inotab_is_empty(const struct inotab *tab);

/* The value of KEY, owned by the table; NULL if KEY is not in it. */
const struct inotab_value *inotab_get(const struct inotab *tab,
				      struct inotab_key key);

/*
 * Count one use of KEY's value, if it has one: decrement its `left`.  When none
 * remain, remove the entry.
 */
void inotab_use(struct inotab *tab, struct inotab_key key);

/* Remove KEY, if it is in the table. */
void inotab_forget(struct inotab *tab, struct inotab_key key);

/* Free what TAB holds and leave it empty.  Usable with _cleanup_. */
void inotab_release(struct inotab *tab);
