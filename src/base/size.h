/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdint.h>

/*
 * Parse a number of bytes: decimal digits, or 0x and hexadecimal digits.  One
 * of K, M, G, T, P, E in either case may follow (powers of 1024), and iB after
 * that.  Leading zeros don't make a number octal.
 *
 * Returns 0 with *RET filled; -EEXIST if TEXT ends in KB or the like, which
 * means 1000 to some and 1024 to others; -EINVAL if it is anything else,
 * including a sign or a blank; -ERANGE if the number exceeds RANGE_OFF_MAX
 * (range.h).
 *
 * expand_number(3bsd).
 */
int size_parse(const char *text, uint64_t *ret);
