/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "range.h"

/* Every offset and alignment of a small world, by counting. */
static void rounds_up(void)
{
	for (uint64_t off = 0; off <= 64; off++)
		for (uint64_t align = 1; align <= 17; align++) {
			uint64_t want = off;
			uint64_t got = 0;

			while (want % align != 0)
				want++;
			check(range_round_up(off, align, &got));
			check(got == want);
		}
}

static void rounds_up_at_the_end(void)
{
	uint64_t got = 7;

	check(range_round_up(RANGE_OFF_MAX, 1, &got) && got == RANGE_OFF_MAX);
	check(!range_round_up(RANGE_OFF_MAX, 4096, &got));
	check(!range_round_up(UINT64_MAX, 4096, &got));
	check(!range_round_up(UINT64_MAX, 1, &got));
	check(range_round_up(RANGE_OFF_MAX - 4095, 4096, &got));
	check(got == RANGE_OFF_MAX - 4095);
}

int main(void)
{
	test(rounds_up);
	test(rounds_up_at_the_end);
	return tests_end();
}
