/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "scenarios.h"

/* Both exit if something unexpected is in the way. */

/* Remove all that is in DIR, whatever its inode flags are. */
void prepare_empty(int dir);

/* Old and new times; the source's are between those of old files. */
#define TIME_OLD    1500000000
#define TIME_SOURCE 1600000000
#define TIME_NEW    1700000000

/* Write LEN bytes at OFF that depend on SEED and on their place; none is 0. */
void prepare_bytes(int fd, off_t off, size_t len, uint64_t seed);

/* Give FD times in the second SEC. */
void prepare_time(int fd, time_t sec);

/* Give FD the attribute NAME, where the file system has such things. */
void prepare_xattr(int fd, const char *name, const void *value, size_t len);

/* Give FD an ACL under the attribute's name NAME, likewise. */
void prepare_acl(int fd, const char *name);

/*
 * Make the source of SCENARIO in the empty directory DIR, on stable storage.
 * Returns false if the file system has no such thing.
 */
bool prepare_source(int dir, const struct scenario *scenario);

/* Make the old destination, if there is one, in the empty directory DIR. */
void prepare_old(int dir, const struct scenario *scenario);
