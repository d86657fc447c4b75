/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <sys/types.h>

#include "fd.h"

/*
 * Calls that take only a name, for a file that was opened with FD_PATH.
 * Usually /proc has a name for each descriptor; these functions serve systems
 * without /proc, such as a bare chroot.
 */

/* Does the result R of a call on a name in /proc/self/fd mean: no /proc? */
bool byname_lacks_proc(int r);

/* Is FILE->name safe from changes by all users but this one and root? */
bool byname_is_safe(const struct fd_named *file);

/* A call on NAME in the working directory; returns as those of xattr(7) do. */
typedef ssize_t (*byname_deed)(const char *name, void *arg);

/*
 * Change to the directory that contains FILE, call DEED with its name and ARG,
 * and change back.  A directory is its own working directory, with the name
 * ".".  For other files this is FILE->name in FILE->dir; the name must belong
 * to FILE before and after the call.
 *
 * Returns the result of DEED; or -errno: -ESTALE if the name is another file's,
 * -ENOENT if no name is known, -errno of unshare(2), fchdir(2) and stat(2).
 */
ssize_t byname_do(const struct fd_named *file, byname_deed deed, void *arg);
