/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cmdline.h"
#include "range.h"
#include "usage.h"

/* The ranges of one run, in the order given. */
struct rangelist {
	struct span *v; /* owned; len 0: to the end of the source */
	size_t n;
};

#define RANGELIST_EMPTY ((struct rangelist){ .v = NULL, .n = 0 })

/*
 * Is TEXT, the argument of --range, a range?
 *
 * Returns 0, or -errno with *RETERR filled.
 */
int rangelist_check(const char *text, struct usage_error *reterr);

/*
 * Read the ranges of ARGS, from the command line and from files.  With
 * END_IN_NUL the entries of files end in NUL, not newline.  A file without a
 * range is an error.  Only the list itself takes memory.
 *
 * Returns 0 with *RET to be passed to rangelist_release(); or -errno with
 * *RETERR, which names the argument, or the file and the line.
 */
int rangelist_read(const struct range_args *args, bool end_in_nul,
		   struct rangelist *ret, struct usage_error *reterr);

/* Free the memory of LIST.  For _cleanup_. */
void rangelist_release(struct rangelist *list);
