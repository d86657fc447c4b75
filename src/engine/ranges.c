/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The planner decides what can be cloned from what is known about the file
 * system.  A refused clone adds knowledge, and the refused step is planned
 * again.  So guessing too small an alignment costs one call, except where it
 * would damage data: there os/fs.h must not guess.
 */
#include "ranges.h"

#include <errno.h>

#include "base.h"
#include "clone.h"
#include "clone_plan.h"
#include "clone_try.h"
#include "fallback.h"
#include "fs.h"
#include "interrupt.h"
#include "move.h"
#include "nocow.h"
#include "same_file.h"
#include "stat.h"

/* Ranges that are being copied. */
struct ranges {
	struct run *run;
	const struct ranges_job *rj;
	struct outcome *out;
	struct fs_pair *pair; /* may be NULL */
	bool same_file;
	struct fs_info fs;   /* as far as it is known */
	int clone_err;	     /* errno of the last refusal; 0 after a success */
	uint64_t cloned;     /* bytes of the current range */
	struct mover mover;  /* its counts are for the current range */
	struct span current; /* the current range */
	uint64_t first;	     /* its first bytes that are done without a gap */
	bool is_lost;	     /* a clone of it was interrupted */
	uint64_t needed;     /* the source length that the copies need */
};

static void ranges_release(struct ranges *rs)
{
	mover_release(&rs->mover);
}

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

static int check_spans(const struct span *spans, size_t n, uint64_t src_size,
		       struct fault *reterr)
{
	for (size_t i = 0; i < n; i++) {
		struct span span = spans[i];
		int r = resolve(&span, i + 1, src_size, reterr);

		if (r < 0)
			return r;
	}
	return 0;
}

int ranges_check(const struct span *spans, size_t n, const struct source *src,
		 struct fault *reterr)
{
	int r = n > 0 ? check_told_size(src, reterr) : 0;

	return r < 0 ? r : check_spans(spans, n, src->info.size, reterr);
}

/* The clone_case of SPAN, with the current sizes. */
static struct clone_case case_of(const struct ranges *rs,
				 const struct span *span)
{
	return (struct clone_case){
		.span = *span,
		.src_size = rs->same_file ? rs->mover.dst_size
					  : rs->rj->src->info.size,
		.dst_size = rs->mover.dst_size,
		.same_file = rs->same_file,
	};
}

/*
 * A refused clone that would have ended at END may have extended the
 * destination to END all the same (SMB).  Any other length is the work of
 * another process.
 */
static int undo_growth(const struct ranges *rs, uint64_t end,
		       struct fault *reterr)
{
	struct file_info now;
	int r;

	if (!rs->fs.refusal_grows)
		return 0;
	r = stat_fd(rs->rj->dst, &now);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	if (now.size <= rs->mover.dst_size || now.size != end)
		return 0;
	r = fd_truncate(rs->rj->dst, rs->mover.dst_size);
	if (r < 0)
		return fault_set(reterr, FAULT_TRUNCATE, FAULT_DST, r);
	return 0;
}

/* Try no more clones between these files, because of ERR. */
static void give_up_cloning(struct ranges *rs, int err)
{
	rs->fs.clone_align = 0;
	rs->clone_err = err;
	if (rs->pair &&
	    fallback_judge(FALLBACK_CLONE, err) == VERDICT_NEXT_FOR_PAIR)
		rs->pair->clone_err = err;
}

/* A call before any clone failed with R. */
static int refuse_all(struct ranges *rs, int r, struct fault *reterr)
{
	if (fallback_judge(FALLBACK_CLONE, -r) == VERDICT_FAIL ||
	    rs->run->policy->reflink == REFLINK_ALWAYS)
		return fault_set(reterr, FAULT_CLONE, FAULT_DST, r);
	give_up_cloning(rs, -r);
	return 0;
}

/* Is there anything to be done? */
static bool has_work(const struct ranges *rs)
{
	for (size_t i = 0; i < rs->rj->n; i++) {
		struct span span = rs->rj->spans[i];

		if (span_resolve(&span, rs->rj->src->info.size) == SPAN_GOOD &&
		    span.len > 0 &&
		    !(rs->same_file && span.src_off == span.dst_off))
			return true;
	}
	return false;
}

/*
 * Can these files be cloned at all?  Try with a range that starts inside a
 * block: each file system with clones refuses it with EINVAL.  So the message
 * does not blame the offsets where no offsets would work.  The range lies past
 * the end, because ksmbd copies what it can't clone (Linux 6.12).
 */
