/* SPDX-License-Identifier: BSD-2-Clause */
#include "shared_view.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <string.h>

#include "base.h"
#include "diag.h"
#include "fd.h"
#include "records.h"
#include "shared.h"
#include "shared_json.h"
#include "shared_text.h"

/* More bars than these can't be compared at a glance. */
#define BARS_MAX 100

/* Parts of a file for each column: bars may be narrower than the terminal. */
#define CELLS_PER_COLUMN 4

static struct shared_style choose_style(const struct operands *operands)
{
	struct shared_style style = { .columns = fd_columns(FD_STDOUT) };

	style.bars = style.columns > 0 && operands->n <= BARS_MAX;
	style.blocks = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	return style;
}

static int status_of(const struct shared *s)
{
	int status = SHARED_WHOLE;

	for (size_t i = 0; i < s->n; i++) {
		if (s->v[i].failed || s->v[i].answer == SHARE_NO_TELLING)
			return SHARED_TROUBLE;
		if (s->v[i].answer == SHARE_NOT_ALL)
			status = SHARED_NOT;
	}
	return status;
}

static void report(const struct policy *policy, const struct shared *s,
		   struct jsonl *j)
{
	_cleanup_(records_release) struct records records = {
		.jsonl = j,
		.policy = policy,
	};
	const struct observer obs = records_observer(&records);

	for (size_t i = 0; i < s->n; i++) {
		const struct shared_file *file = &s->v[i];
		const struct job job = { .src = file->name, .dst = "" };

		if (file->failed)
			diag_fault(&job, &file->fault, SEVERITY_FAILURE, NULL);
		if (!jsonl_is_open(j))
			continue;
		if (file->failed)
			obs.fault(obs.ctx, &job, &file->fault, SEVERITY_FAILURE,
				  NULL);
		else
			shared_json(j, s, i);
	}
}

int shared_view(const struct policy *policy, const struct operands *operands,
		struct jsonl *j)
{
	_cleanup_(shared_release) struct shared shared = SHARED_EMPTY;
	struct shared_style style;
	int r;

	diag_locale();
	style = choose_style(operands);
	r = shared_run(policy, operands->v, operands->n,
		       style.bars ? style.columns * CELLS_PER_COLUMN : 0,
		       &shared);
	if (r == 0) {
		report(policy, &shared, j);
		if (!j->is_stdout)
			shared_text(stdout, &shared, &style);
	}
	if (r < 0) {
		diag_error("cannot compare files", -r);
		return SHARED_TROUBLE;
	}
	return status_of(&shared);
}
