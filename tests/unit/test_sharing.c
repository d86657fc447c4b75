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
		{ EXTENT_SHARED, SHARE_SHARED },
		{ EXTENT_ENCODED, SHARE_OWN },
		{ EXTENT_ENCODED | EXTENT_SHARED, SHARE_SHARED },
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

static void judges(void)
{
	static const struct {
		struct share_sums sums;
		uint64_t shared;
		enum share_answer answer;
	} cases[] = {
		{ { .bytes[SHARE_HOLE] = 0 }, 0, SHARE_ALL },
		{ { .bytes[SHARE_HOLE] = 9 }, 0, SHARE_ALL },
		{ { .bytes[SHARE_RESERVED] = 9 }, 0, SHARE_ALL },
		{ { .bytes[SHARE_SHARED] = 9 }, 9, SHARE_ALL },
		{ { .bytes[SHARE_SHARED] = 9 }, 8, SHARE_NOT_ALL },
		{ { .bytes[SHARE_OWN] = 1 }, 0, SHARE_NOT_ALL },
		{ { .bytes[SHARE_INLINE] = 1 }, 0, SHARE_NOT_ALL },
		{ { .bytes[SHARE_UNKNOWN] = 1 }, 0, SHARE_NO_TELLING },
		{ { .bytes[SHARE_UNKNOWN] = 1, .bytes[SHARE_OWN] = 1 },
		  0,
		  SHARE_NO_TELLING },
	};

	for (size_t i = 0; i < countof(cases); i++)
		check(share_judge(&cases[i].sums, cases[i].shared) ==
		      cases[i].answer);
}

int main(void)
{
	test(classifies);
	test(clips);
	test(clips_at_the_end_of_numbers);
	test(judges);
	return tests_end();
}
