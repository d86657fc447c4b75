/* SPDX-License-Identifier: BSD-2-Clause */
#include "report.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base.h"
#include "cp_fault.h"
#include "diag.h"
#include "errname.h"
#include "fallback.h"
#include "planline.h"
#include "prompt.h"

/* cp's words for how bytes were copied; "unknown" means not examined. */
static const char *offload_word(const struct counts *c)
{
	if (c->is_clone)
		return "unknown";
	if (c->offloaded)
		return "yes";
	if (c->offload_err)
		return "unsupported";
	return c->not_offered ? "unknown" : "avoided";
}

static const char *reflink_word(const struct counts *c)
{
	if (c->is_clone)
		return "yes";
	return c->clone_err ? "unsupported" : "no";
}

static const char *sparse_word(const struct counts *c)
{
	static const char *const words[] = {
		[0] = "no",
		[SPARSE_BY_SEEK] = "SEEK_HOLE",
		[SPARSE_BY_ZEROS] = "zeros",
		[SPARSE_BY_SEEK | SPARSE_BY_ZEROS] = "SEEK_HOLE + zeros",
	};

	return c->is_clone ? "unknown" : words[c->sparse];
}

/* What was done, in a word or two; the rest of the line says why. */
static const char *deed(const struct counts *c)
{
	if (c->cloned)
		return "cloned";
	if (c->offloaded + c->copied + c->holes == 0)
		return "created";
	if (c->offloaded && c->copied)
		return "offloaded and copied";
	return c->offloaded ? "offloaded" : "copied";
}

static void print_data(const struct counts *c)
{
	(void)printf("copy offload: %s, reflink: %s, sparse detection: %s\n",
		     offload_word(c), reflink_word(c), sparse_word(c));
	(void)fputs(deed(c), stdout);
	if (c->clone_err)
		(void)printf(": %s: %s", fallback_op_name(FALLBACK_CLONE),
			     errname(c->clone_err));
	(void)putchar('\n');
}

/* Print NAME between two texts. */
static void print_name(struct report *r, const char *before, const char *name,
		       const char *after)
{
	int err;

	(void)fputs(before, stdout);
	err = diag_put_name(stdout, name);
	(void)fputs(after, stdout);
	if (err < 0)
		r->err = err;
}

static void print_pair(struct report *r, const struct job *job)
{
	print_name(r, "", job->src, " -> ");
	print_name(r, "", job->dst, "");
}

static void print_names(struct report *r, const struct job *job,
			const struct outcome *out)
{
	if (out->removed && !job->backup)
		print_name(r, "removed ", job->dst, "\n");
	print_pair(r, job);
	if (job->backup)
		print_name(r, " (backup: ", job->backup, ")");
	(void)putchar('\n');
}

/* Set the user's locale before the first message, and before threads start. */
static void localize(struct report *r)
{
	if (!r->is_local)
		diag_locale();
	r->is_local = true;
}

/* Prepare for a message. */
static void prepare(struct report *r)
{
	localize(r);
	if (r->progress)
		progress_hide(r->progress);
}

static void on_threads(void *ctx)
{
	localize(ctx);
}

/*
 * If output was lost, keep the reason.  musl discards what can't be written, so
 * report_close() would not see the error again.
 */
static void note_loss(struct report *r)
{
	if (ferror(stdout) && r->err == 0)
		r->err = errno > 0 ? -errno : -EIO;
}

static void on_tick(void *ctx)
{
	struct report *r = ctx;

	if (!progress_tick(r->progress))
		return;
	localize(r);
	progress_show(r->progress);
}

static void on_made(void *ctx, const struct job *job, const struct outcome *out)
{
	struct report *r = ctx;

	if (out->what == OUTCOME_RANGES)
		return;
	prepare(r);
	print_names(r, job, out);
	if (r->policy->debug && out->what == OUTCOME_DATA)
		print_data(&out->counts);
	note_loss(r);
}

/* The same for --dry-run. */
static void on_planned(void *ctx, const struct job *job,
		       const struct outcome *out)
{
	struct report *r = ctx;
	int err;

	prepare(r);
	err = planline_made(r->policy, job, out);
	if (err < 0)
		r->err = err;
	note_loss(r);
}

static void on_space(void *ctx, const struct plan_space *space)
{
	struct report *r = ctx;
	int err;

	prepare(r);
	err = planline_space(space);
	if (err < 0)
		r->err = err;
	note_loss(r);
}

