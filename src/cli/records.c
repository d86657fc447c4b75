/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A record is written when its thing ends.  Errors come before that, and those
 * of several things are mixed, so they are kept by their thing's number.
 */
#include "records.h"

#include <stdlib.h>

#include "base.h"
#include "cp_fault.h"
#include "diag.h"
#include "errname.h"
#include "fault_class.h"
#include "tally.h"

struct records_pending {
	struct records_pending *next;
	uint64_t number;    /* job.number */
	struct json errors; /* values of an array */
};

static void pending_free(struct records_pending *p)
{
	json_release(&p->errors);
	free(p);
}

/* What is pending of the thing NUMBER, out of the list; NULL: nothing. */
static struct records_pending *take_pending(struct records *records,
					    uint64_t number)
{
	struct records_pending **link = &records->pending;
	struct records_pending *p;

	while (*link && (*link)->number != number)
		link = &(*link)->next;
	p = *link;
	if (p)
		*link = p->next;
	return p;
}

static struct json *pending_errors(struct records *records, uint64_t number)
{
	struct records_pending *p = take_pending(records, number);

	if (!p) {
		p = malloc(sizeof(*p));
		if (!p)
			return NULL;
		*p = (struct records_pending){ .number = number,
					       .errors = JSON_EMPTY };
	}
	p->next = records->pending;
	records->pending = p;
	return &p->errors;
}

/* Add what a fault of JOB is, after its severity. */
static void put_error(struct json *json, const struct policy *policy,
		      const struct job *job, const struct fault *fault,
		      const char *detail)
{
	static const char *const left[] = {
		[FAULT_LEFT_ALONE] = NULL,
		[FAULT_LEFT_EMPTY] = "empty",
		[FAULT_LEFT_HALF] = "half",
	};
	const struct fault cps = cp_fault(policy, fault);
	_cleanup_(freep) char *text = diag_fault_text(job, &cps, detail);

	json_string(json, "class", fault_class_name(fault_class(fault)));
	json_string(json, "call", fault_call_name(fault));
	json_string(json, "errno",
		    fault_has_errno(fault) ? errname(fault->err) : NULL);
	/* Of the target directory there is one name only. */
	json_name(json, "src",
		  *job->src && fault->obj != FAULT_DIR ? job->src : NULL);
	json_name(json, "dst", *job->dst ? job->dst : NULL);
	json_name(json, "detail", detail);
	json_string(json, "left", left[fault->left]);
	json_string(json, "message", text);
}

static void on_fault(void *ctx, const struct job *job,
		     const struct fault *fault, enum severity severity,
		     const char *detail)
{
	struct records *records = ctx;
	struct jsonl *jsonl = records->jsonl;
	const char *name = severity == SEVERITY_FAILURE ? "failure" : "warning";
	struct json *json;

	if (job->number == 0 || records->policy->dry_run) {
		json = jsonl_begin(jsonl, "error");
		json_string(json, "severity", name);
		put_error(json, records->policy, job, fault, detail);
		jsonl_time(jsonl);
		jsonl_end(jsonl);
		return;
	}
	json = pending_errors(records, job->number);
	if (!json) {
		jsonl_lose(jsonl);
		return;
	}
	json_open(json, NULL, '{');
	json_string(json, "severity", name);
	put_error(json, records->policy, job, fault, detail);
	json_close(json, '}');
}

/* Add what ended cloning. */
static void put_refused(struct json *json, int err, bool by_range)
{
	if (err == 0) {
		json_null(json, "refused");
		return;
	}
	json_open(json, "refused", '{');
	json_string(json, "call", by_range ? "FICLONERANGE" : "FICLONE");
	json_string(json, "errno", errname(err));
	json_close(json, '}');
}

static void put_errors(struct records *records, struct json *json,
		       uint64_t number)
{
	struct records_pending *p = take_pending(records, number);

	json_open(json, "errors", '[');
	if (p) {
		json_raw(json, NULL, &p->errors);
		pending_free(p);
	}
	json_close(json, ']');
}

