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

static void print_names(const struct job *job, const struct outcome *out)
{
	if (out->removed && !job->backup) {
		(void)fputs("removed ", stdout);
		diag_put_name(stdout, job->dst);
		(void)putchar('\n');
	}
	diag_put_name(stdout, job->src);
	(void)fputs(" -> ", stdout);
	diag_put_name(stdout, job->dst);
	if (job->backup) {
		(void)fputs(" (backup: ", stdout);
		diag_put_name(stdout, job->backup);
		(void)putchar(')');
	}
	(void)putchar('\n');
}

static void on_done(const void *ctx, const struct job *job,
		    const struct outcome *out)
{
	const struct policy *policy = ctx;

	if (!policy->verbose)
		return;
	diag_locale();
	if (out->what == OUTCOME_SKIPPED) {
		if (policy->debug) {
			(void)fputs("skipped ", stdout);
			diag_put_name(stdout, job->dst);
			(void)putchar('\n');
		}
		return;
	}
	print_names(job, out);
	if (policy->debug && out->what == OUTCOME_DATA)
		print_data(out);
}

static void on_fault(const void *ctx, const struct job *job,
		     const struct fault *fault, enum severity severity,
		     const char *detail)
{
	(void)ctx;
	diag_fault(job, fault, severity, detail);
}

static bool on_ask(const void *ctx, const struct job *job,
		   const struct question *question)
{
	(void)ctx;
	return prompt_overwrite(job->dst, question);
}

struct observer report_observer(const struct policy *policy)
{
	return (struct observer){
		.ctx = policy,
		.done = on_done,
		.fault = on_fault,
		.ask = on_ask,
	};
}

int report_finish(void)
{
	/* A failed write before this one leaves its mark, not its errno. */
	bool failed = ferror(stdout) != 0;

	if (fflush(stdout) != 0)
		return -errno;
	return failed ? -EIO : 0;
}
