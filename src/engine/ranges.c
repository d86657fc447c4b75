/* SPDX-License-Identifier: BSD-2-Clause */
#include "ranges.h"

#include <errno.h>

#include "base.h"
#include "fs.h"
#include "nocow.h"
#include "stat.h"
#include "steps.h"

/* Ranges that are being copied. */
struct ranges {
	struct run *run;
	const struct ranges_job *rj;
	struct counts *total; /* of the ranges that are done */
	struct steps *steps;  /* at the current one */
};

static int resolve(struct span *span, uint64_t number, uint64_t src_size,
		   struct fault *reterr)
{
	const struct fault_range at = { .number = number,
					.span = *span,
					.bound = src_size };
	enum span_fault fault = span_resolve(span, src_size);
	int r;

	if (fault == SPAN_GOOD)
		return 0;
	if (fault == SPAN_PAST_END)
		r = fault_set(reterr, FAULT_RANGE_PAST_END, FAULT_SRC, -EINVAL);
	else
		r = fault_set(reterr, FAULT_RANGE_TOO_FAR, FAULT_DST, -EFBIG);
	reterr->at = at;
	return r;
}

/*
 * Ranges are checked against the size of SRC.  Does its content end there?  In
 * /proc, in /sys, and where sizes are not exact, it may not.
 */
static int check_told_size(const struct source *src, struct fault *reterr)
{
	uint64_t size = src->info.size;
	struct file_info now;
	char bytes[2];
	size_t n = 0;
	size_t before = size > 0;
	int r;

	if (fs_sizes_are_exact(fs_sizes(src->fd)))
		return 0;
	r = fd_read(src->fd, size - before, bytes, before + 1, &n);
	if (r < 0)
		return fault_set(reterr, FAULT_READ, FAULT_SRC, r);
	if (n == before)
		return 0;
	r = stat_fd(src->fd, &now);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_SRC, r);
	/* It may have changed since. */
	if (size == 0)
		return fault_set(reterr, FAULT_NO_SIZE, FAULT_SRC, -EINVAL);
	if (now.size == size)
		return fault_set(reterr, FAULT_WRONG_SIZE, FAULT_SRC, -EINVAL);
	return 0;
}

int ranges_check(const struct span *spans, size_t n, const struct source *src,
		 struct fault *reterr)
{
	int r = n > 0 ? check_told_size(src, reterr) : 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		struct span span = spans[i];

		r = resolve(&span, i + 1, src->info.size, reterr);
	}
	return r;
}

/* The span number I of RJ, all of which were checked. */
static struct span span_of(const struct ranges_job *rj, size_t i)
{
	struct span span = rj->spans[i];

	(void)span_resolve(&span, rj->x->src_info.size);
	return span;
}

static bool has_work(const struct ranges *rs)
{
	for (size_t i = 0; i < rs->rj->n; i++) {
		struct span span = span_of(rs->rj, i);

		if (span.len > 0 &&
		    !(rs->steps->same_file && span.src_off == span.dst_off))
			return true;
	}
	return false;
}

/*
 * Refuse ranges that end where this process may not write: EFBIG would come in
 * the middle of them, or as EINVAL.
 */
static int check_limits(const struct ranges_job *rj, struct fault *reterr)
{
	uint64_t limit = fd_limit();

	for (size_t i = 0; i < rj->n; i++) {
		struct span span = span_of(rj, i);

		if (span.len > 0 && span_dst_end(&span) > limit) {
			(void)fault_set(reterr, FAULT_RANGE_TOO_FAR, FAULT_DST,
					-EFBIG);
			reterr->at = (struct fault_range){ .number = i + 1,
							   .span = span };
			return -EFBIG;
		}
	}
	return 0;
}

