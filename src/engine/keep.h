/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fault.h"
#include "fd.h"
#include "policy.h"

/* Backups: an existing destination is kept under another name. */

/*
 * The name that a backup of NAME in DIR gets by POLICY (which wants one): for
 * numbered ones the first that is free now.  In a directory that may not be read
 * no numbered one is known of.
 *
 * Returns 0 with *RET a new string, the caller's; or -errno with a
 * FAULT_BACKUP.
 */
int keep_name(const struct policy *policy, fd_t dir, const char *name,
	      char **ret, struct fault *reterr);

/*
 * Rename NAME in DIR, the destination, to its backup.  A simple backup takes the place
 * of an older one, a numbered one of nothing.
 *
 * Returns 0 with *RET the backup's name, a new string, the caller's, or left
 * alone if the destination is gone; or -errno with *RETERR and nothing changed.
 */
int keep_old(const struct policy *policy, fd_t dir, const char *name,
	     char **ret, struct fault *reterr);
