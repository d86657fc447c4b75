/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "observer.h"

/*
 * Ask on standard error whether the file DST may be overwritten, and read a
 * line from standard input.  The caller has set the locale (diag_locale()).
 *
 * Returns true if the answer begins like a "yes" in the user's locale; else
 * false, also at the end of the input.
 */
bool prompt_overwrite(const char *dst, const struct question *question);
