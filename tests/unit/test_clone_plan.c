/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each case of a small world: the plan is carried out on arrays and compared
 * with memmove(3), each clone in it with what Linux takes.
 */
#include "check_case.h"

/* The largest size and offset of the small world, and room for their sum. */
enum {
	WORLD = 14,
	ROOM = 32,
	STEPS_MAX = 300
};

/* ReFS with large clusters. */
static const struct fs_info windows = {
	.clone_align = 64 * KIB,
	.clone_max = 4 * GIB - 64 * KIB,
	.clone_tail = TAIL_ROUNDED,
	.size_dst_first = true,
};

/* A plan while it is carried out. */
struct run {
	const struct clone_case *c;
	const struct fs_info *fs;
	struct clone_case now; /* span: what the step is about */
	uint64_t cloned;       /* bytes */
	uint32_t seen;	       /* bytes of c's span: bit by bit */
	bool copied;	       /* there was a copy */
	bool extended;
	bool needed; /* a clone ended where the destination was extended to */
	unsigned char files[2][ROOM]; /* source, destination */
};

/* --- one plan, carried out --------------------------------------------- */

static bool step_inside(const struct run *run, const struct step *s)
{
	uint64_t at = s->span.src_off - run->c->span.src_off;

	return s->span.len > 0 && s->span.src_off >= run->c->span.src_off &&
	       at < run->c->span.len && s->span.len <= run->c->span.len - at &&
	       s->span.dst_off - run->c->span.dst_off == at;
}

static void reached(struct run *run, uint64_t end)
{
	if (end > run->now.dst_size)
		run->now.dst_size = end;
	if (run->c->same_file)
		run->now.src_size = run->now.dst_size;
}

static void check_extend(struct run *run, const struct step *s)
{
	uint64_t end = s->span.dst_off + s->span.len;

	check_run(run, run->fs->size_dst_first, "extends unasked");
	check_run(run, !run->extended, "extends twice");
	check_run(run, run->cloned == 0 && !run->copied, "extends late");
	check_run(run, end > run->c->dst_size, "extends to no more");
	check_run(run, end <= dst_end(run->c), "extends too far");
	run->extended = true;
	reached(run, end);
}

static void check_clone(struct run *run, const struct step *s)
{
	const char *why;

	run->now.span = s->span;
	why = refusal(&run->now, run->fs);
	check_run(run, !why, why);
	check_run(run, s->call_len == call_len(s->span.len, run->fs),
		  "call_len");
	check_run(run, !run->copied || clone_case_overlaps(run->c),
		  "clone after copy");
	if (dst_end(&run->now) > run->c->dst_size)
		run->needed = true;
	run->cloned += s->span.len;
	reached(run, dst_end(&run->now));
}

static void check_copy(struct run *run, const struct step *s)
{
	run->copied = true;
	reached(run, s->span.dst_off + s->span.len);
}

static void check_step(struct run *run, const struct step *s)
{
	check_run(run, s->span.len > 0, "empty step");
	if (s->kind == STEP_EXTEND) {
		check_extend(run, s);
		return;
	}
	check_run(run, step_inside(run, s), "step outside");
	if (s->kind == STEP_CLONE)
		check_clone(run, s);
	else
		check_copy(run, s);
}

/* The step on arrays, copies by buffers of two bytes. */
static void carry_out(struct run *run, const struct step *s)
{
	unsigned char *dst = run->files[1] + s->span.dst_off;
	const unsigned char *src =
		run->files[!run->c->same_file ? 0 : 1] + s->span.src_off;
	uint64_t len = s->span.len;
	unsigned char buf[2];

	if (s->kind == STEP_CLONE)
		memcpy(dst, src, len);
	if (s->kind != STEP_COPY)
		return;
	for (uint64_t done = 0; done < len;) {
		uint64_t n = len - done < 2 ? len - done : 2;
		uint64_t at = s->backward ? len - done - n : done;

		memcpy(buf, src + at, n);
		memcpy(dst + at, buf, n);
		done += n;
	}
}

static void note_bytes(struct run *run, const struct step *s)
{
	uint64_t at = s->span.src_off - run->c->span.src_off;
	uint32_t bits = (((uint32_t)1 << s->span.len) - 1) << at;

	if (s->kind == STEP_EXTEND)
		return;
	check_run(run, !(run->seen & bits), "bytes done twice");
	run->seen |= bits;
}

/* A file of SIZE bytes, with zeros after its end. */
static void make_file(unsigned char *file, uint64_t size, unsigned char first)
{
	memset(file, 0, ROOM);
	for (uint64_t i = 0; i < size; i++)
		file[i] = (unsigned char)(first + i);
}

