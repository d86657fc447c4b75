/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

#include "base.h"

/* A command line, or a file that it names, that can't be carried out. */
struct usage_error {
	/*
	 * The whole sentence without the program's name, several lines where
	 * valid arguments are listed; no newline at the end.  Room for a path
	 * and for what is wrong with it.
	 */
	char text[4096];
	/* whether "Try '... --help'" follows it */
	int try_help;
};

/* Begin anew, with no text; TRY_HELP as in the struct. */
void usage_error_begin(struct usage_error *e, int try_help);

/* Add to the text, as printf(3) would; what there is no room for is lost. */
void _printf_(2, 3)
	usage_error_add(struct usage_error *e, const char *format, ...);

/* Add the N bytes at NAME, or those up to a NUL, in quotes (quote.h). */
void usage_error_add_quoted(struct usage_error *e, const char *name, size_t n);
