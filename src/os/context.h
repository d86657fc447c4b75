/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fd.h"

/*
 * SELinux contexts in the kernel's form, for example
 * "system_u:object_r:etc_t:s0".  FD may have been opened with FD_PATH, and may
 * be a symbolic link.
 */

/*
 * Is SELinux on, so that files have contexts?  If not, one system call finds
 * out.
 *
 * selinux(8).
 */
bool context_is_on(void);

/*
 * Get the context of FD.
 *
 * Returns 0 with *RET a new string that the caller frees; or -errno of
 * fgetxattr(2).
 */
int context_get(fd_t fd, char **ret);

/*
 * Set the context of FD, an existing file, to CONTEXT.
 *
 * Returns 0 or -errno of fsetxattr(2): -EOPNOTSUPP if the file system stores no
 * contexts, -EACCES if the system's policy forbids it.
 */
int context_set(fd_t fd, const char *context);

/*
 * Give CONTEXT to all files that this thread makes from now on.  With NULL the
 * kernel chooses.  A new thread inherits the setting of its parent.  Setting
 * the same context again costs no system call.
 *
 * Returns 0, or -errno: -EINVAL if CONTEXT is invalid, -EACCES if the system's
 * policy forbids it.
 *
 * proc_pid_attr(5), fscreate.
 */
int context_for_new(const char *context);
