/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rule that all file systems of Linux share (6.18, fs/remap_range.c; tested
 * on XFS and Btrfs): both offsets and the length must be aligned.  There is one
 * exception: a range may end at the source's end, unless that is inside the
 * destination's data, where the rest of the last block would overwrite bytes.
 */
#include "clone_plan.h"

#include "base.h"

/* Alignments to try after the known one was refused; OCFS2 has up to 1 MiB. */
static const uint64_t aligns[] = { (uint64_t)64 << 10, (uint64_t)1 << 20 };

static uint64_t src_end(const struct span *s)
{
	return s->src_off + s->len;
}

static uint64_t distance(const struct span *s)
{
	return s->src_off < s->dst_off ? s->dst_off - s->src_off
				       : s->src_off - s->dst_off;
}

bool clone_case_overlaps(const struct clone_case *c)
{
	return c->same_file && distance(&c->span) < c->span.len;
}

bool clone_case_differs_in_phase(const struct clone_case *c,
				 const struct fs_info *fs)
{
	return c->span.src_off % fs->clone_align !=
	       c->span.dst_off % fs->clone_align;
}

/* May a clone end where C does, inside a block? */
static bool ends_well(const struct clone_case *c, const struct fs_info *fs)
{
	/* Extending the same file moves the source's end, the exception. */
	bool moves = c->same_file && fs->size_dst_first &&
		     span_dst_end(&c->span) > c->dst_size;

	return fs->clone_tail != TAIL_NEVER &&
	       src_end(&c->span) == c->src_size &&
	       span_dst_end(&c->span) >= c->dst_size && !moves;
}

/* Can all of C be cloned, in one call or several? */
static bool is_clonable(const struct clone_case *c, const struct fs_info *fs)
{
	uint64_t align = fs->clone_align;
	const struct span *s = &c->span;

	if (align == 0 || s->len == 0 || clone_case_overlaps(c) ||
	    src_end(s) > c->src_size)
		return false;
	return s->src_off % align == 0 && s->dst_off % align == 0 &&
	       (s->len % align == 0 || ends_well(c, fs));
}

/* The length to request in order to clone LEN bytes. */
static uint64_t call_len(uint64_t len, uint64_t align, enum clone_tail tail)
{
	uint64_t over = len % align;

	return tail == TAIL_ROUNDED && over > 0 ? len + (align - over) : len;
}

bool clone_case_accepted(const struct clone_case *c, const struct fs_info *fs)
{
	if (!is_clonable(c, fs))
		return false;
	return fs->clone_max == 0 || call_len(c->span.len, fs->clone_align,
					      fs->clone_tail) <= fs->clone_max;
}

/* The part of C that consists of whole blocks on both sides; may be empty. */
static struct span body_of(const struct clone_case *c, const struct fs_info *fs)
{
	const struct span none = { .len = 0 };
	uint64_t align = fs->clone_align;
	uint64_t end = src_end(&c->span);
	uint64_t start;

	if (align == 0 || clone_case_differs_in_phase(c, fs) ||
	    !range_round_up(c->span.src_off, align, &start))
		return none;
	if (!ends_well(c, fs))
		end -= end % align;
	if (end <= start)
		return none;
	return span_part(&c->span, start - c->span.src_off, end - start);
}

static void add(struct clone_plan *plan, enum step_kind kind, struct span span,
		bool backward)
{
	if (span.len > 0)
		plan->parts[plan->n++] = (struct step){
			.kind = kind,
			.span = span,
			.backward = backward,
		};
}

/* The smaller of the limits A and B; 0 means no limit. */
static uint64_t least(uint64_t a, uint64_t b)
{
	if (a == 0 || b == 0)
		return a + b;
	return a < b ? a : b;
}

void clone_plan(const struct clone_case *c, const struct fs_info *fs,
		struct clone_plan *ret)
{
	const struct span *s = &c->span;
	bool overlaps = clone_case_overlaps(c);
	bool upward = c->same_file && s->dst_off > s->src_off;
	struct span body = body_of(c, fs);
	uint64_t skip = body.src_off - s->src_off;
	struct span head;
	struct span tail;

