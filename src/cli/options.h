/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "policy.h"
#include "usage.h"

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
	struct range_args ranges;
	bool end_in_nul; /* -0: entries of lists end in NUL, not newline */
};

#define OPERANDS_EMPTY    \
	(struct operands) \
	{                 \
		.v = NULL \
	}

/* What options_parse() returns beside 0 and -errno. */
enum {
	OPTIONS_HELP = 1,    /* --help was given */
	OPTIONS_VERSION = 2, /* --version was given */
};

/*
 * Parse the command line into a policy and operands, by the table in
 * options.def.  This reads the environment (POSIXLY_CORRECT, VERSION_CONTROL
 * and SIMPLE_BACKUP_SUFFIX).  It prints nothing and opens nothing.  It may
 * permute ARGV, as getopt_long(3) does.
 *
 * Returns 0 with *RET and *RET_OPERANDS filled, the latter to be passed to
 * operands_release(); OPTIONS_HELP or OPTIONS_VERSION with neither filled;
 * -EINVAL or -ENOMEM with *RETERR filled.
 */
int options_parse(int argc, char **argv, struct policy *ret,
		  struct operands *ret_operands, struct usage_error *reterr);

/* Free the memory of OPERANDS, which may be OPERANDS_EMPTY.  For _cleanup_. */
void operands_release(struct operands *operands);
