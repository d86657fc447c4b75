/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "observer.h"
#include "policy.h"
#include "progress.h"

/*
 * What is printed while files are copied: lines of -v and --debug on standard
 * output, faults on standard error, questions of -i.
 */

struct report {
	const struct policy *policy; /* borrowed */
	int err;		     /* 0; or -errno if output was lost */
	bool is_local;		     /* the user's locale is set */
	struct progress *progress;   /* borrowed; NULL: nobody can ask */
	bool is_silent;		     /* print no lines of --dry-run */
};

/* An observer that prints what R->policy asks for.  R must outlive it. */
struct observer report_observer(struct report *r);

/*
 * Flush standard output, at the end of a run that R reported; NULL: of another
 * one.
 *
 * Returns STATUS; or FAILURE, after a message, if output was lost.
 */
int report_close(const struct report *r, int status, int failure);