/* The names of types; NULL: unknown. */
static const char *const kinds[] = {
	[FILE_REGULAR] = "file",       [FILE_DIRECTORY] = "directory",
	[FILE_SYMLINK] = "symlink",    [FILE_FIFO] = "fifo",
	[FILE_SOCKET] = "socket",      [FILE_CHAR_DEVICE] = "char",
	[FILE_BLOCK_DEVICE] = "block", [FILE_OTHER] = NULL,
};

static void put_size(struct json *json, const struct outcome *out)
{
	if (out->type == FILE_REGULAR)
		json_uint(json, "size", out->size);
	else
		json_null(json, "size");
}

static void on_end(void *ctx, const struct job *job, const struct outcome *out)
{
	static const struct counts nothing = { .cloned = 0 };
	struct records *records = ctx;
	const struct counts *c =
		out->what == OUTCOME_FAILED ? &nothing : &out->counts;
	struct json *json = jsonl_begin(records->jsonl, "file");

	json_string(json, "kind", kinds[out->type]);
	json_name(json, "src", job->src);
	json_name(json, "dst", job->dst);
	json_name(json, "backup", job->backup);
	json_string(json, "result", result_name(result_of(out)));
	put_size(json, out);
	json_uint(json, "cloned", c->cloned);
	json_uint(json, "copied", c->copied);
	json_uint(json, "offloaded", c->offloaded);
	json_uint(json, "holes", c->holes);
	put_refused(json, out->counts.clone_err, out->counts.by_range);
	put_errors(records, json, job->number);
	jsonl_time(records->jsonl);
	jsonl_end(records->jsonl);
}

/* What would be done, in a word. */
static const char *action_of(const struct policy *policy,
			     const struct outcome *out)
{
	static const char *const ways[] = {
		[PLAN_WAY_NONE] = "create",
		[PLAN_WAY_CLONE_OR_COPY] = "clone_or_copy",
		[PLAN_WAY_CLONE_OR_FAIL] = "clone_or_fail",
		[PLAN_WAY_COPY] = "copy",
	};

	if (out->what == OUTCOME_SKIPPED)
		return "skip";
	if (out->what == OUTCOME_ATTRIBUTES && out->plan.old != PLAN_OLD_NONE)
		return "set_attributes";
	if (out->what == OUTCOME_RANGES)
		return "write_ranges";
	if (out->what == OUTCOME_LINK &&
	    (out->plan.link || policy->make == MAKE_HARD_LINK))
		return "hard_link";
	return ways[out->plan.way];
}

/* For --dry-run. */
static void on_planned(void *ctx, const struct job *job,
		       const struct outcome *out)
{
	static const char *const olds[] = {
		[PLAN_OLD_NONE] = NULL,
		[PLAN_OLD_WRITTEN] = "overwrite",
		[PLAN_OLD_REPLACED] = "replace",
		[PLAN_OLD_KEPT] = "keep",
		[PLAN_OLD_SAME] = "same",
	};
	static const char *const whys[] = {
		[PLAN_WHY_NONE] = NULL,
		[PLAN_WHY_NEVER] = "never",
		[PLAN_WHY_SPARSE] = "sparse",
		[PLAN_WHY_APART] = "file_systems",
		[PLAN_WHY_LACKING] = "unsupported",
		[PLAN_WHY_STREAM] = "not_regular",
	};
	struct records *records = ctx;
	const struct plan *plan = &out->plan;
	bool is_directory = out->what == OUTCOME_DIRECTORY;
	struct json *json = jsonl_begin(records->jsonl, "plan");

	json_string(json, "action", action_of(records->policy, out));
	json_string(json, "kind",
		    kinds[is_directory ? FILE_DIRECTORY : plan->type]);
	json_name(json, "src", job->src);
	json_name(json, "dst", job->dst);
	json_name(json, "backup", job->backup);
	json_name(json, "link", plan->link);
	json_string(json, "existing", olds[plan->old]);
	json_string(json, "why", whys[plan->why]);
	if (plan->way == PLAN_WAY_NONE)
		json_null(json, "size");
	else
		json_uint(json, "size", plan->bytes);
	json_bool(json, "asks", plan->asks);
	jsonl_end(records->jsonl);
}

