/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

#include "policy.h"

/* The file operands, in the order given.  They point into argv. */
struct operands {
	char *const *v; /* first operand */
	size_t n;	/* how many */
};

/* A command line that can't be carried out. */
struct usage_error {
	/*
	 * The whole sentence without the program's name, several lines where
	 * valid arguments are listed; no newline at the end.
	 */
	char text[1024];
	/* whether "Try '... --help'" follows it */
	int try_help;
};

/* What options_parse() returns beside 0 and -errno. */
enum {
	OPTIONS_HELP = 1,    /* --help was given */
	OPTIONS_VERSION = 2, /* --version was given */
};

/*
 * Turn the command line into a policy and operands, by the table in
 * options.def.  Reads the environment (POSIXLY_CORRECT through getopt_long(3),
 * VERSION_CONTROL and SIMPLE_BACKUP_SUFFIX).  Prints nothing.  May permute
 * ARGV, as getopt_long(3) does.
 *
 * Returns 0 with *RET and *RET_OPERANDS filled; OPTIONS_HELP or
 * OPTIONS_VERSION with neither filled; -EINVAL with *RETERR filled.
 */
int options_parse(int argc, char **argv, struct policy *ret,
		  struct operands *ret_operands, struct usage_error *reterr);
