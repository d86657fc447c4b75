/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "observer.h"

/*
 * Ask on standard error whether the file at path DST may be overwritten, and
 * read a line from standard input.  The locale is as the caller has set it
 * (diag_locale()).
 *
 * Returns true if the answer begins as a "yes" of the user's locale does; false
 * for all else, the end of the input included.
 */
bool prompt_overwrite(const char *dst, const struct question *question);
