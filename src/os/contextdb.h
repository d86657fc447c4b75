/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "context.h"
#include "fileinfo.h"

/*
 * The default contexts of the system's policy: which context a file should have
 * by its path.  contextdb_open() loads libselinux; in a build without it, it
 * returns -ENOSYS.  Several threads may use one database.
 */
struct contextdb;

/*
 * Open the database.
 *
 * Returns 0 with *RET to be passed to contextdb_closep(); or -errno: -ELIBACC
 * if libselinux can't be loaded, -ENOENT if the policy has no table of paths.
 *
 * selabel_open(3).
 */
int contextdb_open(struct contextdb **ret);

/* Close it, if it is open.  For _cleanup_. */
void contextdb_closep(struct contextdb **db);

/*
 * The context for a new file of TYPE with the name NAME in DIR: the one that
 * the kernel would choose, but with the default type for the path.
 *
 * Returns 0 with *RET a new string that the caller frees; or -errno: -ENODATA
 * if the policy has no default for the path.
 *
 * selabel_lookup(3), security_compute_create(3).
 */
int contextdb_for_new(struct contextdb *db, fd_t dir, const char *name,
		      enum file_type type, char **ret);

/*
 * The same for FD, an existing file of TYPE: its own context, but with the
 * default type for its path.
 */
int contextdb_for_old(struct contextdb *db, fd_t fd, enum file_type type,
		      char **ret);

/*
 * Translate TEXT, a context in the form that users write, to the kernel's form.
 *
 * Returns 0 with *RET a new string that the caller frees, a copy of TEXT if
 * there is no translation; or -errno.
 *
 * selinux_trans_to_raw_context(3).
 */
int contextdb_from_user(const char *text, char **ret);