static void make_files(const struct clone_case *c, unsigned char files[2][ROOM])
{
	static unsigned char made[2][WORLD + 1][ROOM];
	static bool done;

	for (uint64_t size = 0; !done && size <= WORLD; size++) {
		make_file(made[0][size], size, 1);
		make_file(made[1][size], size, 101);
	}
	done = true;
	memcpy(files[0], made[0][c->src_size], ROOM);
	memcpy(files[1], made[1][c->dst_size], ROOM);
}

static void check_result(const struct run *run)
{
	const struct span *s = &run->c->span;
	unsigned char want[2][ROOM];

	make_files(run->c, want);
	memmove(want[1] + s->dst_off,
		want[!run->c->same_file ? 0 : 1] + s->src_off, s->len);
	check_run(run, !memcmp(want, run->files, sizeof(want)), "wrong bytes");
}

/* What must be so of all steps together. */
static void check_whole(const struct run *run)
{
	const struct clone_case *c = run->c;
	bool onto_itself = c->same_file && c->span.src_off == c->span.dst_off;
	uint32_t all = ((uint32_t)1 << c->span.len) - 1;

	if (onto_itself || c->span.len == 0) {
		check_run(run, !run->seen && !run->extended, "needless steps");
		return;
	}
	check_run(run, run->seen == all, "bytes left out");
	check_run(run, !run->extended || run->needed, "extends needlessly");
	if (overlap(c, c->span.len))
		check_run(run, run->cloned >= in_blocks(c, run->fs, false),
			  "body not cloned");
	else
		check_run(run, run->cloned == most(c, run->fs),
			  "less cloned than could be");
}

static void check_plan(const struct clone_case *c, const struct fs_info *fs)
{
	struct run run = { .c = c, .fs = fs, .now = *c };
	struct clone_plan plan;
	bool copies;
	struct step s;
	int n = 0;

	make_files(c, run.files);
	clone_plan(c, fs, &plan);
	copies = clone_plan_copies(&plan);
	while (clone_plan_next(&plan, &s)) {
		check_step(&run, &s);
		if (!step_inside(&run, &s) && s.kind != STEP_EXTEND)
			return;
		note_bytes(&run, &s);
		carry_out(&run, &s);
		if (++n > 2 * WORLD) {
			check_run(&run, false, "no end");
			return;
		}
	}
	check_run(&run, !clone_plan_next(&plan, &s), "a step after the end");
	check_run(&run, run.copied == copies, "clone_plan_copies");
	check_result(&run);
	check_whole(&run);
}

/* --- the small world --------------------------------------------------- */

typedef void visitor(const struct clone_case *c, const struct fs_info *fs);

/* Each destination of C's source. */
static void each_dst(visitor *visit, struct clone_case *c,
		     const struct fs_info *fs, uint64_t world)
{
	for (c->span.dst_off = 0; c->span.dst_off <= world; c->span.dst_off++) {
		c->same_file = true;
		c->dst_size = c->src_size;
		visit(c, fs);
		c->same_file = false;
		for (c->dst_size = 0; c->dst_size <= world; c->dst_size++)
			visit(c, fs);
	}
}

static void each_case(visitor *visit, const struct fs_info *fs, uint64_t world)
{
	for (uint64_t size = 0; size <= world; size++)
		for (uint64_t off = 0; off <= size; off++)
			for (uint64_t len = 0; len <= size - off; len++) {
				struct clone_case c = { .src_size = size };

				c.span.src_off = off;
				c.span.len = len;
				each_dst(visit, &c, fs, world);
			}
}

/* Each case of each file system whose alignment is ALIGN. */
static void each(visitor *visit, uint64_t align, uint64_t world)
{
	for (uint64_t blocks = 0; blocks <= 2; blocks++)
		for (int tail = TAIL_EXACT; tail <= TAIL_NEVER; tail++)
			for (int first = 0; first <= 1; first++) {
				struct fs_info fs = {
					.clone_align = align,
					.clone_max = blocks * align,
					.clone_tail = (enum clone_tail)tail,
					.size_dst_first = first,
				};

				each_case(visit, &fs, world);
			}
}

static void plans_without_clones(void)
{
	each(check_plan, 0, WORLD / 2);
}

static void plans_in_blocks_of_1(void)
{
	each(check_plan, 1, WORLD);
}

static void plans_in_blocks_of_2(void)
{
	each(check_plan, 2, WORLD);
}

static void plans_in_blocks_of_3(void)
{
	each(check_plan, 3, WORLD);
}

static void plans_in_blocks_of_4(void)
{
	each(check_plan, 4, WORLD);
}

/* --- the questions about one case -------------------------------------- */

static void check_questions(const struct clone_case *c,
			    const struct fs_info *fs)
{
	check_case(clone_case_accepted(c, fs) == !refusal_then(c, fs), c, fs,
		   "accepted");
	check_case(clone_case_overlaps(c) ==
			   (c->span.len && overlap(c, c->span.len)),
		   c, fs, "overlaps");
	if (fs->clone_align)
		check_case(clone_case_differs_in_phase(c, fs) ==
				   !same_phase(c, fs->clone_align),
			   c, fs, "differs in phase");
}

