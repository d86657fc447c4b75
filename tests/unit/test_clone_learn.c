/* SPDX-License-Identifier: BSD-2-Clause */
/* Spans as they are given, and what is learnt from refusals. */
#include "check_case.h"

/* --- spans as given ---------------------------------------------------- */

static const struct {
	struct span span;
	uint64_t src_size;
	enum span_fault fault;
	uint64_t len; /* then, if it is good */
} spans[] = {
	{ { 0, 0, 0 }, 0, SPAN_GOOD, 0 },
	{ { 0, 10, 0 }, 10, SPAN_GOOD, 10 },
	{ { 0, 0, 5 }, 10, SPAN_GOOD, 10 },
	{ { 3, 0, 5 }, 10, SPAN_GOOD, 7 },
	{ { 9, 1, 0 }, 10, SPAN_GOOD, 1 },
	{ { 10, 0, 0 }, 10, SPAN_GOOD, 0 },
	{ { 10, 1, 0 }, 10, SPAN_PAST_END, 0 },
	{ { 11, 0, 0 }, 10, SPAN_PAST_END, 0 },
	{ { 11, 1, 0 }, 10, SPAN_PAST_END, 0 },
	{ { 0, 11, 0 }, 10, SPAN_PAST_END, 0 },
	{ { 0, 1, 0 }, 0, SPAN_PAST_END, 0 },
	/* Sums that don't fit. */
	{ { 5, UINT64_MAX, 0 }, 10, SPAN_PAST_END, 0 },
	{ { 5, UINT64_MAX - 4, 0 }, 10, SPAN_PAST_END, 0 },
	{ { 5, UINT64_MAX - 3, 0 }, 10, SPAN_PAST_END, 0 },
	{ { UINT64_MAX, 0, 0 }, 10, SPAN_PAST_END, 0 },
	{ { UINT64_MAX, 1, 0 }, 10, SPAN_PAST_END, 0 },
	{ { UINT64_MAX - 1, 5, 0 }, 10, SPAN_PAST_END, 0 },
	{ { UINT64_MAX, UINT64_MAX, 0 }, 10, SPAN_PAST_END, 0 },
	{ { 0, 5, UINT64_MAX }, 10, SPAN_TOO_FAR, 0 },
	{ { 0, 5, UINT64_MAX - 4 }, 10, SPAN_TOO_FAR, 0 },
	{ { 0, 5, UINT64_MAX - 5 }, 10, SPAN_TOO_FAR, 0 },
	{ { 0, 0, UINT64_MAX - 3 }, 10, SPAN_TOO_FAR, 0 },
	/* The last place, and one further. */
	{ { 0, 5, RANGE_OFF_MAX - 5 }, 10, SPAN_GOOD, 5 },
	{ { 0, 5, RANGE_OFF_MAX - 4 }, 10, SPAN_TOO_FAR, 0 },
	{ { 0, 0, RANGE_OFF_MAX - 10 }, 10, SPAN_GOOD, 10 },
	{ { 0, 0, RANGE_OFF_MAX - 9 }, 10, SPAN_TOO_FAR, 0 },
	{ { 10, 0, RANGE_OFF_MAX }, 10, SPAN_GOOD, 0 },
	{ { 10, 0, RANGE_OFF_MAX + 1 }, 10, SPAN_TOO_FAR, 0 },
	{ { 10, 0, UINT64_MAX }, 10, SPAN_TOO_FAR, 0 },
	{ { 0, RANGE_OFF_MAX, 0 }, RANGE_OFF_MAX, SPAN_GOOD, RANGE_OFF_MAX },
	{ { 0, 0, 1 }, RANGE_OFF_MAX, SPAN_TOO_FAR, 0 },
};

static void resolves(void)
{
	for (size_t i = 0; i < countof(spans); i++) {
		const struct fs_info none = { 0 };
		struct clone_case c = { .span = spans[i].span,
					.src_size = spans[i].src_size };
		struct span got = spans[i].span;

		check_case(span_resolve(&got, c.src_size) == spans[i].fault, &c,
			   &none, "another fault");
		if (spans[i].fault != SPAN_GOOD)
			continue;
		check_case(got.len == spans[i].len &&
				   got.src_off == c.span.src_off &&
				   got.dst_off == c.span.dst_off,
			   &c, &none, "another span");
	}
}

/* --- what a refusal teaches -------------------------------------------- */

/*
 * A clone that FS allows, with TAIL one that ends within a block; no alignment
 * that is larger has it.
 */
static struct step allowed(const struct fs_info *fs, bool tail)
{
	uint64_t align = fs->clone_align;
	struct step s = { .kind = STEP_CLONE,
			  .span = { align, align, 3 * align } };

	if (tail && fs->clone_tail != TAIL_NEVER && align > 1)
		s.span.len--;
	s.call_len = call_len(s.span.len, fs);
	return s;
}

/* The ways that are tried, in this order, when each is refused. */
static void check_ways(struct fs_info fs, const uint64_t *aligns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct step s = allowed(&fs, true);

		check(fs.clone_align == aligns[i]);
		check(fs.clone_tail == TAIL_EXACT);
		check(clone_learn(&fs, &s));
		check(fs.clone_align == aligns[i]);
		check(fs.clone_tail == TAIL_NEVER);
		s = allowed(&fs, true);
		check(clone_learn(&fs, &s) == (i + 1 < n));
	}
	check(fs.clone_align == 0);
}

