/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

#include "base.h"
#include "cmdline.h"

/* An error in the command line, or in a file that it names. */
struct usage_error {
	/*
	 * The whole message without the program's name and without a newline
	 * at the end; several lines if valid arguments are listed.  There is
	 * room for a path and a sentence.
	 */
	char text[4096];
	/* Does "Try '... --help'" follow? */
	int try_help;
	/* What the program was to do, as far as the line was read. */
	enum command command;
};

/* Start a new message; TRY_HELP as in the struct. */
void usage_error_begin(struct usage_error *e, int try_help);

/*
 * Set the message to BEFORE, NAME in quotes unless it is NULL, and AFTER; the
 * hint at --help follows.  Returns -EINVAL.
 */
int usage_refuse(struct usage_error *e, const char *before, const char *name,
		 const char *after);

/* Set the message to TEXT, without that hint.  Returns -EINVAL. */
int usage_refuse_tersely(struct usage_error *e, const char *text);

/* Set the message for a lack of memory.  Returns -ENOMEM. */
int usage_refuse_for_memory(struct usage_error *e);

/* Append to the text, as printf(3) would; text that doesn't fit is lost. */
void _printf_(2, 3)
	usage_error_add(struct usage_error *e, const char *format, ...);

/* Append the N bytes at NAME, or those before a NUL, in quotes (quote.h). */
void usage_error_add_quoted(struct usage_error *e, const char *name, size_t n);