static void questions(void)
{
	for (uint64_t align = 0; align <= 3; align++)
		each(check_questions, align, 3 * align + 1);
	each(check_questions, 4, WORLD);
}

/* Could SPAN be cloned in place of C's, by as many calls as it takes? */
static bool would_take(const struct clone_case *c, const struct fs_info *fs,
		       struct span span)
{
	struct fs_info unlimited = *fs;
	struct clone_case other = *c;

	unlimited.clone_max = 0;
	other.span = span;
	return !refusal_then(&other, &unlimited);
}

/*
 * Which is the longest span inside C's that is taken, with each byte where C
 * has it go?  Returns its length; 0 if there is none.
 */
static uint64_t longest_inside(const struct clone_case *c,
			       const struct fs_info *fs)
{
	for (uint64_t len = c->span.len; len > 0; len--)
		for (uint64_t skip = 0; skip <= c->span.len - len; skip++)
			if (would_take(c, fs,
				       (struct span){ c->span.src_off + skip,
						      len,
						      c->span.dst_off + skip }))
				return len;
	return 0;
}

static void check_inside(const struct clone_case *c, const struct fs_info *fs)
{
	struct span got = { 77, 77, 77 };
	uint64_t skip;

	if (c->same_file && overlap(c, c->span.len))
		return;
	if (!clone_case_inside(c, fs, &got)) {
		check_case(longest_inside(c, fs) == 0, c, fs, "some is");
		return;
	}
	skip = got.src_off - c->span.src_off;
	check_case(got.len > 0 && skip <= c->span.len &&
			   got.len <= c->span.len - skip &&
			   got.dst_off == c->span.dst_off + skip,
		   c, fs, "bytes that nobody named");
	check_case(would_take(c, fs, got), c, fs, "what is inside is refused");
	check_case(got.len == longest_inside(c, fs), c, fs, "not the longest");
}

static void inside(void)
{
	each(check_inside, 0, 3);
	each(check_inside, 1, 3);
	each(check_inside, 2, WORLD / 2);
	each(check_inside, 3, WORLD - 3);
	each(check_inside, 4, WORLD - 1);
}

/* What is offered to people, on Linux. */
static void inside_by_example(void)
{
	static const struct fs_info fs = { .clone_align = 4096 };
	static const struct {
		struct span span;
		uint64_t src_size;
		struct span want; /* len 0: none */
	} rows[] = {
		/* What is inside whole blocks. */
		{ { 100, 10000, 100 }, 20000, { 4096, 4096, 4096 } },
		{ { 4096, 5000, 8192 }, 20000, { 4096, 4096, 8192 } },
		{ { 0, 20479, 0 }, 40000, { 0, 16384, 0 } },
		/* Up to the source's end. */
		{ { 100, 9900, 100 }, 10000, { 4096, 5904, 4096 } },
		/* No block around: it has bytes that nobody named. */
		{ { 1000, 5000, 1000 }, 20000, { .len = 0 } },
		{ { 100, 10, 100 }, 10000, { .len = 0 } },
		{ { 4200, 10, 4200 }, 5000, { .len = 0 } },
		/* No other offset: nobody named that either. */
		{ { 4096, 4096, 5000 }, 20000, { .len = 0 } },
		{ { 4096, 65536, 7000 }, 200000, { .len = 0 } },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		struct clone_case c = { .span = rows[i].span,
					.src_size = rows[i].src_size };
		struct span got = { 0 };

		check_case(clone_case_inside(&c, &fs, &got) ==
				   (rows[i].want.len > 0),
			   &c, &fs, "some, or none");
		check_case(!memcmp(&got, &rows[i].want, sizeof(got)), &c, &fs,
			   "another one");
	}
}

/* --- large numbers ----------------------------------------------------- */

/* Have A and B bytes in common? */
static bool meet(const struct span *a, const struct span *b)
{
	return a->src_off < b->src_off + b->len &&
	       b->src_off < a->src_off + a->len;
}

/* The plan's first steps; all of them, if they are not too many. */
static void check_large(const struct clone_case *c, const struct fs_info *fs)
{
	struct run run = { .c = c, .fs = fs, .now = *c };
	struct step steps[STEPS_MAX];
	struct clone_plan plan;
	uint64_t total = 0;
	size_t n = 0;

	clone_plan(c, fs, &plan);
	while (n < STEPS_MAX && clone_plan_next(&plan, &steps[n])) {
		const struct step *s = &steps[n];

		check_step(&run, s);
		if (s->kind == STEP_EXTEND)
			continue;
		for (size_t i = 0; i < n; i++)
			check_run(&run, !meet(&s->span, &steps[i].span),
				  "bytes done twice");
		total += s->span.len;
		n++;
	}
	if (n == STEPS_MAX)
		return;
	if (c->same_file && c->span.src_off == c->span.dst_off)
		check_run(&run, n == 0, "needless steps");
	else
		check_run(&run, total == c->span.len, "bytes left out");
}

