/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * Paths as operands have them.  Strings only: what they stand for is not
 * looked at.
 */

/*
 * The last component of PATH without slashes behind it: "b" of "a/b//".
 *
 * Returns a new string, the caller's, empty if PATH is; "/" if PATH is all
 * slashes; NULL if memory is short.
 */
char *target_last(const char *path);

/*
 * What stands before the last component of PATH, with its slash: "a/" of
 * "a/b", "" of "b".
 *
 * Returns a new string, the caller's, or NULL if memory is short.
 */
char *target_parent(const char *path);

/*
 * The path of REST under DIR, with one slash between: leading slashes of
 * REST go, trailing ones stay.
 *
 * Returns a new string, the caller's, or NULL if memory is short.
 */
char *target_join(const char *dir, const char *rest);

/* Cut the slashes at the end of PATH, but for a first one. */
void target_strip(char *path);
