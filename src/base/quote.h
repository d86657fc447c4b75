/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * Quote NAME byte for byte as GNU cp 9 does in its messages.  A POSIX shell
 * with $'...' reads it back unchanged, and no byte in it controls a terminal.
 * It is always in quotes, in double ones where that avoids an escape.  Control
 * characters, and bytes that form no character, are escaped: \n, \303.
 *
 * The caller's locale (LC_CTYPE) decides which bytes form printable characters.
 * Without a locale every byte above 127 is escaped.
 *
 * Returns a string that the caller frees, or NULL if out of memory.
 */
char *quote_name(const char *name);
