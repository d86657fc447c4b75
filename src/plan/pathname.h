/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Paths, taken apart and put together as strings; no file is looked at.  Nothing
 * else above os/ splits a path.
 */

/* Does PATH begin at the root? */
bool pathname_is_absolute(const char *path);

/* Has NAME a slash, if only at its end? */
bool pathname_has_slash(const char *name);

/* PATH without the slashes that it begins with. */
const char *pathname_relative(const char *path);

/* The length of PATH without trailing slashes; one that it begins with stays. */
size_t pathname_stem(const char *path);

/* The length of the first component of PATH, which begins with no slash. */
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

/* How many components have the first LEN bytes of PATH?  At least one. */
size_t pathname_count(const char *path, size_t len);

/*
 * How many times does PATH repeat one sequence of whole components, and consist
 * of nothing else?  3 for "a/b/a/b/a/b", 1 for "a/b/a".
 */
size_t pathname_repeats(const char *path);
