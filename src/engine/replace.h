/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "dest.h"
#include "entry.h"

/* How something new takes a name that may be in use; backups of what has it. */

/*
 * The name for a backup of NAME in DIR; POLICY must ask for one.  A numbered
 * backup gets the first number that is free now.  In a directory that can't be
 * read, existing numbered backups are not known; if it is FD_NONE (planned.h),
 * there are none.
 *
 * Returns 0 with *RET a new string that the caller frees; or -errno with a
 * FAULT_BACKUP.
 */
int replace_backup_name(const struct policy *policy, fd_t dir, const char *name,
			char **ret, struct fault *reterr);

/*
 * The same, as far as it can be known that the destination could be renamed to
 * it.
 */
int replace_check_backup(const struct policy *policy, fd_t dir,
			 const char *name, char **ret, struct fault *reterr);

/*
 * Rename the destination, NAME in DIR, to its backup.  A simple backup replaces
 * an older one; a numbered one replaces nothing.
 *
 * Returns 0 with *RET the backup's name, a new string that the caller frees, or
 * unchanged if the destination is gone; or -errno with *RETERR and nothing
 * changed.
 */
int replace_backup(const struct policy *policy, fd_t dir, const char *name,
		   char **ret, struct fault *reterr);

/*
 * Check that a file with a temporary name could take its final name: where
 * names can't be removed, the temporary name would stay for ever.
 *
 * Returns 0, or -EPERM with *RETERR: a FAULT_NAME or a FAULT_BACKUP.
 */
int replace_check_place(const struct run *run, const struct entry *entry,
			struct fault *reterr);

/*
 * Close what was made, and give it its final name.  If the policy asks for a
 * backup of an existing file, make that first.  On failure the old file has its
 * name again.
 *
 * Returns 0, or -errno with *RETERR.
 */
int replace_commit(struct run *run, struct entry *entry, struct dest *d,
		   struct fault *reterr);