/* With REFLINK_ALWAYS: can C be cloned, all of it? */
static int check_case(const struct steps *s, const struct clone_case *c,
		      uint64_t number, struct fault *reterr)
{
	struct fault_range at = { .number = number,
				  .span = c->span,
				  .bound = s->fs.clone_align };
	struct clone_plan plan;

	clone_plan(c, &s->fs, &plan);
	/* If NOCOW differs, no offset would work. */
	if (clone_plan_copies(&plan) && c->dst_size > 0 &&
	    nocow_wanted(s->x->src, s->x->dst) >= 0)
		return fault_set_in(reterr, CALL_NONE, FAULT_CLONE, FAULT_DST,
				    -EINVAL);
	if (clone_case_overlaps(c)) {
		(void)fault_set(reterr, FAULT_RANGE_OVERLAPS, FAULT_SRC,
				-EINVAL);
	} else if (clone_plan_copies(&plan)) {
		(void)fault_set(reterr, FAULT_RANGE_UNALIGNED, FAULT_SRC,
				-EINVAL);
		if (!clone_case_inside(c, &s->fs, &at.inside))
			at.inside.len = 0;
	} else {
		return 0;
	}
	reterr->at = at;
	return -EINVAL;
}

/* The same for all ranges, each with the sizes that the earlier ones leave. */
static int check_all(const struct ranges *rs, struct fault *reterr)
{
	uint64_t dst_size = rs->rj->x->dst_info.size;

	for (size_t i = 0; i < rs->rj->n; i++) {
		struct span span = span_of(rs->rj, i);
		struct clone_case c = steps_case(rs->steps, &span, dst_size);
		int r = check_case(rs->steps, &c, i + 1, reterr);

		if (r < 0)
			return r;
		if (span.len > 0 && dst_size < span_dst_end(&span))
			dst_size = span_dst_end(&span);
	}
	return 0;
}

/* Why was some of the current range copied? */
static enum range_why why_copied(const struct steps *s)
{
	const struct counts *counts = &s->x->counts;
	struct clone_case c = steps_case(s, &s->span, s->bytes.dst_size);

	if (counts->copied + counts->holes == 0)
		return RANGE_CLONED;
	if (s->clone_err)
		return RANGE_REFUSED;
	if (s->fs.clone_align == 0)
		return RANGE_NEVER;
	return clone_case_differs_in_phase(&c, &s->fs) ? RANGE_PHASE
						       : RANGE_EDGES;
}

/* JOB is the current range's own. */
static void tell_done(struct ranges *rs, const struct job *job, uint64_t number)
{
	const struct steps *s = rs->steps;
	const struct counts *counts = &s->x->counts;
	const struct range_outcome out = {
		.number = number,
		.span = s->span,
		.cloned = counts->cloned,
		.copied = counts->copied,
		.holes = counts->holes,
		.why = why_copied(s),
		.align = s->fs.clone_align,
		.clone_err = s->clone_err,
	};

	rs->total->cloned += counts->cloned;
	rs->total->copied += counts->copied;
	rs->total->holes += counts->holes;
	if (s->clone_err) {
		rs->total->clone_err = s->clone_err;
		rs->total->by_range = true;
	}
	if (rs->rj->untold)
		rs->rj->untold[number - 1] = out;
	else if (!rs->rj->is_new)
		run_range_done(rs->run, job, &out);
}

/* How much of the current range is certainly done. */
static void measure_stop(const struct steps *s, struct ranges_stop *stop)
{
	uint64_t all = counts_bytes(&s->x->counts);
	uint64_t size = s->bytes.dst_size;
	uint64_t reached = size < s->span.dst_off ? 0 : size - s->span.dst_off;

	stop->partly = all;
	stop->which = s->first == all ? STOP_FIRST : STOP_SOME;
	/* A hole at the end exists only after the file is extended. */
	if (stop->which == STOP_FIRST && stop->partly > reached)
		stop->partly = reached;
	if (s->is_lost)
		stop->which = STOP_UNKNOWN;
}

