/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdint.h>

/*
 * Bytes from words: decimal digits, or 0x and hexadecimal ones, and after them
 * one of K, M, G, T, P, E (powers of 1024, either case), which iB may follow,
 * or nothing.  Leading zeros don't make a number octal.
 *
 * Returns 0 with *RET filled; -EEXIST if TEXT has KB or the like, which is 1000
 * for some and 1024 for others; -EINVAL if it is anything else, a sign or a
 * blank included; -ERANGE if it passes RANGE_OFF_MAX (range.h).
 *
 * expand_number(3bsd).
 */
int size_parse(const char *text, uint64_t *ret);
