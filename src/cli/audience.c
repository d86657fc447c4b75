/* SPDX-License-Identifier: BSD-2-Clause */
#include "audience.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "diag.h"

struct observer audience_begin(struct audience *a)
{
	a->began = clock_now();
	a->report.policy = a->policy;
	a->report.progress = &a->progress;
	a->report.is_silent = a->jsonl->is_stdout;
	fanout_add(&a->fanout, report_observer(&a->report));
	if (jsonl_is_open(a->jsonl) || a->operands->summary ||
	    a->operands->detailed_exit)
		fanout_add(&a->fanout, tally_observer(&a->tally, a->policy));
	if (jsonl_is_open(a->jsonl)) {
		a->records.jsonl = a->jsonl;
		a->records.policy = a->policy;
		fanout_add(&a->fanout, records_observer(&a->records));
	}
	progress_begin(&a->progress, a->policy, a->operands, &a->totals);
	return fanout_observer(&a->fanout);
}

static int status_of(const struct audience *a)
{
	if (a->operands->detailed_exit)
		return tally_status(&a->tally);
	return a->totals.n_failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int audience_end(struct audience *a)
{
	struct summary *summary = &a->summary;
	int status;

	progress_end(&a->progress);
	status = report_close(&a->report, status_of(a), EXIT_FAILURE);
	if (!a->operands->summary && !jsonl_is_open(a->jsonl))
		return status;
	summary->tally = &a->tally;
	summary->policy = a->policy;
	summary->operands = a->operands;
	summary_prepare(summary);
	if (a->operands->summary) {
		diag_locale();
		summary_print(stderr, summary, clock_now() - a->began);
	}
	if (jsonl_is_open(a->jsonl))
		summary_put_json(jsonl_summary(a->jsonl), summary);
	return status;
}

void audience_release(struct audience *a)
{
	summary_release(&a->summary);
	records_release(&a->records);
	tally_release(&a->tally);
}
