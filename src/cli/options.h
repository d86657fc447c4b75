/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "cmdline.h"
#include "policy.h"
#include "usage.h"

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

/*
 * Where a command line that can't be parsed wants its report: FILE of --json, as
 * in struct operands.
 */
const char *options_json(int argc, char **argv);
