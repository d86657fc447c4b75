/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * NAME written so that a POSIX shell with $'...' reads it back as it was and a
 * terminal obeys nothing in it, byte for byte as GNU cp 9 quotes names in its
 * messages: always between quotes, double ones if that avoids an escape,
 * control characters and bytes that are no character as \n or \303.
 *
 * What is a character, and which can be printed, is asked of the locale that
 * the caller has set (LC_CTYPE); without one every byte above 127 is escaped.
 *
 * Returns a string that the caller frees, or NULL for want of memory.
 */
char *quote_name(const char *name);
