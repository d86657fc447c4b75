/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fd.h"

/*
 * SELinux contexts, as the kernel has them: strings like
 * "system_u:object_r:etc_t:s0".  FD may be one that was opened to look at
 * (FD_PATH), also on a symbolic link.
 */

/*
 * Is SELinux on, so that files have contexts?  One system call says no.
 *
 * selinux(8).
 */
bool context_is_on(void);

/*
 * The context of FD.
 *
 * Returns 0 with *RET a new string, the caller's; or -errno of fgetxattr(2).
 */
int context_get(fd_t fd, char **ret);

/*
 * Give FD, which exists, CONTEXT.
 *
 * Returns 0 or -errno of fsetxattr(2): -EOPNOTSUPP where the file system keeps
 * none, -EACCES if the policy of the system doesn't allow it.
 */
int context_set(fd_t fd, const char *context);

/*
 * From here on whatever this thread makes gets CONTEXT; NULL: what the kernel
 * chooses.  A thread begins with that of the one that started it.  Costs
 * nothing when it is what was set last.
 *
 * Returns 0, or -errno: -EINVAL for a CONTEXT that is none, -EACCES if the
 * policy of the system doesn't allow it.
 *
 * proc_pid_attr(5), fscreate.
 */
int context_for_new(const char *context);