static void learns(void)
{
	static const uint64_t usual[] = { 4096, 64 * KIB, MIB };
	static const uint64_t hinted[] = { 4096, 16384, 64 * KIB, MIB };
	static const uint64_t small[] = { 1024, 64 * KIB, MIB };
	static const uint64_t last[] = { MIB };
	struct fs_info fs = { .clone_align = 4096 };

	check_ways(fs, usual, countof(usual));
	fs.clone_align_next = 4096;
	check_ways(fs, usual, countof(usual));
	fs.clone_align_next = 1024;
	check_ways(fs, usual, countof(usual));
	fs.clone_align_next = 64 * KIB;
	check_ways(fs, usual, countof(usual));
	fs.clone_align_next = 16384;
	check_ways(fs, hinted, countof(hinted));
	fs = (struct fs_info){ .clone_align = 1024 };
	check_ways(fs, small, countof(small));
	fs = (struct fs_info){ .clone_align = MIB };
	check_ways(fs, last, countof(last));
}

/* From FS on, refuse all. */
static void check_gives_up(struct fs_info fs, bool tail)
{
	const struct fs_info start = fs;
	const struct clone_case c = { 0 };

	for (int i = 0; i < 20 && fs.clone_align; i++) {
		struct step s = allowed(&fs, tail);
		struct fs_info old = fs;
		bool more = clone_learn(&fs, &s);

		check_case(more == (fs.clone_align != 0), &c, &start, "more");
		check_case(!more || fs.clone_align > old.clone_align ||
				   (fs.clone_align == old.clone_align &&
				    old.clone_tail != TAIL_NEVER &&
				    fs.clone_tail == TAIL_NEVER),
			   &c, &start, "learnt nothing");
		if (!more || start.clone_max == 0)
			continue;
		check_case(fs.clone_max && fs.clone_max <= start.clone_max &&
				   fs.clone_max % fs.clone_align == 0,
			   &c, &start, "the most bytes a call");
	}
	check_case(fs.clone_align == 0, &c, &start, "gives never up");
}

static void gives_up(void)
{
	static const uint64_t aligns[] = { 1,	512, 4096,    64 * KIB,
					   MIB, 3,   2 * MIB, GIB };
	static const uint64_t nexts[] = { 0, 512, 4096, 12288, 64 * KIB, GIB };

	for (size_t i = 0; i < countof(aligns) * countof(nexts); i++)
		for (int tail = TAIL_EXACT; tail <= TAIL_NEVER; tail++)
			for (uint64_t blocks = 0; blocks <= 300;
			     blocks = blocks * 3 + 1) {
				uint64_t align = aligns[i % countof(aligns)];
				struct fs_info fs = {
					.clone_align = align,
					.clone_align_next =
						nexts[i / countof(aligns)],
					.clone_max = blocks * align,
					.clone_tail = (enum clone_tail)tail,
				};

				check_gives_up(fs, true);
				check_gives_up(fs, false);
			}
}

/* What FS has cloned of C where REAL is true; the first refusal is learnt. */
static bool clone_for_real(const struct clone_case *c, struct fs_info *fs,
			   const struct fs_info *real, uint64_t *ret)
{
	struct clone_case now = *c;
	struct clone_plan plan;
	struct step s;

	*ret = 0;
	clone_plan(c, fs, &plan);
	while (clone_plan_next(&plan, &s)) {
		now.span = s.span;
		if (s.kind == STEP_CLONE && refusal(&now, real)) {
			clone_learn(fs, &s);
			return false;
		}
		if (s.kind == STEP_CLONE)
			*ret += s.span.len;
		if (dst_end(&now) > now.dst_size)
			now.dst_size = dst_end(&now);
	}
	return true;
}

/* What a file system asks for is found, if it is among what is tried. */
static void finds(void)
{
	const uint64_t size = 10 * MIB + 12345;
	const struct clone_case c = { .span = { 0, size, 0 },
				      .src_size = size };
	static const uint64_t aligns[] = { 4096,     8192, 16384,
					   64 * KIB, MIB,  16 * MIB };

	for (size_t i = 0; i < countof(aligns) * 2; i++) {
		const struct fs_info real = {
			.clone_align = aligns[i / 2],
			.clone_tail = i % 2 ? TAIL_NEVER : TAIL_EXACT,
		};
		struct fs_info fs = { .clone_align = 4096 };
		uint64_t cloned = 0;
		int tries = 0;

		while (!clone_for_real(&c, &fs, &real, &cloned) && tries < 20)
			tries++;
		check_case(tries < 20, &c, &real, "no end");
		if (real.clone_tail == TAIL_EXACT)
			check_case(cloned == size, &c, &real, "not all");
		else if (real.clone_align <= MIB)
			check_case(cloned >= 10 * MIB, &c, &real, "not most");
	}
}

int main(void)
{
	test(resolves);
	test(learns);
	test(gives_up);
	test(finds);
	return tests_end();
}
