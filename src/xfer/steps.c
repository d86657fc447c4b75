/* SPDX-License-Identifier: BSD-2-Clause */
#include "steps.h"

#include <errno.h>

#include "clone.h"
#include "clone_try.h"
#include "fallback.h"
#include "fs.h"
#include "same_file.h"
#include "stat.h"

/* The file system refused a step. */
enum {
	REFUSED = 1
};

void steps_begin(struct steps *s, struct xfer *x)
{
	const struct file_info *src = &x->src_info;

	*s = (struct steps){
		.x = x,
		.same_file = file_info_same(src, &x->dst_info) ||
			     same_file_disguised(x->src, src, x->dst,
						 &x->dst_info),
		.bytes = {
			.x = x,
			.sized = true,
			.exact = true,
			.src_seeks = true,
			.dst_seeks = true,
			.looks = true,
			.makes_holes = x->sparse != SPARSE_NEVER,
			/* As for whole files: preallocated, or wrong? */
			.doubts_holes = src->allocated >= src->size,
			.finds_zeros = x->sparse == SPARSE_ALWAYS,
			.dst_size = x->dst_info.size,
		},
	};
}

struct clone_case steps_case(const struct steps *s, const struct span *span,
			     uint64_t dst_size)
{
	return (struct clone_case){
		.span = *span,
		.src_size = s->same_file ? dst_size : s->x->src_info.size,
		.dst_size = dst_size,
		.same_file = s->same_file,
	};
}

/*
 * A refused clone that would have ended at END may have extended the
 * destination to END all the same (SMB).  Any other length is the work of
 * another process.
 */
static int undo_growth(const struct steps *s, uint64_t end,
		       struct fault *reterr)
{
	struct file_info now;
	int r;

	if (!s->fs.refusal_grows)
		return 0;
	r = stat_fd(s->x->dst, &now);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	if (now.size <= s->bytes.dst_size || now.size != end)
		return 0;
	r = fd_truncate(s->x->dst, s->bytes.dst_size);
	if (r < 0)
		return fault_set(reterr, FAULT_TRUNCATE, FAULT_DST, r);
	return 0;
}

/* Try no more clones between these files, because of ERR. */
static void give_up_cloning(struct steps *s, int err)
{
	struct fs_pair *pair = s->x->pair;

	s->fs.clone_align = 0;
	s->clone_err = err;
	if (pair &&
	    fallback_judge(FALLBACK_CLONE, err) == VERDICT_NEXT_FOR_PAIR)
		pair->clone_err = err;
}

/* Is the refusal R of a clone a failure? */
static bool is_failure(const struct steps *s, int r)
{
	return fallback_judge(FALLBACK_CLONE, -r) == VERDICT_FAIL ||
	       s->x->reflink == REFLINK_ALWAYS;
}

/* CALL, before any clone, failed with R. */
static int refuse_all(struct steps *s, enum fault_call call, int r,
		      struct fault *reterr)
{
	if (is_failure(s, r))
		return fault_set_in(reterr, call, FAULT_CLONE, FAULT_DST, r);
	give_up_cloning(s, -r);
	return 0;
}

/*
 * Can these files be cloned at all?  Try with a range that starts inside a
 * block: each file system with clones refuses it with EINVAL.  So the message
 * does not blame the offsets where no offsets would work.  The range lies past
 * the end, because ksmbd copies what it can't clone (Linux 6.12).
 */
static int try_odd_range(struct steps *s, struct fault *reterr)
{
	uint64_t beyond = (s->bytes.dst_size + 1) | 1;
	int r;
	int undone;

	if (beyond >= RANGE_OFF_MAX)
		return 0;
	r = clone_range(s->x->src, (struct range){ 0, 1 }, s->x->dst, beyond);
	/* A file system that accepts this may also leave a file longer. */
	s->fs.refusal_grows |= r == 0;
	undone = undo_growth(s, beyond + 1, reterr);
	if (undone < 0)
		return undone;
	if (r == 0 || r == -EINVAL ||
	    fallback_judge(FALLBACK_CLONE, -r) == VERDICT_WAIT)
		return 0;
	return refuse_all(s, CALL_FICLONERANGE, r, reterr);
}

int steps_ask(struct steps *s, struct fault *reterr)
{
	struct xfer *x = s->x;
	struct fs_info src = { .clone_align = 0 };
	int r;

	if (x->reflink == REFLINK_NEVER || x->sparse == SPARSE_NEVER)
		return 0;
	if (x->pair && x->pair->clone_err && x->reflink == REFLINK_AUTO) {
		s->clone_err = x->pair->clone_err;
		return 0;
	}
	r = fs_query(x->dst, &s->fs);
	if (r == 0)
		r = fs_query(x->src, &src);
	if (r < 0)
		return refuse_all(s, CALL_FSTATFS, r, reterr);
	/* The stricter of the two. */
	if (src.clone_align > s->fs.clone_align)
		s->fs = src;
	return try_odd_range(s, reterr);
}

