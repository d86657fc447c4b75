/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "context.h"
#include "fileinfo.h"

/*
 * What the policy of the system says: which context a file should have by its
 * path.  Through libselinux, which is loaded when it is asked for; a build
 * without it answers -ENOSYS.  May be used by several threads.
 */
struct contextdb;

/*
 * Open it.
 *
 * Returns 0 with *RET for contextdb_closep(); or -errno: -ELIBACC if
 * libselinux can't be loaded, -ENOENT if the policy has no table of paths.
 *
 * selabel_open(3).
 */
int contextdb_open(struct contextdb **ret);

/* Close it, if it is open.  For _cleanup_. */
void contextdb_closep(struct contextdb **db);

/*
 * The context that a file of TYPE is to be made with that gets the name NAME
 * in DIR: what the kernel would choose, but with the type for its path.
 *
 * Returns 0 with *RET a new string, the caller's; or -errno: -ENODATA if the
 * policy has nothing to say about it.
 *
 * selabel_lookup(3), security_compute_create(3).
 */
int contextdb_for_new(struct contextdb *db, fd_t dir, const char *name,
		      enum file_type type, char **ret);

/*
 * The same for FD, a file of TYPE that exists: its own context, but with the
 * type for its path.
 */
int contextdb_for_old(struct contextdb *db, fd_t fd, enum file_type type,
		      char **ret);

/*
 * TEXT, a context as users may write it, as the kernel has it.
 *
 * Returns 0 with *RET a new string, the caller's: TEXT itself where nothing
 * is known; or -errno.
 *
 * selinux_trans_to_raw_context(3).
 */
int contextdb_from_user(const char *text, char **ret);
