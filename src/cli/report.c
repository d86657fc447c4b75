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
#include "quote.h"

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
	_cleanup_(freep) char *src = quote_name(job->src);
	_cleanup_(freep) char *dst = quote_name(job->dst);
	_cleanup_(freep) char *backup =
		job->backup ? quote_name(job->backup) : NULL;

	if (!src || !dst)
		return;
	if (out->removed && !job->backup)
		(void)printf("removed %s\n", dst);
	(void)printf("%s -> %s", src, dst);
	if (backup)
		(void)printf(" (backup: %s)", backup);
	(void)putchar('\n');
}

static void on_done(void *ctx, const struct job *job, const struct outcome *out)
{
	const struct policy *policy = ctx;

	if (!policy->verbose)
		return;
	diag_locale();
	if (out->what == OUTCOME_SKIPPED) {
		_cleanup_(freep) char *dst = quote_name(job->dst);

		if (policy->debug && dst)
			(void)printf("skipped %s\n", dst);
		return;
	}
	if (out->what == OUTCOME_DIRECTORY) {
		(void)printf("%s -> %s\n", job->src, job->dst);
		return;
	}
	print_names(job, out);
	if (policy->debug && out->what == OUTCOME_DATA)
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

struct observer report_observer(const struct policy *policy)
{
	/* Read only: the cast is for a ctx that fits every observer. */
	return (struct observer){
		.ctx = (void *)(uintptr_t)policy,
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