static void on_end(void *ctx, const struct job *job, const struct outcome *out)
{
	struct report *r = ctx;

	if (out->what != OUTCOME_SKIPPED)
		return;
	if (r->policy->dry_run) {
		on_planned(ctx, job, out);
		return;
	}
	prepare(r);
	print_name(r, "skipped ", job->dst, "\n");
	note_loss(r);
}

/* Print what was done with the bytes, with numbers if it was several things. */
static void print_deeds(const struct policy *policy,
			const struct range_outcome *out)
{
	const bool dry = policy->dry_run;
	const struct {
		const char *word;
		uint64_t n;
	} deeds[] = {
		{ dry ? "to clone" : "cloned", out->cloned },
		{ dry ? "to copy" : "copied", out->copied },
		{ "holes", out->holes },
	};
	const uint64_t all = out->cloned + out->copied + out->holes;
	const char *gap = "";

	if (all == 0)
		(void)fputs("nothing to do", stdout);
	for (size_t i = 0; i < countof(deeds); i++) {
		if (deeds[i].n == 0)
			continue;
		(void)printf("%s%s", gap, deeds[i].word);
		if (deeds[i].n != all)
			(void)printf(" %ju", (uintmax_t)deeds[i].n);
		gap = ", ";
	}
}

static void print_why(const struct report *r, const struct range_outcome *out)
{
	switch (out->why) {
	case RANGE_CLONED:
		break;
	case RANGE_NEVER:
		(void)fputs(r->policy->reflink == REFLINK_NEVER
				    ? ": --reflink=never"
				    : ": --sparse=never",
			    stdout);
		break;
	case RANGE_REFUSED:
		(void)printf(": FICLONERANGE: %s", errname(out->clone_err));
		break;
	case RANGE_PHASE:
		(void)printf(": the offsets differ modulo the block size %ju",
			     (uintmax_t)out->align);
		break;
	case RANGE_EDGES:
		(void)printf(": the range begins or ends inside a block of %ju",
			     (uintmax_t)out->align);
		break;
	}
}

static void on_range_done(void *ctx, const struct job *job,
			  const struct range_outcome *out)
{
	struct report *r = ctx;

	prepare(r);
	if (r->policy->dry_run)
		(void)fputs("would write: ", stdout);
	print_pair(r, job);
	(void)printf(": range %ju, ", (uintmax_t)out->number);
	diag_put_span(stdout, &out->span);
	(void)fputs(": ", stdout);
	print_deeds(r->policy, out);
	print_why(r, out);
	(void)putchar('\n');
	note_loss(r);
}

static void on_ranges_stopped(void *ctx, const struct job *job,
			      const struct ranges_stop *stop)
{
	prepare(ctx);
	diag_ranges_stopped(job, stop);
}

static void on_fault(void *ctx, const struct job *job,
		     const struct fault *fault, enum severity severity,
		     const char *detail)
{
	const struct report *r = ctx;
	const struct fault cps = cp_fault(r->policy, fault);

	prepare(ctx);
	diag_fault(job, &cps, severity, detail);
}

static bool on_ask(void *ctx, const struct job *job,
		   const struct question *question)
{
	prepare(ctx);
	return prompt_overwrite(job->dst, question);
}

struct observer report_observer(struct report *r)
{
	const bool dry = r->policy->dry_run && !r->is_silent;

	return (struct observer){
		.ctx = r,
		.threads = on_threads,
		.tick = r->progress ? on_tick : NULL,
		.made = dry		     ? on_planned
			: r->policy->verbose ? on_made
					     : NULL,
		.end = r->policy->debug || dry ? on_end : NULL,
		.range_done = r->policy->verbose || dry ? on_range_done : NULL,
		.space = dry ? on_space : NULL,
		.ranges_stopped = on_ranges_stopped,
		.fault = on_fault,
		.ask = on_ask,
	};
}

int report_close(const struct report *r, int status, int failure)
{
	/* Of an earlier failed write there is a flag, but no errno. */
	bool failed = ferror(stdout) != 0;
	int err = r ? -r->err : 0;

	if (fflush(stdout) != 0)
		err = errno;
	else if (failed && err == 0)
		err = EIO;
	if (err == 0)
		return status;
	diag_error("write error", err);
	return failure;
}
