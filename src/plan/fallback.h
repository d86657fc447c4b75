/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

/*
 * The one list of errnos: what a refused way of copying means for the next.
 */

/* The ways that can be refused. */
enum fallback_op {
	FALLBACK_CLONE,	     /* FICLONE */
	FALLBACK_COPY_RANGE, /* copy_file_range(2) */
};

/* What to do after a refusal. */
enum verdict {
	/* Not this way, for this file: try the next. */
	VERDICT_NEXT,
	/* Not this way, for no file of this pair of file systems. */
	VERDICT_NEXT_FOR_PAIR,
	/* Not yet: wait, try again; in the end VERDICT_NEXT. */
	VERDICT_WAIT,
	/* Another way would meet the same wall, or carry damage on. */
	VERDICT_FAIL,
};

/* What does ERR (errno, positive) from OP mean? */
enum verdict fallback_judge(enum fallback_op op, int err);

/*
 * Does ERR (errno, positive) from FICLONE say that nothing has begun?  Those come
 * before the file system looks at the first extent.
 *
 * Linux fs/remap_range.c, fs/ioctl.c.
 */
bool fallback_is_early(int err);

/* The name of OP as manual pages have it: "FICLONE". */
const char *fallback_op_name(enum fallback_op op);
