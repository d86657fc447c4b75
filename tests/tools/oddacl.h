/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <sys/types.h>

/* The ACLs of oddfs that are no POSIX ACLs. */

/* What the attribute NAME of REAL is kept as: NAME, or what is in BUF then. */
const char *odd_acl_kept(const char *real, const char *name,
			 char buf[static 300]);

/* Of REAL the N bytes at LIST are kept; make them what is shown.  Returns how
 * many those are. */
ssize_t odd_acl_shown(const char *real, char *list, ssize_t n);

/* The mode of REAL was changed: its ACL says something else now. */
void odd_acl_mode_set(const char *real);