/* Record that LEN bytes of the source from OFF on are done. */
static void note_done(struct steps *s, uint64_t off, uint64_t len)
{
	if (off == s->span.src_off + s->first)
		s->first += len;
}

static int refuse(struct steps *s, const struct step *step, int r,
		  struct fault *reterr)
{
	int undone =
		undo_growth(s, step->span.dst_off + step->call_len, reterr);

	s->is_lost = fallback_judge(FALLBACK_CLONE, -r) == VERDICT_FAIL;
	if (is_failure(s, r))
		return fault_set_in(reterr, CALL_FICLONERANGE, FAULT_CLONE,
				    FAULT_DST, r);
	if (undone < 0)
		return undone;
	s->clone_err = -r;
	if (r != -EINVAL || !clone_learn(&s->fs, step))
		give_up_cloning(s, -r);
	return REFUSED;
}

/* Returns 0; REFUSED, with s->fs refined; or -errno with *RETERR. */
static int clone_step(struct steps *s, const struct step *step,
		      struct fault *reterr)
{
	const struct span *span = &step->span;
	const struct file_info *src = &s->x->src_info;
	const struct clone_try t = {
		.src = s->x->src,
		.src_range = { span->src_off, step->call_len },
		.dst = s->x->dst,
		.dst_off = span->dst_off,
		.storage = src->allocated && src->allocated < span->len
				   ? src->allocated
				   : span->len,
		.x = s->x,
		.len = span->len,
	};
	/* More may be known now than when this was planned. */
	struct clone_case c = steps_case(s, span, s->bytes.dst_size);
	int r = xfer_tick_now(s->x, reterr);

	if (r < 0)
		return r;
	if (!clone_case_accepted(&c, &s->fs))
		return REFUSED;
	r = clone_try_wait(&t, clone_try(&t), s->x->pair);
	if (r < 0)
		return refuse(s, step, r, reterr);

	s->clone_err = 0;
	s->x->counts.cloned += span->len;
	note_done(s, span->src_off, span->len);
	if (s->bytes.dst_size < span_dst_end(span))
		s->bytes.dst_size = span_dst_end(span);
	return 0;
}

/* What is done of the current span without a clone. */
static uint64_t not_cloned(const struct steps *s)
{
	return s->x->counts.copied + s->x->counts.holes;
}

static int copy_step(struct steps *s, const struct step *step,
		     struct fault *reterr)
{
	uint64_t before = not_cloned(s);
	int r = step->backward
			? copy_bytes_backward(&s->bytes, &step->span, reterr)
			: copy_bytes(&s->bytes, &step->span, reterr);

	/* It may end in a hole. */
	if (r == 0)
		r = copy_bytes_extend(&s->bytes, span_dst_end(&step->span),
				      reterr);
	if (r == 0 || !step->backward)
		note_done(s, step->span.src_off, not_cloned(s) - before);
	return r;
}

static int do_span(struct steps *s, const struct span *span,
		   struct fault *reterr);

static int do_step(struct steps *s, const struct step *step,
		   struct fault *reterr)
{
	int r = 0;

	switch (step->kind) {
	case STEP_EXTEND:
		return copy_bytes_extend(&s->bytes, span_dst_end(&step->span),
					 reterr);
	case STEP_COPY:
		return copy_step(s, step, reterr);
	case STEP_CLONE:
		r = clone_step(s, step, reterr);
		break;
	}
	return r == REFUSED ? do_span(s, &step->span, reterr) : r;
}

/*
 * This recursion ends, because each refusal leaves less that can be cloned.
 * Its depth depends on the number of alignments to try.
 */
static int do_span(struct steps *s, const struct span *span,
		   struct fault *reterr)
{
	struct clone_case c = steps_case(s, span, s->bytes.dst_size);
	struct clone_plan plan;
	struct step step;
	int r = 0;

	clone_plan(&c, &s->fs, &plan);
	while (r == 0 && clone_plan_next(&plan, &step))
		r = do_step(s, &step, reterr);
	return r;
}

int steps_run(struct steps *s, const struct span *span, struct fault *reterr)
{
	uint64_t end = span->src_off + span->len;
	int r;

	s->span = *span;
	s->first = 0;
	s->x->counts = (struct counts){ .cloned = 0 };
	r = do_span(s, span, reterr);
	/* A cloned part is complete even if the source is truncated later. */
	if (r == 0 && not_cloned(s) > 0 && s->needed < end)
		s->needed = end;
	return r;
}

int steps_check(const struct steps *s, struct fault *reterr)
{
	struct file_info now;
	int r = stat_fd(s->x->dst, &now);

	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	if (now.size < s->bytes.dst_size)
		return fault_set(reterr, FAULT_SHORT_CLONE, FAULT_DST, -EIO);

	/* Bytes that the source lost were taken for a hole. */
	r = stat_fd(s->x->src, &now);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_SRC, r);
	if (now.size < s->needed)
		return fault_set(reterr, FAULT_SHRANK, FAULT_SRC, -EIO);
	return 0;
}

void steps_release(struct steps *s)
{
	copy_bytes_release(&s->bytes);
}
