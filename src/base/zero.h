/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The shortest run of zeros that is worth a hole, and its alignment. */
#define ZERO_BLOCK ((size_t)4096)

/*
 * Find the first run among the LEN bytes (not 0) at P: either blocks of nothing
 * but zeros, or blocks that each contain another byte.  The last block may be
 * short.
 *
 * Returns the length of the run, at least 1.  Sets *RET_ZERO if it is zeros, and
 * clears it otherwise.
 */
size_t zero_run(const char *p, size_t len, bool *ret_zero);
