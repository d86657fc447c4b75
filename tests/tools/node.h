/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What stat(2) doesn't say of a file: for meta, which lists it, and for
 * fault/snap.c, which compares it in memory.  All of this exits if it can't
 * read something.
 */

/* A digest of the N bytes at P, after what H is a digest of. */
uint64_t digest_bytes(uint64_t h, const void *p, size_t n);

/*
 * The same of the bytes of FD from OFF, a multiple of 4 KiB, to END or its end.
 * Blocks of zeros don't count, so a hole is what they are.
 */
uint64_t digest_range(uint64_t h, int fd, off_t off, off_t end);

struct xattr {
	const char *name;
	const void *value;
	size_t n; /* bytes */
};

/*
 * The extended attributes of PATH, which may be a symbolic link, in the order of
 * their names.  Not XFS's second name of each ACL.
 *
 * Returns how many there are.  They last until the next call.
 */
size_t xattrs_read(const char *path, const struct xattr **ret);

/* The inode flags of FD; 0 where there are none. */
unsigned inode_flags(int fd);
