/* SPDX-License-Identifier: BSD-2-Clause */
#include "planline.h"

#include <stdint.h>
#include <stdio.h>

#include <bsd/stdlib.h>

#include "diag.h"

/* The details of a line, in parentheses. */
struct details {
	bool has_begun;
	int err;
};

static void next(struct details *d)
{
	(void)fputs(d->has_begun ? ", " : " (", stdout);
	d->has_begun = true;
}

static void add(struct details *d, const char *text)
{
	if (!text)
		return;
	next(d);
	(void)fputs(text, stdout);
}

static void put_name(struct details *d, const char *name)
{
	int r = diag_put_name(stdout, name);

	if (r < 0)
		d->err = r;
}

static void add_name(struct details *d, const char *text, const char *name)
{
	if (!name)
		return;
	add(d, text);
	put_name(d, name);
}

static void end(const struct details *d)
{
	(void)fputs(d->has_begun ? ")\n" : "\n", stdout);
}

static const char *link_deed(const struct policy *policy,
			     const struct plan *plan)
{
	if (plan->link || policy->make == MAKE_HARD_LINK)
		return "make a hard link";
	return policy->make == MAKE_SYMBOLIC_LINK ? "make a symbolic link"
						  : "copy a symbolic link";
}

static const char *node_deed(enum file_type type)
{
	if (type == FILE_FIFO)
		return "make a FIFO";
	return type == FILE_SOCKET ? "make a socket" : "make a device";
}

/* What would be done, as a verb. */
static const char *deed(const struct policy *policy, const struct outcome *out)
{
	static const char *const ways[] = {
		[PLAN_WAY_NONE] = "make an empty file",
		[PLAN_WAY_CLONE_OR_COPY] = "clone, or else copy",
		[PLAN_WAY_CLONE_OR_FAIL] = "clone, or else fail",
		[PLAN_WAY_COPY] = "copy",
	};
	const struct plan *plan = &out->plan;
	bool is_new = plan->old == PLAN_OLD_NONE;

	if (out->what == OUTCOME_DIRECTORY)
		return "make a directory";
	if (out->what == OUTCOME_LINK)
		return link_deed(policy, plan);
	if (out->what == OUTCOME_NODE)
		return node_deed(plan->type);
	if (out->what == OUTCOME_ATTRIBUTES)
		return is_new ? ways[PLAN_WAY_NONE] : "set attributes";
	if (out->what == OUTCOME_RANGES)
		return "make a file for ranges";
	if (plan->way == PLAN_WAY_NONE && plan->old == PLAN_OLD_WRITTEN)
		return "empty";
	return ways[plan->way];
}

const char *planline_why(enum plan_why why)
{
	static const char *const words[] = {
		[PLAN_WHY_NONE] = NULL,
		[PLAN_WHY_NEVER] = "--reflink=never",
		[PLAN_WHY_SPARSE] = "--sparse=never",
		[PLAN_WHY_APART] = "different file systems",
		[PLAN_WHY_LACKING] = "this file system can't clone",
		[PLAN_WHY_STREAM] = "not a regular file",
	};

	return words[why];
}

static void put_pair(struct details *d, const char *does, const struct job *job)
{
	(void)printf("would %s: ", does);
	put_name(d, job->src);
	(void)fputs(" -> ", stdout);
	put_name(d, job->dst);
}

static int skip(const struct policy *policy, const struct job *job,
		const struct plan *plan)
{
	struct details d = { .err = 0 };

	(void)fputs("would skip: ", stdout);
	put_name(&d, job->dst);
	if (plan->old == PLAN_OLD_SAME)
		add_name(&d, "the same file as ", job->src);
	else if (plan->old == PLAN_OLD_KEPT && policy->update == UPDATE_OLDER)
		add_name(&d, "not older than ", job->src);
	else if (plan->old == PLAN_OLD_KEPT)
		add(&d, "it exists");
	end(&d);
	return d.err;
}

int planline_made(const struct policy *policy, const struct job *job,
		  const struct outcome *out)
{
	static const char *const fates[] = {
		[PLAN_OLD_NONE] = NULL,
		[PLAN_OLD_WRITTEN] = "overwriting it",
		[PLAN_OLD_REPLACED] = "replacing it",
		[PLAN_OLD_KEPT] = NULL,
		[PLAN_OLD_SAME] = NULL,
	};
	const struct plan *plan = &out->plan;
	struct details d = { .err = 0 };

	if (out->what == OUTCOME_SKIPPED)
		return skip(policy, job, plan);
	/* Each range has its own line. */
	if (out->what == OUTCOME_RANGES && plan->old != PLAN_OLD_NONE)
		return 0;
	put_pair(&d, deed(policy, out), job);
	add_name(&d, "to ", plan->link);
	if (plan->way != PLAN_WAY_NONE && plan->bytes > 0) {
		next(&d);
		(void)printf("%ju bytes", (uintmax_t)plan->bytes);
	}
	add(&d, planline_why(plan->why));
	if (out->what == OUTCOME_DATA || out->what == OUTCOME_LINK ||
	    out->what == OUTCOME_NODE)
		add(&d, fates[plan->old]);
	add_name(&d, "backup: ", job->backup);
	add(&d, plan->asks ? "after asking" : NULL);
	end(&d);
	return d.err;
}

/* N with a unit, as `ls -h` prints it. */
static void put_size(uint64_t n)
{
	char text[8];

	if (n > INT64_MAX ||
	    humanize_number(text, sizeof(text), (int64_t)n, "B", HN_AUTOSCALE,
			    HN_DECIMAL | HN_NOSPACE | HN_IEC_PREFIXES) < 0)
		(void)printf("%ju bytes", (uintmax_t)n);
	else
		(void)fputs(text, stdout);
}

int planline_space(const struct plan_space *space)
{
	struct details d = { .err = 0 };

	(void)fputs("space where ", stdout);
	put_name(&d, space->path);
	(void)fputs(" is: at most ", stdout);
	put_size(space->most);
	(void)fputs(" needed", stdout);
	if (space->least == 0)
		(void)fputs(", nothing for what is cloned", stdout);
	(void)fputs("; ", stdout);
	put_size(space->free);
	(void)fputs(" free\n", stdout);
	return d.err;
}
