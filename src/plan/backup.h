/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * The number of ENTRY as a numbered backup of NAME: N in NAME.~N~.  Both are
 * single components.
 *
 * Returns N, or 0 if ENTRY is not a numbered backup of NAME.
 */
uint64_t backup_number(const char *name, const char *entry);

/* Is ENTRY the simple backup of the file NAME: NAME with SUFFIX? */
bool backup_is_simple(const char *name, const char *suffix, const char *entry);
