/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fd.h"
#include "fileinfo.h"

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
bool selinux_is_on(void);

/*
 * Get the context of FD.
 *
 * Returns 0 with *RET a new string that the caller frees; or -errno of
 * fgetxattr(2).
 */
int selinux_get(fd_t fd, char **ret);

/*
 * Set the context of FD, an existing file, to CONTEXT.
 *
 * Returns 0 or -errno of fsetxattr(2): -EOPNOTSUPP if the file system stores no
 * contexts, -EACCES if the system's policy forbids it.
 */
int selinux_set(fd_t fd, const char *context);

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
int selinux_use_for_new(const char *context);

/*
 * The default contexts of the system's policy: which context a file should have
 * by its path.  Several threads may use them.
 */
struct selinux_defaults;

/*
 * Load libselinux, and the policy's table of paths.
 *
 * Returns 0 with *RET to be passed to selinux_defaults_closep(); or -errno:
 * -ENOSYS in a build without libselinux, -ELIBACC if it can't be loaded,
 * -ENOENT if the policy has no table of paths.
 *
 * selabel_open(3).
 */
int selinux_defaults_open(struct selinux_defaults **ret);

/* Free *DB if it is not NULL.  For _cleanup_. */
void selinux_defaults_closep(struct selinux_defaults **db);

/*
 * The context for a new file of TYPE with the name NAME in DIR: the one that
 * the kernel would choose, but with the default type for the path.
 *
 * Returns 0 with *RET a new string that the caller frees; or -errno: -ENODATA
 * if the policy has no default for the path.
 *
 * selabel_lookup(3), security_compute_create(3).
 */
int selinux_defaults_for_new(struct selinux_defaults *db, fd_t dir,
			     const char *name, enum file_type type, char **ret);

/*
 * The same for FD, an existing file of TYPE: its own context, but with the
 * default type for its path.
 */
int selinux_defaults_for_old(struct selinux_defaults *db, fd_t fd,
			     enum file_type type, char **ret);

/*
 * Translate TEXT, a context in the form that users write, to the kernel's form.
 *
 * Returns 0 with *RET a new string that the caller frees, a copy of TEXT if
 * there is no translation; or -errno.
 *
 * selinux_trans_to_raw_context(3).
 */
int selinux_from_user(const char *text, char **ret);
