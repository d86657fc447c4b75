/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdio.h>

/*
 * Write the text of --help to F: the forms of the command line for PROGNAME,
 * and the rows of options.def by group.  Lines are wrapped to WIDTH columns, at
 * least 60.  The caller checks F for errors.
 */
void help_print(FILE *f, const char *progname, int width);

/* Write the text of --version to F.  The caller checks F for errors. */
void version_print(FILE *f, const char *progname);
