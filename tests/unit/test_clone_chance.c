/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "clone_chance.h"

static enum clone_chance chance(struct clone_side src, struct clone_side dst)
{
	return clone_chance(&src, &dst);
}

static void chances(void)
{
	const struct clone_side never = { .type = 1,
					  .dev = 1,
					  .clones = CLONES_NEVER };
	const struct clone_side one = { .type = 2,
					.dev = 2,
					.clones = CLONES_ONE_DEV };
	const struct clone_side other = { .type = 2,
					  .dev = 3,
					  .clones = CLONES_ONE_DEV };
	const struct clone_side some = { .type = 3, .dev = 4 };
	const struct clone_side part = { .type = 3, .dev = 5 };
	const struct clone_side unknown = { .type = 0 };

	check(chance(never, never) == CLONE_CHANCE_LACKING);
	check(chance(one, one) == CLONE_CHANCE_OPEN);
	check(chance(one, other) == CLONE_CHANCE_APART);
	/* Subvolumes of Btrfs have numbers of their own. */
	check(chance(some, part) == CLONE_CHANCE_OPEN);
	check(chance(one, never) == CLONE_CHANCE_APART);
	check(chance(never, some) == CLONE_CHANCE_APART);
	check(chance(unknown, never) == CLONE_CHANCE_OPEN);
	check(chance(one, unknown) == CLONE_CHANCE_OPEN);
}

int main(void)
{
	test(chances);
	return tests_end();
}
