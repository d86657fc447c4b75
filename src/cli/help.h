/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdio.h>

/*
 * Write what --help prints to F: the forms of the command line with PROGNAME
 * in front, and the rows of options.def by group, wrapped to WIDTH columns.
 * Less than 60 columns are taken for 60.  Errors stay with F.
 */
void help_print(FILE *f, const char *progname, int width);

/* Write what --version prints to F.  Errors stay with F. */
void version_print(FILE *f, const char *progname);
