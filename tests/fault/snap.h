/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* All that is in a small directory, so that two moments can be compared. */

#define SNAP_MAX 160

/* A name and what it stands for; a link is not followed. */
struct node {
	char path[96]; /* from the directory */
	mode_t mode;   /* type and permission bits */
	uid_t uid;
	gid_t gid;
	ino_t ino;
	off_t size;
	struct timespec atime;
	struct timespec mtime;
	uint64_t content; /* digest of bytes, holes being zeros, or of target */
	uint64_t acl;	  /* digest of the access ACL */
	uint64_t xattrs;  /* digest of the other attributes */
	unsigned open;	  /* what it allows to others: OPEN_* */
	unsigned flags;	  /* inode flags that are looked at */
};

struct snap {
	unsigned n;
	struct node v[SNAP_MAX];
};

/* Permission bits of a node that are not its owner's, the ACL counted in. */
#define OPEN_OTHER 0007u /* everybody */
#define OPEN_GROUP 0070u /* its group */
#define OPEN_NAMED 0700u /* somebody whom an ACL names */

/* Take a picture of DIR.  Exits if that can't be done. */
void snap_take(int dir, struct snap *ret);

/* The node at PATH, or NULL. */
const struct node *snap_find(const struct snap *snap, const char *path);

/* Have A and B the same type and content? */
bool node_same_content(const struct node *a, const struct node *b);

/* Have they the same mode, owner and ACL? */
bool node_same_mode(const struct node *a, const struct node *b);

/* Have they the same mode, owner, ACL and extended attributes? */
bool node_same_attrs(const struct node *a, const struct node *b);

/* Have they the same time of modification? */
bool node_same_mtime(const struct node *a, const struct node *b);

/* Have they the same inode flags? */
bool node_same_flags(const struct node *a, const struct node *b);

/* Is it the same file, unchanged?  The time of access doesn't count. */
bool node_unchanged(const struct node *a, const struct node *b);

/* Does all data of the files at A and B lie in the same places? */
bool files_share(int a, int b);

/* Where ranges begin, in two files. */
struct places_pair {
	int a;
	off_t a_off;
	int b;
	off_t b_off;
};

/* Do LEN bytes, whole blocks, lie in the same places, all of them? */
bool ranges_share(const struct places_pair *pair, off_t len);

/* Does a block of them? */
bool ranges_share_any(const struct places_pair *pair, off_t len);
