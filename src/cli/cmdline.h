/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* What a command line says, beside the policy. */

#include <stdbool.h>
#include <stddef.h>

/* What the program is to do. */
enum command {
	COMMAND_COPY,	/* copy files */
	COMMAND_PROBE,	/* --probe: try whether files can be cloned */
	COMMAND_SHARED, /* --shared: report which storage files share */
};

/* The arguments of --range and --ranges-from, in the order given. */
struct range_args {
	struct range_arg {
		const char *text; /* a range, or the name of a list of them */
		bool is_file;	  /* it is the name of a list */
	} * v;			  /* owned */
	size_t n;
};

/* The rest of the command line.  The strings point into argv. */
struct operands {
	char *const *v; /* the files, in the order given */
	size_t n;	/* how many */
	enum command command;
	char *const *options; /* the words before them */
	size_t n_options;
	bool summary;	    /* --summary */
	bool detailed_exit; /* --detailed-exit-code */
	const char *json;   /* --json: a file, or "-"; NULL if not given */
	struct range_args ranges;
	bool end_in_nul; /* -0: entries of lists end in NUL, not newline */
};

#define OPERANDS_EMPTY ((struct operands){ .v = NULL })

/* What options_parse() returns beside 0 and -errno. */
enum {
	OPTIONS_HELP = 1,    /* --help was given */
	OPTIONS_VERSION = 2, /* --version was given */
};