static int ask(struct ranges *rs, struct fault *reterr)
{
	const struct ranges_job *rj = rs->rj;
	uint64_t beyond = (rs->mover.dst_size + 1) | 1;
	int r;
	int undone;

	if (beyond >= RANGE_OFF_MAX)
		return 0;
	r = clone_range(rj->src->fd, (struct range){ 0, 1 }, rj->dst, beyond);
	/* A file system that accepts this may also leave a file longer. */
	rs->fs.refusal_grows |= r == 0;
	undone = undo_growth(rs, beyond + 1, reterr);
	if (undone < 0)
		return undone;
	if (r == 0 || r == -EINVAL ||
	    fallback_judge(FALLBACK_CLONE, -r) == VERDICT_WAIT)
		return 0;
	return refuse_all(rs, r, reterr);
}

/* Find out the rules of both files' file systems. */
static int query(struct ranges *rs, struct fault *reterr)
{
	struct fs_info src = { .clone_align = 0 };
	int r = fs_query(rs->rj->dst, &rs->fs);

	if (r == 0)
		r = fs_query(rs->rj->src->fd, &src);
	if (r < 0)
		return refuse_all(rs, r, reterr);
	if (src.clone_align > rs->fs.clone_align)
		rs->fs = src;
	return ask(rs, reterr);
}

static int begin(struct ranges *rs, struct fault *reterr)
{
	const struct policy *policy = rs->run->policy;
	const struct ranges_job *rj = rs->rj;

	rs->same_file = file_info_same(&rj->src->info, &rj->dst_info) ||
			same_file_disguised(rj->src->fd, &rj->src->info,
					    rj->dst, &rj->dst_info);
	rs->pair = fs_pairs_get(&rs->run->pairs, rj->src->info.dev,
				rj->dst_info.dev);
	rs->mover = (struct mover){
		.src = rj->src->fd,
		.dst = rj->dst,
		.keeps_holes = policy->sparse != SPARSE_NEVER,
		.finds_zeros = policy->sparse == SPARSE_ALWAYS,
		/* As for whole files: fully allocated, and yet with holes? */
		.doubts_holes = rj->src->info.allocated >= rj->src->info.size,
		.dst_size = rj->dst_info.size,
	};
	if (policy->reflink == REFLINK_NEVER || policy->sparse == SPARSE_NEVER)
		return 0;
	if (rs->pair && rs->pair->clone_err &&
	    policy->reflink == REFLINK_AUTO) {
		rs->clone_err = rs->pair->clone_err;
		return 0;
	}
	return has_work(rs) ? query(rs, reterr) : 0;
}

/*
 * Refuse ranges that end where this process may not write: EFBIG would come in
 * the middle of them, or as EINVAL.
 */
