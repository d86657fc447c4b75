/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fault.h"
#include "fd.h"
#include "policy.h"

/* Backups: keeping an existing destination under another name. */

/*
 * The name for a backup of NAME in DIR; POLICY must ask for one.  A numbered
 * backup gets the first number that is free now.  In a directory that can't be
 * read, existing numbered backups are not known.
 *
 * Returns 0 with *RET a new string that the caller frees; or -errno with a
 * FAULT_BACKUP.
 */
int keep_name(const struct policy *policy, fd_t dir, const char *name,
	      char **ret, struct fault *reterr);

/*
 * Rename the destination, NAME in DIR, to its backup.  A simple backup replaces
 * an older one; a numbered one replaces nothing.
 *
 * Returns 0 with *RET the backup's name, a new string that the caller frees, or
 * unchanged if the destination is gone; or -errno with *RETERR and nothing
 * changed.
 */
int keep_old(const struct policy *policy, fd_t dir, const char *name,
	     char **ret, struct fault *reterr);
