/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Paths, taken apart and put together as strings; no file is looked at.
 * Nothing else above os/ splits a path.
 */

/* Does PATH begin at the root? */
bool pathname_is_absolute(const char *path);

/* Does NAME contain a slash, perhaps only at its end? */
bool pathname_has_slash(const char *name);

/* PATH without the slashes that it begins with. */
const char *pathname_relative(const char *path);

/* The length of PATH without trailing slashes; a leading one stays. */
size_t pathname_stem(const char *path);

/* The length of PATH's first component.  PATH must not begin with a slash. */
size_t pathname_first(const char *path);

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

/* How many components do the first LEN bytes of PATH have?  At least one. */
size_t pathname_count(const char *path, size_t len);

/*
 * If PATH is one sequence of components, repeated: how often?  3 for
 * "a/b/a/b/a/b", 1 for "a/b/a".
 */
size_t pathname_repeats(const char *path);

/*
 * PATH without ".", without ".." where it leads back, and without needless
 * slashes.  Where there are links, it may be another file.
 *
 * Returns a new string that the caller frees, or NULL if out of memory.
 */
char *pathname_plain(const char *path);
