/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <bsd/sys/tree.h>

/*
 * A table of files that were seen, each with a value of the caller's.  The
 * key is (device, inode, label): the label tells apart the names of one file
 * where that matters, and is "" where it doesn't.
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

/* What is remembered of a file; what is not needed is "" and 0. */
struct inotab_value {
	const char *text; /* not NULL */
	uint64_t dev;	  /* another file: file_info.dev */
	uint64_t ino;	  /* and its file_info.ino */
	uint64_t left;	  /* times it is yet to be used: inotab_use() */
	uint32_t late;	  /* inode flags that the other file is yet to get */
};

#define INOTAB_NO_VALUE       \
	(struct inotab_value) \
	{                     \
		.text = ""    \
	}

/*
 * Remember KEY with VALUE.  Both are copied.  A key that is there keeps its
 * first value.
 *
 * Returns 0, or -ENOMEM with the table unchanged.
 */
int inotab_put(struct inotab *tab, struct inotab_key key,
	       struct inotab_value value);

/* Is nothing remembered? */
bool inotab_is_empty(const struct inotab *tab);

/* The value that KEY was put with, the table's own; NULL if it never was. */
const struct inotab_value *inotab_get(const struct inotab *tab,
				      struct inotab_key key);

/*
 * KEY's value, if it has one, was used: one time less is left, and after the
 * last it is forgotten, unless it has something late.
 */
void inotab_use(struct inotab *tab, struct inotab_key key);

/* Call SEE with each value. */
void inotab_each(const struct inotab *tab,
		 void (*see)(void *arg, const struct inotab_value *value),
		 void *arg);

/* Forget KEY, if it is there. */
void inotab_forget(struct inotab *tab, struct inotab_key key);

/* Free what TAB holds and leave it empty.  Usable with _cleanup_. */
void inotab_release(struct inotab *tab);
