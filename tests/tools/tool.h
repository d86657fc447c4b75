/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdint.h>

/* What the fixtures have in common.  All of them give up by exiting with 2. */

/* Say "NAME: FORMAT: errno's text" on standard error and exit with 2. */
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format,
							 ...);

/* The same for what no system call said: "NAME: FORMAT". */
__attribute__((noreturn, format(printf, 1, 2))) void
die_plain(const char *format, ...);

/* Open PATH with FLAGS (mode 0666 if created); never returns a failure. */
int open_or_die(const char *path, int flags);

/*
 * Bytes, with K, M or G (powers of 1024) after the number, up to END: a
 * character of the string that stops it, or '\0'.  Exits when TEXT is none.
 */
uint64_t parse_bytes(const char *text, char end);

/* Milliseconds of a clock that nobody sets. */
int64_t now_ms(void);

/* Remove PATH with all below it, if it is there.  Returns 0, or -1 with errno. */
int remove_tree(const char *path);
