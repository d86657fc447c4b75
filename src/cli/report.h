/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "observer.h"
#include "policy.h"

/*
 * What is told while files are copied: -v and --debug lines on standard
 * output, faults on standard error, -i's questions.
 */

struct report {
	const struct policy *policy; /* lent */
	int err;       /* -errno: something could not be said; 0 */
	bool is_local; /* the user's locale is set */
};

/* An observer that tells as R->policy has it.  R is used as long as it is. */
struct observer report_observer(struct report *r);

/*
 * Write out what standard output still holds.
 *
 * Returns 0, or -errno: something that was to be said is lost.
 */
int report_finish(const struct report *r);