static int check_limits(const struct ranges_job *rj, struct fault *reterr)
{
	uint64_t limit = fd_limit();

	for (size_t i = 0; i < rj->n; i++) {
		struct span span = rj->spans[i];

		(void)span_resolve(&span, rj->src->info.size);
		if (span.len > 0 && span.dst_off + span.len > limit) {
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
static int check_case(const struct ranges *rs, const struct clone_case *c,
		      uint64_t number, struct fault *reterr)
{
	struct fault_range at = { .number = number,
				  .span = c->span,
				  .bound = rs->fs.clone_align };
	struct clone_plan plan;

	clone_plan(c, &rs->fs, &plan);
	/* If NOCOW differs, no offset would work. */
	if (clone_plan_copies(&plan) && rs->mover.dst_size > 0 &&
	    nocow_wanted(rs->rj->src->fd, rs->rj->dst) >= 0)
		return fault_set(reterr, FAULT_CLONE, FAULT_DST, -EINVAL);
	if (clone_case_overlaps(c)) {
		(void)fault_set(reterr, FAULT_RANGE_OVERLAPS, FAULT_SRC,
				-EINVAL);
	} else if (clone_plan_copies(&plan)) {
		(void)fault_set(reterr, FAULT_RANGE_UNALIGNED, FAULT_SRC,
				-EINVAL);
		if (!clone_case_inside(c, &rs->fs, &at.inside))
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
	const struct ranges_job *rj = rs->rj;
	struct ranges then = *rs;

	for (size_t i = 0; i < rj->n; i++) {
		struct span span = rj->spans[i];
		struct clone_case c;
		int r = resolve(&span, i + 1, rj->src->info.size, reterr);

		if (r < 0)
			return r;
		c = case_of(&then, &span);
		r = check_case(&then, &c, i + 1, reterr);
		if (r < 0)
			return r;
		if (span.len > 0 &&
		    then.mover.dst_size < span.dst_off + span.len)
			then.mover.dst_size = span.dst_off + span.len;
	}
	return 0;
}

/* The file system refused STEP. */
enum {
	REFUSED = 1
};

static int refuse(struct ranges *rs, const struct step *step, int r,
		  struct fault *reterr)
{
	int undone =
		undo_growth(rs, step->span.dst_off + step->call_len, reterr);

	rs->is_lost = fallback_judge(FALLBACK_CLONE, -r) == VERDICT_FAIL;
	if (rs->is_lost || rs->run->policy->reflink == REFLINK_ALWAYS)
		return fault_set(reterr, FAULT_CLONE, FAULT_DST, r);
	if (undone < 0)
		return undone;
	rs->clone_err = -r;
	if (r != -EINVAL || !clone_learn(&rs->fs, step))
		give_up_cloning(rs, -r);
	return REFUSED;
}

/* Record that LEN bytes of the source from OFF on are done. */
static void note_done(struct ranges *rs, uint64_t off, uint64_t len)
{
	if (off == rs->current.src_off + rs->first)
		rs->first += len;
}

/* Returns 0; REFUSED, with rs->fs refined; or -errno with *RETERR. */
static int clone_step(struct ranges *rs, const struct step *step,
		      struct fault *reterr)
{
	const struct span *span = &step->span;
	const struct file_info *src = &rs->rj->src->info;
	const struct clone_try a = {
		.src = rs->rj->src->fd,
		.src_range = { span->src_off, step->call_len },
		.dst = rs->rj->dst,
		.dst_off = span->dst_off,
		.storage = src->allocated && src->allocated < span->len
				   ? src->allocated
				   : span->len,
	};
	int r = clone_try_wait(&a, clone_try(&a), rs->pair);

	if (r < 0)
		return refuse(rs, step, r, reterr);

	rs->clone_err = 0;
	rs->cloned += span->len;
	note_done(rs, span->src_off, span->len);
	if (rs->mover.dst_size < span->dst_off + span->len)
		rs->mover.dst_size = span->dst_off + span->len;
	return 0;
}

static int copy_step(struct ranges *rs, const struct step *step,
		     struct fault *reterr)
{
	struct mover *m = &rs->mover;
	uint64_t before = m->copied + m->holes;
	int r = mover_copy(m, &step->span, step->backward, reterr);

	if (r == 0 || !step->backward)
		note_done(rs, step->span.src_off,
			  m->copied + m->holes - before);
	return r;
}

static int do_span(struct ranges *rs, const struct span *span,
		   struct fault *reterr);

static int do_step(struct ranges *rs, const struct step *step,
		   struct fault *reterr)
{
	struct clone_case c;
	int r;

	switch (step->kind) {
	case STEP_EXTEND:
		return mover_extend(&rs->mover,
				    step->span.dst_off + step->span.len,
				    reterr);
	case STEP_COPY:
		return copy_step(rs, step, reterr);
	case STEP_CLONE:
		break;
	}
	if (interrupted())
		return fault_set(reterr, FAULT_INTERRUPTED, FAULT_DST, -EINTR);

	/* More may be known now than when this was planned. */
	c = case_of(rs, &step->span);
	r = REFUSED;
	if (clone_case_accepted(&c, &rs->fs))
		r = clone_step(rs, step, reterr);
	return r == REFUSED ? do_span(rs, &step->span, reterr) : r;
}

/*
 * This recursion ends, because each refusal leaves less that can be cloned.
 * Its depth depends on the number of alignments to try.
 */
static int do_span(struct ranges *rs, const struct span *span,
		   struct fault *reterr)
{
	struct clone_case c = case_of(rs, span);
	struct clone_plan plan;
	struct step step;

	clone_plan(&c, &rs->fs, &plan);
	while (clone_plan_next(&plan, &step)) {
		int r = do_step(rs, &step, reterr);

		if (r < 0)
			return r;
	}
	return 0;
}

/* Why was some of the range copied? */
static enum range_why why_copied(const struct ranges *rs,
				 const struct clone_case *c)
{
	if (rs->mover.copied + rs->mover.holes == 0)
		return RANGE_CLONED;
	if (rs->clone_err)
		return RANGE_REFUSED;
	if (rs->fs.clone_align == 0)
		return RANGE_NEVER;
	return clone_case_differs_in_phase(c, &rs->fs) ? RANGE_PHASE
						       : RANGE_EDGES;
}

/* JOB is the current range's own. */
static void tell_done(struct ranges *rs, const struct job *job, uint64_t number)
{
	const struct clone_case c = case_of(rs, &rs->current);
	const struct range_outcome out = {
		.number = number,
		.span = rs->current,
		.cloned = rs->cloned,
		.copied = rs->mover.copied,
		.holes = rs->mover.holes,
		.why = why_copied(rs, &c),
		.align = rs->fs.clone_align,
		.clone_err = rs->clone_err,
	};

	rs->out->counts.cloned += rs->cloned;
	rs->out->counts.copied += rs->mover.copied;
	rs->out->counts.holes += rs->mover.holes;
	if (rs->rj->untold)
		rs->rj->untold[number - 1] = out;
	else if (!rs->rj->is_new)
		run_range_done(rs->run, job, &out);
}

/* How much of the current range is certainly done. */
static void measure_stop(const struct ranges *rs, struct ranges_stop *stop)
{
	const struct mover *m = &rs->mover;
	uint64_t all = rs->cloned + m->copied + m->holes;
	uint64_t reached = m->dst_size < rs->current.dst_off
				   ? 0
				   : m->dst_size - rs->current.dst_off;

	stop->partly = all;
	stop->which = rs->first == all ? STOP_FIRST : STOP_SOME;
	/* A hole at the end exists only after the file is extended. */
	if (stop->which == STOP_FIRST && stop->partly > reached)
		stop->partly = reached;
	if (rs->is_lost)
		stop->which = STOP_UNKNOWN;
}

static void tell_stopped(const struct ranges *rs, const struct job *job,
			 uint64_t n_done)
{
	struct ranges_stop stop = {
		.n_done = n_done,
		.n = rs->rj->n,
		.done = rs->out->counts.cloned + rs->out->counts.copied +
			rs->out->counts.holes,
		.span = rs->current,
	};

	measure_stop(rs, &stop);
	if (!rs->rj->is_new)
		run_ranges_stopped(rs->run, job, &stop);
}

/* A cloned part is complete even if the source is truncated later. */
static void note_needed(struct ranges *rs)
{
	uint64_t end = rs->current.src_off + rs->current.len;

	if (rs->mover.copied + rs->mover.holes > 0 && rs->needed < end)
		rs->needed = end;
}

static int do_all(struct ranges *rs, struct fault *reterr)
{
	const struct ranges_job *rj = rs->rj;

	for (size_t i = 0; i < rj->n; i++) {
		struct job job = *rj->job;
		int r;

		if (!rj->is_new)
			run_begin(rs->run, &job);
		rs->current = rj->spans[i];
		rs->cloned = 0;
		rs->first = 0;
		rs->mover.copied = 0;
		rs->mover.holes = 0;
		r = resolve(&rs->current, i + 1, rj->src->info.size, reterr);
		if (r == 0)
			r = do_span(rs, &rs->current, reterr);
		if (r < 0) {
			tell_stopped(rs, &job, i);
			return r;
		}
		note_needed(rs);
		tell_done(rs, &job, i + 1);
	}
	return 0;
}

/* Check both lengths: nothing may be missing, whatever the calls returned. */
static int check_sizes(const struct ranges *rs, struct fault *reterr)
{
	struct file_info now;
	int r = stat_fd(rs->rj->dst, &now);

	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	if (now.size < rs->mover.dst_size)
		return fault_set(reterr, FAULT_SHORT_CLONE, FAULT_DST, -EIO);

	/* Bytes that the source lost were taken for a hole. */
	r = stat_fd(rs->rj->src->fd, &now);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_SRC, r);
	if (now.size < rs->needed)
		return fault_set(reterr, FAULT_SHRANK, FAULT_SRC, -EIO);
	return 0;
}

int ranges_copy(struct run *run, const struct ranges_job *rj,
		struct outcome *out, struct fault *reterr)
{
	_cleanup_(ranges_release) struct ranges rs = { .run = run,
						       .rj = rj,
						       .out = out };
	int r = check_spans(rj->spans, rj->n, rj->src->info.size, reterr);

	if (r == 0)
		r = check_limits(rj, reterr);
	if (r == 0)
		r = begin(&rs, reterr);
	if (r == 0 && run->policy->reflink == REFLINK_ALWAYS)
		r = check_all(&rs, reterr);
	/* Only an empty file can get the flag: before anything is written. */
	if (r == 0 && rs.fs.clone_align > 0 && rj->dst_info.size == 0)
		(void)nocow_give(rj->dir, rj->src->fd, rj->dst);
	if (r == 0)
		r = do_all(&rs, reterr);
	return r < 0 ? r : check_sizes(&rs, reterr);
}