static void tell_stopped(const struct ranges *rs, const struct job *job,
			 uint64_t n_done)
{
	struct ranges_stop stop = {
		.n_done = n_done,
		.n = rs->rj->n,
		.done = counts_bytes(rs->total),
		.span = rs->steps->span,
	};

	measure_stop(rs->steps, &stop);
	if (!rs->rj->is_new)
		run_ranges_stopped(rs->run, job, &stop);
}

static int do_all(struct ranges *rs, struct fault *reterr)
{
	for (size_t i = 0; i < rs->rj->n; i++) {
		struct job job = *rs->rj->job;
		struct span span = span_of(rs->rj, i);
		int r;

		if (!rs->rj->is_new)
			run_begin(rs->run, &job);
		r = steps_run(rs->steps, &span, reterr);
		if (r < 0) {
			tell_stopped(rs, &job, i);
			return r;
		}
		tell_done(rs, &job, i + 1);
	}
	return steps_check(rs->steps, reterr);
}

int ranges_copy(struct run *run, const struct ranges_job *rj,
		struct counts *total, struct fault *reterr)
{
	_cleanup_(steps_release) struct steps s = { .x = rj->x };
	struct ranges rs = {
		.run = run, .rj = rj, .total = total, .steps = &s
	};
	struct xfer *x = rj->x;
	int r = check_limits(rj, reterr);

	if (r < 0)
		return r;
	steps_begin(&s, x);
	if (has_work(&rs))
		r = steps_ask(&s, reterr);
	if (r == 0 && x->reflink == REFLINK_ALWAYS)
		r = check_all(&rs, reterr);
	if (r < 0)
		return r;
	/* Only an empty file can get the flag: before anything is written. */
	if (s.fs.clone_align > 0 && x->dst_info.size == 0)
		(void)nocow_give(x->dir, x->src, x->dst);
	return do_all(&rs, reterr);
}

/* Plan the current range, S->span, with what earlier ones would leave. */
static struct range_outcome plan_span(struct steps *s, uint64_t number,
				      enum plan_why why)
{
	struct clone_case c = steps_case(s, &s->span, s->bytes.dst_size);
	struct range_outcome out = {
		.number = number,
		.span = s->span,
		.align = s->fs.clone_align,
	};
	struct counts *counts = &s->x->counts;
	struct clone_plan plan;
	struct step step;

	*counts = (struct counts){ .cloned = 0 };
	clone_plan(&c, &s->fs, &plan);
	while (clone_plan_next(&plan, &step)) {
		if (step.kind == STEP_CLONE)
			counts->cloned += step.span.len;
		else if (step.kind == STEP_COPY)
			counts->copied += step.span.len;
	}
	out.cloned = counts->cloned;
	out.copied = counts->copied;
	if (counts->copied > 0 && why == PLAN_WHY_APART)
		s->clone_err = EXDEV;
	if (counts->copied > 0 && why == PLAN_WHY_LACKING)
		s->clone_err = EOPNOTSUPP;
	out.clone_err = s->clone_err;
	out.why = why_copied(s);
	return out;
}

int ranges_plan(const struct ranges_job *rj, enum plan_why why,
		struct fault *reterr)
{
	struct steps s = { .x = rj->x,
			   .same_file = file_info_same(&rj->x->src_info,
						       &rj->x->dst_info),
			   .bytes.dst_size = rj->x->dst_info.size };
	struct ranges rs = { .rj = rj, .steps = &s };
	int r = check_limits(rj, reterr);

	if (r == 0 && why == PLAN_WHY_NONE && fs_query(rj->x->src, &s.fs) < 0)
		s.fs.clone_align = 0;
	if (r == 0 && rj->x->reflink == REFLINK_ALWAYS)
		r = check_all(&rs, reterr);
	for (size_t i = 0; r == 0 && i < rj->n; i++) {
		s.span = span_of(rj, i);
		rj->untold[i] = plan_span(&s, i + 1, why);
		if (s.span.len > 0 &&
		    s.bytes.dst_size < s.span.dst_off + s.span.len)
			s.bytes.dst_size = s.span.dst_off + s.span.len;
	}
	return r;
}