static void on_planned_end(void *ctx, const struct job *job,
			   const struct outcome *out)
{
	if (out->what == OUTCOME_SKIPPED)
		on_planned(ctx, job, out);
}

static void on_space(void *ctx, const struct plan_space *space)
{
	struct records *records = ctx;
	struct json *json = jsonl_begin(records->jsonl, "plan_space");

	json_name(json, "dst", space->path);
	json_uint(json, "at_least", space->least);
	json_uint(json, "at_most", space->most);
	json_uint(json, "freed", space->freed);
	if (space->free == UINT64_MAX)
		json_null(json, "free");
	else
		json_uint(json, "free", space->free);
	jsonl_end(records->jsonl);
}

/* Begin the record of a range, up to its place. */
static struct json *begin_range(struct records *records, const struct job *job,
				uint64_t number, const struct span *span)
{
	struct json *json =
		jsonl_begin(records->jsonl,
			    records->policy->dry_run ? "plan_range" : "range");

	json_uint(json, "number", number);
	json_name(json, "src", job->src);
	json_name(json, "dst", job->dst);
	json_uint(json, "src_offset", span->src_off);
	json_uint(json, "length", span->len);
	json_uint(json, "dst_offset", span->dst_off);
	return json;
}

static void put_why(struct json *json, const struct range_outcome *out)
{
	static const char *const names[] = {
		[RANGE_CLONED] = NULL,	     [RANGE_NEVER] = "never",
		[RANGE_REFUSED] = "refused", [RANGE_PHASE] = "offsets",
		[RANGE_EDGES] = "edges",
	};

	json_string(json, "why", names[out->why]);
	if (out->why == RANGE_PHASE || out->why == RANGE_EDGES)
		json_uint(json, "block_size", out->align);
	else
		json_null(json, "block_size");
}

static void on_range_done(void *ctx, const struct job *job,
			  const struct range_outcome *out)
{
	struct records *records = ctx;
	struct json *json = begin_range(records, job, out->number, &out->span);

	json_string(json, "result", result_name(result_of_range(out)));
	json_uint(json, "cloned", out->cloned);
	json_uint(json, "copied", out->copied);
	json_uint(json, "holes", out->holes);
	put_why(json, out);
	put_refused(json, out->clone_err, true);
	json_null(json, "done");
	json_null(json, "done_from_start");
	jsonl_time(records->jsonl);
	jsonl_end(records->jsonl);
}

static void on_planned_range(void *ctx, const struct job *job,
			     const struct range_outcome *out)
{
	struct records *records = ctx;
	struct json *json = begin_range(records, job, out->number, &out->span);

	json_uint(json, "clone", out->cloned);
	json_uint(json, "copy", out->copied);
	put_why(json, out);
	jsonl_end(records->jsonl);
}

static void on_ranges_stopped(void *ctx, const struct job *job,
			      const struct ranges_stop *stop)
{
	struct records *records = ctx;
	struct json *json =
		begin_range(records, job, stop->n_done + 1, &stop->span);

	json_string(json, "result", result_name(RESULT_FAILED));
	json_uint(json, "cloned", 0);
	json_uint(json, "copied", 0);
	json_uint(json, "holes", 0);
	json_null(json, "why");
	json_null(json, "block_size");
	json_null(json, "refused");
	if (stop->which == STOP_UNKNOWN) {
		json_null(json, "done");
		json_null(json, "done_from_start");
	} else {
		json_uint(json, "done", stop->partly);
		json_bool(json, "done_from_start", stop->which == STOP_FIRST);
	}
	jsonl_time(records->jsonl);
	jsonl_end(records->jsonl);
}

struct observer records_observer(struct records *records)
{
	struct observer obs = {
		.ctx = records,
		.end = on_end,
		.range_done = on_range_done,
		.ranges_stopped = on_ranges_stopped,
		.fault = on_fault,
	};

	if (records->policy->dry_run) {
		obs.made = on_planned;
		obs.end = on_planned_end;
		obs.range_done = on_planned_range;
		obs.space = on_space;
	}
	return obs;
}

void records_release(struct records *records)
{
	while (records->pending) {
		struct records_pending *p = records->pending;

		records->pending = p->next;
		pending_free(p);
	}
}