static void large_dsts(struct clone_case *c, const struct fs_info *fs)
{
	uint64_t most_off = RANGE_OFF_MAX - c->span.len;
	const uint64_t offs[] = {
		0,
		64 * KIB,
		most_off,
		most_off - most_off % (64 * KIB),
		c->span.src_off,
		c->span.src_off - 64 * KIB,
		c->span.src_off + 64 * KIB,
		c->span.src_off + 1,
	};
	const uint64_t sizes[] = { 0, 12345, RANGE_OFF_MAX - 1, RANGE_OFF_MAX };

	for (size_t i = 0; i < countof(offs); i++) {
		struct span got;

		if (offs[i] > most_off)
			continue;
		c->span.dst_off = offs[i];
		for (size_t j = 0; j <= countof(sizes); j++) {
			c->same_file = j == countof(sizes);
			c->dst_size = c->same_file ? c->src_size : sizes[j];
			check_large(c, fs);
			check_questions(c, fs);
			if (clone_case_inside(c, fs, &got))
				check_case(would_take(c, fs, got) &&
						   got.len <= RANGE_OFF_MAX &&
						   got.dst_off <=
							   RANGE_OFF_MAX -
								   got.len,
					   c, fs, "what is inside is refused");
		}
	}
}

static void large_cases(const struct fs_info *fs)
{
	const uint64_t sizes[] = { RANGE_OFF_MAX, RANGE_OFF_MAX - 5,
				   RANGE_OFF_MAX - 64 * KIB + 1 };

	for (size_t i = 0; i < countof(sizes); i++) {
		uint64_t last = sizes[i] - sizes[i] % (64 * KIB);
		const uint64_t offs[] = { 0,	64 * KIB,	  4096,
					  last, last - 64 * KIB,  last + 1,
					  1,	last - 128 * KIB, sizes[i] };

		for (size_t j = 0; j < countof(offs); j++) {
			uint64_t rest = sizes[i] - offs[j];
			const uint64_t lens[] = { rest,	    1,	 4096,
						  64 * KIB, GIB, rest - 1,
						  rest / 2 };

			for (size_t k = 0; k < countof(lens); k++) {
				struct clone_case c = { .src_size = sizes[i] };

				c.span.src_off = offs[j];
				c.span.len = lens[k];
				if (offs[j] < sizes[i] && lens[k] > 0 &&
				    lens[k] <= rest)
					large_dsts(&c, fs);
			}
		}
	}
}

static void large(void)
{
	static const struct fs_info rows[] = {
		{ .clone_align = 4096 },
		{ .clone_align = 4096, .clone_tail = TAIL_NEVER },
		{ .clone_align = 1, .clone_max = (uint64_t)1 << 40 },
		{ .clone_align = 3, .size_dst_first = true },
		{ .clone_align = (uint64_t)1 << 62 },
		{ .clone_align = 4096, .clone_max = (uint64_t)1 << 62 },
		{ .clone_align = 0 },
	};

	for (size_t i = 0; i < countof(rows); i++)
		large_cases(&rows[i]);
	large_cases(&windows);
}

/* --- another system's rules -------------------------------------------- */

/* More than two calls' worth, of odd size, to a file that is empty. */
static void windows_row(void)
{
	const uint64_t size = 10 * GIB + 12345;
	const struct clone_case c = { .span = { 0, size, 0 },
				      .src_size = size };
	struct clone_plan plan;
	struct step s = { 0 };
	uint64_t end = 0;
	int calls = 0;

	check_large(&c, &windows);
	clone_plan(&c, &windows, &plan);
	check(clone_plan_next(&plan, &s) && s.kind == STEP_EXTEND);
	check(s.span.dst_off + s.span.len == size);
	while (clone_plan_next(&plan, &s)) {
		check(s.kind == STEP_CLONE);
		check(s.call_len < 4 * GIB && s.call_len % (64 * KIB) == 0);
		check(s.span.src_off == end && s.span.dst_off == end);
		end += s.span.len;
		calls++;
	}
	check(end == size && calls == 3);
	check(s.call_len == up(s.span.len, 64 * KIB));
	check(s.call_len > s.span.len);
}

int main(void)
{
	test(plans_without_clones);
	test(plans_in_blocks_of_1);
	test(plans_in_blocks_of_2);
	test(plans_in_blocks_of_3);
	test(plans_in_blocks_of_4);
	test(questions);
	test(inside);
	test(inside_by_example);
	test(windows_row);
	test(large);
	return tests_end();
}
