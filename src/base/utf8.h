/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

/*
 * How many bytes at the beginning of S are UTF-8: complete characters, in their
 * shortest form, no surrogates, up to U+10FFFF (RFC 3629).  All of S is, if this
 * is its length.  The locale doesn't matter.
 */
size_t utf8_prefix(const char *s);
