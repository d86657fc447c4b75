/* SPDX-License-Identifier: BSD-2-Clause */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base.h"
#include "diag.h"
#include "errname.h"
#include "fallback.h"
#include "prompt.h"

/* cp's words for how the bytes went; what it calls unknown wasn't looked at. */
static const char *offload_word(const struct outcome *out)
{
	if (out->cloned)
		return "unknown";
	if (out->offloaded)
		return "yes";
	return out->offload_err ? "unsupported" : "avoided";
}

static const char *reflink_word(const struct outcome *out)
{
	if (out->cloned)
		return "yes";
	return out->clone_err ? "unsupported" : "no";
}

static const char *sparse_word(const struct outcome *out)
{
	static const char *const words[] = {
		[0] = "no",
		[SPARSE_BY_SEEK] = "SEEK_HOLE",
		[SPARSE_BY_ZEROS] = "zeros",
		[SPARSE_BY_SEEK | SPARSE_BY_ZEROS] = "SEEK_HOLE + zeros",
	};

	return out->cloned ? "unknown" : words[out->sparse];
}

/* What was done, in one word; the rest of the line says why not better. */
static const char *deed(const struct outcome *out)
{
	if (out->cloned)
		return "cloned";
	if (out->offloaded && out->copied)
		return "offloaded and copied";
	return out->offloaded ? "offloaded" : "copied";
}

static void print_data(const struct outcome *out)
{
	(void)printf("copy offload: %s, reflink: %s, sparse detection: %s\n",
		     offload_word(out), reflink_word(out), sparse_word(out));
	(void)fputs(deed(out), stdout);
	if (out->clone_err)
		(void)printf(": %s: %s", fallback_op_name(FALLBACK_CLONE),
			     errname(out->clone_err));
	(void)putchar('\n');
}

/* NAME, between two texts. */
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

static void print_names(struct report *r, const struct job *job,
			const struct outcome *out)
{
	if (out->removed && !job->backup)
		print_name(r, "removed ", job->dst, "\n");
	print_name(r, "", job->src, " -> ");
	print_name(r, "", job->dst, "");
	if (job->backup)
		print_name(r, " (backup: ", job->backup, ")");
	(void)putchar('\n');
}

static void on_done(void *ctx, const struct job *job, const struct outcome *out)
{
	struct report *r = ctx;

	if (!r->policy->verbose)
		return;
	diag_locale();
	if (out->what != OUTCOME_SKIPPED)
		print_names(r, job, out);
	else if (r->policy->debug)
		print_name(r, "skipped ", job->dst, "\n");
	if (r->policy->debug && out->what == OUTCOME_DATA)
		print_data(out);
}

static void on_fault(void *ctx, const struct job *job,
		     const struct fault *fault, enum severity severity,
		     const char *detail)
{
	(void)ctx;
	diag_fault(job, fault, severity, detail);
}

static bool on_ask(void *ctx, const struct job *job,
		   const struct question *question)
{
	(void)ctx;
	return prompt_overwrite(job->dst, question);
}

struct observer report_observer(struct report *r)
{
	return (struct observer){
		.ctx = r,
		.done = on_done,
		.fault = on_fault,
		.ask = on_ask,
	};
}

int report_finish(const struct report *r)
{
	/* A failed write before this one leaves its mark, not its errno. */
	bool failed = ferror(stdout) != 0;

	if (fflush(stdout) != 0)
		return -errno;
	return failed ? -EIO : r->err;
}
