/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The type of a file. */
enum file_type {
	FILE_REGULAR,
	FILE_DIRECTORY,
	FILE_SYMLINK,
	FILE_FIFO,
	FILE_SOCKET,
	FILE_CHAR_DEVICE,
	FILE_BLOCK_DEVICE,
	FILE_OTHER, /* none of these */
};

/* A point in time: seconds since 1970-01-01 UTC, and nanoseconds. */
struct timestamp {
	int64_t sec;
	uint32_t nsec; /* 0 to 999,999,999 */
};

/* Who owns a file, in the system's numbers: to be compared and passed on. */
struct owner {
	uint32_t user;
	uint32_t group;
};

/* What stat(2) returns, in terms of no platform. */
struct file_info {
	enum file_type type;
	uint32_t mode;		/* permission, set-id and sticky bits: 07777 */
	struct owner owner;	/* its user and group */
	uint64_t dev;		/* the number of the file system */
	uint64_t ino;		/* the number of the file on it */
	uint64_t nlink;		/* hard links: names that it has */
	uint64_t rdev;		/* of a device: its number */
	uint64_t size;		/* bytes; 0 for files without a size */
	uint64_t allocated;	/* bytes of storage used */
	uint64_t block_size;	/* bytes: preferred for I/O; not an alignment */
	struct timestamp atime; /* last access */
	struct timestamp mtime; /* last modification */
	struct timestamp ctime; /* last change of content or attributes */
};

/* Are both the user and the group the same? */
bool owner_equal(struct owner a, struct owner b);

/* Is TYPE one that mknod(2) makes: a FIFO, a socket or a device? */
bool file_type_is_node(enum file_type type);

/* Do A and B describe the same file? */
bool file_info_same(const struct file_info *a, const struct file_info *b);

/* Negative if A is earlier than B, 0 if they are equal, positive if later. */
int timestamp_compare(struct timestamp a, struct timestamp b);

/* Nanoseconds per second. */
#define SECOND UINT64_C(1000000000)

/*
 * T as stored by a file system whose times are multiples of STEP nanoseconds.
 * STEP is a power of ten up to SECOND, or 2 * SECOND.
 */
struct timestamp timestamp_cut(struct timestamp t, uint64_t step);

/*
 * The largest power of ten, up to SECOND, of which all times of INFO's file are
 * multiples, in nanoseconds.  Users can't set ctime, so this is usually the step
 * in which the file system stores times.  For a step of N nanoseconds, it is
 * larger by chance in one of N files.
 */
uint64_t file_info_time_step(const struct file_info *info);
