/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <sys/types.h>

#include "meta.h"

/*
 * Calls that take a name only, on a file that was opened to look at, where
 * there is no /proc that has a name for each descriptor: a bare chroot.
 */

/* Does R of a call on a name in /proc/self/fd say that there is no /proc? */
bool byname_lacks_proc(int r);

/* May nobody else, but root, change what FILE->name stands for? */
bool byname_is_safe(const struct meta_file *file);

/* One such call on NAME, where the process stands; as those of xattr(7). */
typedef ssize_t (*byname_deed)(const char *name, void *arg);

/*
 * Stand where FILE has a name, do DEED with that name and ARG, go back.  Of a
 * directory the name is "."; of other files it is FILE->name in FILE->dir, which
 * is to be FILE before and after.
 *
 * Returns what DEED does; or -errno: -ESTALE if the name is another file's,
 * -ENOENT if none is known, -errno of unshare(2), fchdir(2) and stat(2).
 */
ssize_t byname_do(const struct meta_file *file, byname_deed deed, void *arg);
