/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * Paths of operands.  These functions handle strings only; they don't look at
 * files.
 */

/*
 * The last component of PATH without trailing slashes: "b" of "a/b//".
 *
 * Returns a new string that the caller frees: "" if PATH is empty, "/" if PATH
 * consists of slashes; or NULL if out of memory.
 */
char *pathname_last(const char *path);

/*
 * The part of PATH before its last component, with the slash: "a/" of "a/b", ""
 * of "b".
 *
 * Returns a new string that the caller frees, or NULL if out of memory.
 */
char *pathname_parent(const char *path);

/*
 * The path of REST below DIR, with one slash in between.  Leading slashes of
 * REST are dropped; trailing ones stay.
 *
 * Returns a new string that the caller frees, or NULL if out of memory.
 */
char *pathname_join(const char *dir, const char *rest);

/* Remove trailing slashes from PATH, but not a slash that it begins with. */
void pathname_strip(char *path);
