/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The shortest run of zeros that is worth a hole, and its alignment. */
#define ZERO_BLOCK ((size_t)4096)

/*
 * How many of the LEN bytes (not 0) at P are blocks of nothing but zeros, or
 * blocks that all have something in them; the last one may be short.
 *
 * Returns that number, at least 1, with *RET_ZERO saying which.
 */
size_t zero_run(const char *p, size_t len, bool *ret_zero);
