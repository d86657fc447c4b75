/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"
#include "check.h"
#include "sharing.h"

/* Flags are met in any combination; what is not known for sure counts first. */
static void classifies(void)
{
	static const struct {
		unsigned flags;
		enum share_class class;
	} cases[] = {
		{ 0, SHARE_OWN },
		{ EXTENT_SHARED, SHARE_OTHER },
		{ EXTENT_ENCODED, SHARE_OWN },
		{ EXTENT_ENCODED | EXTENT_SHARED, SHARE_OTHER },
		{ EXTENT_UNWRITTEN, SHARE_RESERVED },
		{ EXTENT_UNWRITTEN | EXTENT_SHARED, SHARE_RESERVED },
		{ EXTENT_INLINE, SHARE_INLINE },
		{ EXTENT_INLINE | EXTENT_ENCODED, SHARE_INLINE },
		{ EXTENT_UNPLACED, SHARE_UNKNOWN },
		{ EXTENT_UNPLACED | EXTENT_SHARED, SHARE_UNKNOWN },
		{ EXTENT_UNPLACED | EXTENT_UNWRITTEN, SHARE_UNKNOWN },
	};

	for (size_t i = 0; i < countof(cases); i++)
		check(share_classify(cases[i].flags) == cases[i].class);
}

/* All extents, starts and sizes of a small world, byte by byte. */
static void clips(void)
{
	for (uint64_t i = 0; i < 6 * 6 * 8 * 8 * 2; i++) {
		const struct extent e = {
			.range = { i % 6, i / 6 % 6 },
			.place = 100,
			.flags = i % 2 ? EXTENT_ENCODED : 0,
		};
		uint64_t off = i / 36 % 8;
		uint64_t size = i / 288 % 8;
		struct extent got = { .range = { 0, 0 } };
		uint64_t n = 0;
		uint64_t first = 0;

		for (uint64_t b = e.range.off; b < e.range.off + e.range.len;
		     b++)
			if (b >= off && b < size && n++ == 0)
				first = b;
		check(share_clip(&e, off, size, &got) == (n > 0));
		if (n == 0)
			continue;
		check(got.range.off == first && got.range.len == n);
		check(got.flags == e.flags);
		check(got.place == (i % 2 ? 100 : 100 + first - e.range.off));
	}
}

/* A map from a broken file system; sums that overflow would loop for ever. */
static void clips_at_the_end_of_numbers(void)
{
	struct extent e = { .range = { 8, UINT64_MAX } };
	struct extent got;

	check(share_clip(&e, 0, UINT64_MAX, &got) == 1);
	check(got.range.off == 8 && got.range.len == UINT64_MAX - 8);
	e.range = (struct range){ UINT64_MAX - 1, UINT64_MAX };
	check(share_clip(&e, 0, UINT64_MAX, &got) == 1);
	check(got.range.len == 1);
	check(share_clip(&e, UINT64_MAX, UINT64_MAX, &got) == 0);
}

enum {
	MAX_SIZE = 12,
	MAX_CELLS = 5,
};

/* Is SUM that of the COUNT classes at V? */
static bool is_sum(const struct share_sums *sum, const enum share_class *v,
		   uint64_t count)
{
	struct share_sums want = { .bytes[SHARE_HOLE] = 0 };

	for (uint64_t i = 0; i < count; i++)
		want.bytes[v[i]]++;
	return memcmp(sum, &want, sizeof(want)) == 0;
}

/* Moves at random, beside a class for each byte. */
static void tallies(void)
{
	uint32_t state = 1;

	for (int round = 0; round < 20000; round++) {
		struct share_sums cells[MAX_CELLS];
		struct share_tally t = { .cells = cells };
		enum share_class classes[MAX_SIZE] = { SHARE_HOLE };
		uint64_t begin = 0;

		state = state * 1103515245 + 12345;
		t.size = (state >> 16) % (MAX_SIZE + 1);
		t.n_cells = (state >> 20) % (MAX_CELLS + 1);
		if (t.n_cells > t.size)
			t.n_cells = (size_t)t.size;
		share_tally_begin(&t);
		for (int i = 0; t.size > 0 && i < 4; i++) {
			struct range range;
			enum share_class to;

			state = state * 1103515245 + 12345;
			range.off = (state >> 16) % t.size;
			to = (enum share_class)(i + 1);
			range.len = 0;
			while (range.off + range.len < t.size &&
			       range.len < (state >> 24) % MAX_SIZE &&
			       classes[range.off + range.len] ==
				       classes[range.off])
				range.len++;
			share_tally_move(&t, range, classes[range.off], to);
			for (uint64_t k = 0; k < range.len; k++)
				classes[range.off + k] = to;
		}
		check(is_sum(&t.sums, classes, t.size));
		for (size_t i = 0; i < t.n_cells; i++) {
			uint64_t end = t.size * (i + 1) / t.n_cells;

			check(is_sum(&cells[i], classes + begin, end - begin));
			begin = end;
		}
	}
}

