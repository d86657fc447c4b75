/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "judge.h"

/*
 * Is the report of --json, if T's scenario has one, what it must be?
 *
 * exit 0     it has the records that the run without a failure has, of the same
 *            types for the same names, and the summary is last;
 * exit 1     no name has two records of its file, and the summary is last; or
 *            it is said that the report could not be written.
 *
 * What records say has times, and depends on what has failed: it is not
 * compared.
 *
 * Returns NULL, or what is wrong.
 */
const char *reportjudge(const struct trial *t);
