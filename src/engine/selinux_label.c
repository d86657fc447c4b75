/* SPDX-License-Identifier: BSD-2-Clause */
#include "selinux_label.h"

#include <errno.h>

#include "base.h"
#include "selinux.h"

/* For faults of the whole run, before it begins. */
static const struct job no_file = { .src = "", .dst = "" };

static int give_up(struct run *run, enum fault_op op, int r)
{
	return run_fault(run, &no_file, op, FAULT_DST, r);
}

static void remark(const struct run *run, enum fault_op op, int r)
{
	struct fault fault;

	(void)fault_set(&fault, op, FAULT_DST, r);
	run_warn(run, &no_file, &fault, NULL);
}

/* Give TEXT to all new files; threads inherit it from this one. */
static int use_given(struct run *run, const char *text)
{
	_cleanup_(freep) char *context = NULL;
	struct fault fault;
	int r = selinux_from_user(text, &context);

	if (r == 0)
		r = selinux_use_for_new(context);
	if (r == 0)
		return 0;
	(void)fault_set(&fault, FAULT_SET_NEW_CONTEXT, FAULT_DST, r);
	run_fail(run, &no_file, &fault, text);
	return r;
}

static int use_defaults(struct run *run)
{
	int r = selinux_defaults_open(&run->contexts);

	/* As cp: if the policy has no defaults, that is no failure. */
	if (r == -ENOENT) {
		remark(run, FAULT_NO_DEFAULTS, r);
		return 0;
	}
	if (r < 0)
		return give_up(run, FAULT_LOAD_DEFAULTS, r);
	run->label = LABEL_DEFAULT;
	return 0;
}

static int begin_without(struct run *run)
{
	const struct policy *policy = run->policy;

	if (policy->context)
		remark(run, FAULT_CONTEXT_IGNORED, -EOPNOTSUPP);
	if (policy->preserve_required & PRESERVE_CONTEXT)
		return give_up(run, FAULT_NO_SELINUX, -EOPNOTSUPP);
	return 0;
}

int selinux_label_begin(struct run *run)
{
	const struct policy *policy = run->policy;

	if (!policy->sets_context && !(policy->preserve & PRESERVE_CONTEXT))
		return 0;
	if (!selinux_is_on())
		return begin_without(run);
	if (policy->sets_context &&
	    policy->preserve_required & PRESERVE_CONTEXT)
		return give_up(run, FAULT_TWO_CONTEXTS, -EINVAL);
	if (policy->dry_run)
		return 0;
	if (!policy->sets_context) {
		run->label = LABEL_KEEP;
		return 0;
	}
	return policy->context ? use_given(run, policy->context)
			       : use_defaults(run);
}

/* Preserving the context ended with R at OP.  With -a that is not reported. */
static int judge_keep(const struct run *run, const struct label_job *lj,
		      enum fault_op op, int r, struct fault *reterr)
{
	const struct policy *policy = run->policy;
	enum fault_obj obj = op == FAULT_GET_CONTEXT ? FAULT_SRC : FAULT_DST;
	struct fault fault;

	if (r == 0)
		return 0;
	(void)fault_set(&fault, op, obj, r);
	if (policy->preserve_required & PRESERVE_CONTEXT) {
		*reterr = fault;
		return r;
	}
	if (!policy->archive && r != -EOPNOTSUPP)
		run_warn(run, lj->job, &fault, NULL);
	return 0;
}

/* FD_NONE stands for the next new file. */
static int keep(const struct run *run, const struct label_job *lj, fd_t fd,
		struct fault *reterr)
{
	_cleanup_(freep) char *context = NULL;
	enum fault_op op = FAULT_GET_CONTEXT;
	int r = selinux_get(lj->src, &context);

	if (r == 0) {
		op = FAULT_SET_CONTEXT;
		r = fd == FD_NONE ? selinux_use_for_new(context)
				  : selinux_set(fd, context);
	}
	/* At least don't use the context of the previous file. */
	if (r < 0 && fd == FD_NONE)
		(void)selinux_use_for_new(NULL);
	return judge_keep(run, lj, op, r, reterr);
}

/* Does R mean that there is no context to set? */
static bool is_without(int r)
{
	return r == -ENODATA || r == -EOPNOTSUPP;
}

static void default_new(struct run *run, const struct label_job *lj)
{
	_cleanup_(freep) char *context = NULL;
	int r = selinux_defaults_for_new(run->contexts, lj->dir, lj->name,
					 lj->type, &context);

	if (r == 0 || is_without(r))
		r = selinux_use_for_new(context);
	else
		(void)selinux_use_for_new(NULL);
	if (r < 0)
		(void)run_fault(run, lj->job, FAULT_DEFAULT_CONTEXT, FAULT_DST,
				r);
}

static void default_old(struct run *run, const struct label_job *lj, fd_t fd)
{
	_cleanup_(freep) char *context = NULL;
	int r = selinux_defaults_for_old(run->contexts, fd, lj->type, &context);

	if (r == 0)
		r = selinux_set(fd, context);
	if (r < 0 && !is_without(r))
		(void)run_fault(run, lj->job, FAULT_SET_CONTEXT, FAULT_DST, r);
}

int selinux_label_new(struct run *run, const struct label_job *lj,
		      struct fault *reterr)
{
	if (run->label == LABEL_KEEP)
		return keep(run, lj, FD_NONE, reterr);
	if (run->label == LABEL_DEFAULT)
		default_new(run, lj);
	return 0;
}

int selinux_label_old(struct run *run, const struct label_job *lj, fd_t fd,
		      struct fault *reterr)
{
	if (run->label == LABEL_KEEP)
		return keep(run, lj, fd, reterr);
	if (run->label == LABEL_DEFAULT)
		default_old(run, lj, fd);
	return 0;
}
