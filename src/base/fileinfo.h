/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What kind of thing a name stands for. */
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

/* What stat(2) tells, in words of no platform. */
struct file_info {
	enum file_type type;
	uint32_t mode;	     /* permission, set-id and sticky bits: 07777 */
	uint32_t uid;	     /* owner */
	uint32_t gid;	     /* group */
	uint64_t dev;	     /* the file system's number, as far as it goes */
	uint64_t ino;	     /* the file's number on it */
	uint64_t nlink;	     /* names it has */
	uint64_t rdev;	     /* of a device: its number, as the system has it */
	uint64_t size;	     /* bytes; 0 for what has no size */
	uint64_t allocated;  /* bytes of storage it takes */
	uint64_t block_size; /* bytes: a good unit for I/O, no alignment */
	struct timestamp atime; /* last access */
	struct timestamp mtime; /* last modification */
	struct timestamp ctime; /* last change of anything */
};

/* Are A and B facts about one and the same file? */
bool file_info_same(const struct file_info *a, const struct file_info *b);

/* Negative, 0 or positive, as A is earlier than, equal to or later than B. */
int timestamp_compare(struct timestamp a, struct timestamp b);

/* Nanoseconds of a second. */
#define SECOND UINT64_C(1000000000)

/*
 * T as a file system stores it whose times are multiples of STEP nanoseconds: a
 * power of ten up to SECOND, or 2 * SECOND.
 */
struct timestamp timestamp_cut(struct timestamp t, uint64_t step);

/*
 * What the times of INFO's file are multiples of, in nanoseconds: the greatest
 * power of ten up to SECOND.  Nobody but the system sets the time of the last
 * change, so this is the step of the file system, or, by chance, more: once in as
 * many files as that has nanoseconds.
 */
uint64_t file_info_time_step(const struct file_info *info);