	*ret = (struct clone_plan){ .align = fs->clone_align,
				    .tail = fs->clone_tail,
				    .backward = upward };
	if (overlaps && s->src_off == s->dst_off)
		return;
	if (body.len == 0) {
		add(ret, STEP_COPY, *s, overlaps && upward);
		return;
	}

	head = span_part(s, 0, skip);
	tail = span_part(s, skip + body.len, s->len - skip - body.len);
	ret->piece = least(fs->clone_max, overlaps ? distance(s) : 0);
	if (fs->size_dst_first && span_dst_end(&body) > c->dst_size)
		add(ret, STEP_EXTEND, body, false);
	if (overlaps) {
		add(ret, STEP_COPY, upward ? tail : head, upward);
		add(ret, STEP_CLONE, body, false);
		add(ret, STEP_COPY, upward ? head : tail, upward);
	} else {
		add(ret, STEP_CLONE, body, false);
		add(ret, STEP_COPY, head, false);
		add(ret, STEP_COPY, tail, false);
	}
}

/* Cut the next piece from PART, which must be longer than a piece. */
static struct span cut(const struct clone_plan *plan, struct span *part)
{
	struct span piece = span_part(part, 0, plan->piece);
	uint64_t left = part->len - plan->piece;

	if (!plan->backward) {
		*part = span_part(part, plan->piece, left);
		return piece;
	}
	/* A piece must begin at a block boundary, as the part does. */
	if (left % plan->align > 0)
		left += plan->align - left % plan->align;
	piece = span_part(part, left, part->len - left);
	part->len = left;
	return piece;
}

bool clone_plan_next(struct clone_plan *plan, struct step *ret)
{
	struct step *part = &plan->parts[plan->next];

	if (plan->next == plan->n)
		return false;

	*ret = *part;
	if (part->kind == STEP_CLONE && plan->piece > 0 &&
	    part->span.len > plan->piece)
		ret->span = cut(plan, &part->span);
	else
		plan->next++;
	if (ret->kind == STEP_CLONE)
		ret->call_len =
			call_len(ret->span.len, plan->align, plan->tail);
	return true;
}

bool clone_plan_copies(const struct clone_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->parts[i].kind == STEP_COPY)
			return true;
	return false;
}

bool clone_case_inside(const struct clone_case *c, const struct fs_info *fs,
		       struct span *ret)
{
	struct clone_case inside = *c;

	if (clone_case_overlaps(c))
		return false;
	inside.span = body_of(c, fs);
	if (!is_clonable(&inside, fs))
		return false;
	*ret = inside.span;
	return true;
}

/* The smallest alignment to try that exceeds the known one; 0 if none. */
static uint64_t next_align(const struct fs_info *fs)
{
	uint64_t next = 0;

	if (fs->clone_align_next > fs->clone_align)
		next = fs->clone_align_next;
	for (size_t i = 0; i < countof(aligns); i++)
		if (aligns[i] > fs->clone_align)
			next = least(next, aligns[i]);
	return next;
}

bool clone_learn(struct fs_info *fs, const struct step *refused)
{
	if (fs->clone_align == 0)
		return false;
	if (refused->span.len % fs->clone_align > 0 &&
	    fs->clone_tail != TAIL_NEVER) {
		fs->clone_tail = TAIL_NEVER;
		return true;
	}

	fs->clone_align = next_align(fs);
	if (fs->clone_max > 0 && fs->clone_max < fs->clone_align)
		fs->clone_align = 0;
	if (fs->clone_align == 0)
		return false;
	fs->clone_max -= fs->clone_max % fs->clone_align;
	if (fs->clone_tail == TAIL_NEVER)
		fs->clone_tail = TAIL_EXACT;
	return true;
}

enum span_fault span_resolve(struct span *span, uint64_t src_size)
{
	uint64_t left = src_size - span->src_off;
	uint64_t len = span->len > 0 ? span->len : left;

	if (span->src_off > src_size || len > left)
		return SPAN_PAST_END;
	if (span->dst_off > RANGE_OFF_MAX ||
	    len > RANGE_OFF_MAX - span->dst_off)
		return SPAN_TOO_FAR;
	span->len = len;
	return SPAN_GOOD;
}
