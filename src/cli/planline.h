/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "observer.h"
#include "policy.h"

/* The lines of --dry-run, on standard output. */

/*
 * What would become of JOB.  OUT is that of its "made" call, or of its end if
 * it would be skipped.
 *
 * Returns 0, or -ENOMEM if a name could not be quoted.
 */
int planline_made(const struct policy *policy, const struct job *job,
		  const struct outcome *out);

/* What would be needed on a file system. */
int planline_space(const struct plan_space *space);

/* WHY in a few words; NULL for none. */
const char *planline_why(enum plan_why why);
