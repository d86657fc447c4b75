/* SPDX-License-Identifier: BSD-2-Clause */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

/* So many reasons are kept apart; more are rare, and counted in their class. */
#define REASONS_MAX 64

/* What a file's content is made of. */
static enum result result_of_bytes(uint64_t cloned, uint64_t other)
{
	if (cloned > 0)
		return other > 0 ? RESULT_MIXED : RESULT_CLONED;
	return other > 0 ? RESULT_COPIED : RESULT_CREATED;
}

enum result result_of(const struct outcome *out)
{
	const struct counts *c = &out->counts;
	const enum result bytes =
		result_of_bytes(c->cloned, c->offloaded + c->copied + c->holes);

	switch (out->what) {
	case OUTCOME_FAILED:
		return RESULT_FAILED;
	case OUTCOME_DATA:
		return bytes;
	case OUTCOME_RANGES:
		return bytes == RESULT_CREATED ? RESULT_SKIPPED : bytes;
	case OUTCOME_LINK:
		return RESULT_LINKED;
	case OUTCOME_ATTRIBUTES:
	case OUTCOME_NODE:
	case OUTCOME_DIRECTORY:
		return RESULT_CREATED;
	case OUTCOME_EXISTING:
	case OUTCOME_SKIPPED:
	case OUTCOME_REPEATED:
		break;
	}
	return RESULT_SKIPPED;
}

enum result result_of_range(const struct range_outcome *out)
{
	const enum result bytes =
		result_of_bytes(out->cloned, out->copied + out->holes);

	return bytes == RESULT_CREATED ? RESULT_SKIPPED : bytes;
}

const char *result_name(enum result result)
{
	static const char *const names[RESULT_MAX] = {
		[RESULT_CLONED] = "cloned",   [RESULT_COPIED] = "copied",
		[RESULT_MIXED] = "mixed",     [RESULT_LINKED] = "linked",
		[RESULT_CREATED] = "created", [RESULT_SKIPPED] = "skipped",
		[RESULT_FAILED] = "failed",
	};

	return names[result];
}

static struct tally_pair *find_pair(struct tally *t, const struct outcome *out)
{
	struct tally_pair *p = t->pairs;

	while (p &&
	       !(p->src_dev == out->src_dev && p->dst_dev == out->dst_dev &&
		 p->err == out->counts.clone_err))
		p = p->next;
	return p;
}

static struct tally_pair *add_pair(struct tally *t, const struct job *job,
				   const struct outcome *out)
{
	struct tally_pair *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->src_dev = out->src_dev;
	p->dst_dev = out->dst_dev;
	p->err = out->counts.clone_err;
	p->by_range = out->counts.by_range;
	p->src = strdup(job->src);
	p->dst = strdup(job->dst);
	p->next = t->pairs;
	t->pairs = p;
	return p;
}

static void note_pair(struct tally *t, const struct job *job,
		      const struct outcome *out)
{
	const struct counts *c = &out->counts;
	struct tally_pair *p = find_pair(t, out);

	if (!p)
		p = add_pair(t, job, out);
	if (!p)
		return;
	p->files++;
	if (out->what != OUTCOME_FAILED)
		p->bytes += c->copied + c->offloaded;
}

static void on_end(void *ctx, const struct job *job, const struct outcome *out)
{
	struct tally *t = ctx;
	const struct counts *c = &out->counts;
	enum thing thing =
		out->type == FILE_DIRECTORY ? THING_DIRECTORY : THING_FILE;

	t->n[thing][result_of(out)]++;
	if (c->clone_err)
		note_pair(t, job, out);
	if (out->what == OUTCOME_FAILED)
		return;
	t->cloned += c->cloned;
	t->copied += c->copied;
	t->offloaded += c->offloaded;
	t->holes += c->holes;
}

static void on_range_done(void *ctx, const struct job *job,
			  const struct range_outcome *out)
{
	struct tally *t = ctx;

	(void)job;
	t->n[THING_RANGE][result_of_range(out)]++;
}

static void on_ranges_stopped(void *ctx, const struct job *job,
			      const struct ranges_stop *stop)
{
	struct tally *t = ctx;

	(void)job;
	(void)stop;
	t->n[THING_RANGE][RESULT_FAILED]++;
}

static void note_reason(struct tally *t, const struct fault *fault)
{
	struct tally_reason *r = t->reasons;
	size_t n = 0;

	for (; r; r = r->next, n++)
		if (r->fault.op == fault->op && r->fault.err == fault->err)
			break;
	if (!r && n < REASONS_MAX) {
		r = calloc(1, sizeof(*r));
		if (r) {
			r->fault = *fault;
			r->next = t->reasons;
			t->reasons = r;
		}
	}
	if (r)
		r->n++;
}

static void on_fault(void *ctx, const struct job *job,
		     const struct fault *fault, enum severity severity,
		     const char *detail)
{
	struct tally *t = ctx;

	(void)job;
	(void)detail;
	if (severity == SEVERITY_WARNING) {
		t->warnings++;
		return;
	}
	t->failures[fault_class(fault)]++;
	t->refused += fault_is_refused_clone(fault);
	t->vanished += fault->vanished;
	note_reason(t, fault);
}

struct observer tally_observer(struct tally *tally, const struct policy *policy)
{
	return (struct observer){
		.ctx = tally,
		.end = policy->dry_run ? NULL : on_end,
		.range_done = policy->dry_run ? NULL : on_range_done,
		.ranges_stopped = on_ranges_stopped,
		.fault = on_fault,
	};
}

uint64_t tally_failures(const struct tally *tally)
{
	uint64_t n = 0;

	for (size_t i = 0; i < FAULT_CLASS_MAX; i++)
		n += tally->failures[i];
	return n;
}

int tally_status(const struct tally *tally)
{
	const uint64_t space = tally->failures[FAULT_CLASS_SPACE];

	if (tally_failures(tally) > space + tally->refused + tally->vanished)
		return 1;
	if (space > 0)
		return 6;
	if (tally->refused > 0)
		return 4;
	if (tally->vanished > 0)
		return 5;
	return tally->copied + tally->offloaded > 0 ? 3 : 0;
}

void tally_release(struct tally *tally)
{
	while (tally->pairs) {
		struct tally_pair *p = tally->pairs;

		tally->pairs = p->next;
		free(p->src);
		free(p->dst);
		free(p);
	}
	while (tally->reasons) {
		struct tally_reason *r = tally->reasons;

		tally->reasons = r->next;
		free(r);
	}
}
