/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

/* The one list of errnos: what to do when a way of copying is refused. */

/* The ways of copying that can be refused. */
enum fallback_op {
	FALLBACK_CLONE,	     /* FICLONE */
	FALLBACK_COPY_RANGE, /* copy_file_range(2) */
};

/* What to do after a refusal. */
enum verdict {
	/* Try the next way for this file. */
	VERDICT_NEXT,
	/* Use the next way for all files of this pair of file systems. */
	VERDICT_NEXT_FOR_PAIR,
	/* Wait and try again; if that is in vain, VERDICT_NEXT. */
	VERDICT_WAIT,
	/* Fail: another way would fail too, or copy damaged data. */
	VERDICT_FAIL,
};

/* What does ERR (errno, positive) from OP mean? */
enum verdict fallback_judge(enum fallback_op op, int err);

/*
 * Does ERR (errno, positive) from FICLONE say that the clone has not begun?  The
 * kernel returns these before the file system handles the first extent.
 *
 * Linux fs/remap_range.c, fs/ioctl.c.
 */
bool fallback_is_early(int err);

/* The name of OP in manual pages, for example "FICLONE". */
const char *fallback_op_name(enum fallback_op op);
