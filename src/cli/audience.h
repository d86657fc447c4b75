/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "cmdline.h"
#include "fanout.h"
#include "jsonl.h"
#include "progress.h"
#include "records.h"
#include "report.h"
#include "summary.h"
#include "tally.h"

/* All that report on a copy, as far as the command line asks for them. */
struct audience {
	const struct policy *policy;	 /* borrowed */
	const struct operands *operands; /* borrowed */
	struct jsonl *jsonl;		 /* borrowed */
	uint64_t began;			 /* clock_now() */
	struct totals totals;		 /* of the run */
	struct progress progress;
	struct report report;
	struct tally tally;
	struct records records;
	struct summary summary;
	struct fanout fanout;
};

/*
 * Begin with a copy.  A has its borrowed members, and all else is 0.
 *
 * Returns the observer that all of them are.
 */
struct observer audience_begin(struct audience *a);

/*
 * The copy has ended: flush standard output, print the summary, and begin that
 * of the report.
 *
 * Returns the exit status.
 */
int audience_end(struct audience *a);

/* Free what A holds.  For _cleanup_. */
void audience_release(struct audience *a);