/* Products of sizes and cells don't fit into 64 bits. */
static void tallies_large_files(void)
{
	struct share_sums cells[200];
	struct share_tally t = {
		.size = INT64_MAX,
		.cells = cells,
		.n_cells = countof(cells),
	};
	uint64_t sum = 0;

	share_tally_begin(&t);
	share_tally_move(&t, (struct range){ 0, t.size }, SHARE_HOLE,
			 SHARE_OWN);
	for (size_t i = 0; i < countof(cells); i++) {
		check(cells[i].bytes[SHARE_HOLE] == 0);
		sum += cells[i].bytes[SHARE_OWN];
	}
	check(sum == t.size);
}

static void judges(void)
{
	static const struct {
		struct share_sums sums;
		enum share_answer with_anything;
		enum share_answer with_given;
	} cases[] = {
		{ { .bytes[SHARE_HOLE] = 0 }, SHARE_ALL, SHARE_ALL },
		{ { .bytes[SHARE_HOLE] = 9 }, SHARE_ALL, SHARE_ALL },
		{ { .bytes[SHARE_RESERVED] = 9 }, SHARE_ALL, SHARE_ALL },
		{ { .bytes[SHARE_GIVEN] = 9 }, SHARE_ALL, SHARE_ALL },
		{ { .bytes[SHARE_OTHER] = 9 }, SHARE_ALL, SHARE_NOT_ALL },
		{ { .bytes[SHARE_OWN] = 1 }, SHARE_NOT_ALL, SHARE_NOT_ALL },
		{ { .bytes[SHARE_INLINE] = 1 }, SHARE_NOT_ALL, SHARE_NOT_ALL },
		{ { .bytes[SHARE_GIVEN] = 9, .bytes[SHARE_OWN] = 1 },
		  SHARE_NOT_ALL,
		  SHARE_NOT_ALL },
		{ { .bytes[SHARE_UNKNOWN] = 1 },
		  SHARE_NO_TELLING,
		  SHARE_NO_TELLING },
		{ { .bytes[SHARE_UNKNOWN] = 1, .bytes[SHARE_OWN] = 1 },
		  SHARE_NO_TELLING,
		  SHARE_NO_TELLING },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		check(share_judge(&cases[i].sums, SHARE_WITH_ANYTHING) ==
		      cases[i].with_anything);
		check(share_judge(&cases[i].sums, SHARE_WITH_GIVEN) ==
		      cases[i].with_given);
	}
}

#define SUMS(given, other, own)                  \
	{                                        \
		.bytes = {                       \
			[SHARE_HOLE] = 9,        \
			[SHARE_GIVEN] = (given), \
			[SHARE_OTHER] = (other), \
			[SHARE_OWN] = (own)      \
		}                                \
	}

static void looks(void)
{
	static const struct {
		struct share_sums sums;
		enum share_look with_anything;
		enum share_look with_given;
	} cases[] = {
		{ SUMS(0, 0, 0), SHARE_LOOKS_EMPTY, SHARE_LOOKS_EMPTY },
		{ SUMS(1, 0, 0), SHARE_LOOKS_SHARED, SHARE_LOOKS_SHARED },
		{ SUMS(0, 1, 0), SHARE_LOOKS_SHARED, SHARE_LOOKS_OTHER },
		{ SUMS(0, 0, 1), SHARE_LOOKS_OWN, SHARE_LOOKS_OWN },
		{ SUMS(9, 1, 0), SHARE_LOOKS_SHARED, SHARE_LOOKS_MOSTLY },
		{ SUMS(9, 0, 9), SHARE_LOOKS_MOSTLY, SHARE_LOOKS_MOSTLY },
		{ SUMS(8, 0, 9), SHARE_LOOKS_PARTLY, SHARE_LOOKS_PARTLY },
		{ SUMS(0, 8, 9), SHARE_LOOKS_PARTLY, SHARE_LOOKS_OWN },
		{ SUMS(0, 9, 8), SHARE_LOOKS_MOSTLY, SHARE_LOOKS_OTHER },
		{ SUMS(1, 9, 8), SHARE_LOOKS_MOSTLY, SHARE_LOOKS_PARTLY },
		{ { .bytes[SHARE_RESERVED] = 1 },
		  SHARE_LOOKS_RESERVED,
		  SHARE_LOOKS_RESERVED },
		{ { .bytes[SHARE_INLINE] = 1 },
		  SHARE_LOOKS_OWN,
		  SHARE_LOOKS_OWN },
		{ { .bytes[SHARE_UNKNOWN] = 1, .bytes[SHARE_GIVEN] = 9 },
		  SHARE_LOOKS_UNKNOWN,
		  SHARE_LOOKS_UNKNOWN },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		check(share_look(&cases[i].sums, SHARE_WITH_ANYTHING) ==
		      cases[i].with_anything);
		check(share_look(&cases[i].sums, SHARE_WITH_GIVEN) ==
		      cases[i].with_given);
	}
}

int main(void)
{
	test(classifies);
	test(clips);
	test(clips_at_the_end_of_numbers);
	test(tallies);
	test(tallies_large_files);
	test(judges);
	test(looks);
	return tests_end();
}
