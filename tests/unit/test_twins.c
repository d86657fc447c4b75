/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "base.h"
#include "check.h"
#include "twins.h"

static void sees_names_that_may_be_one(void)
{
	static const struct {
		const char *names[4];
		bool found;
		uint32_t first; /* of the last one */
	} rows[] = {
		{ { "a", "b", "c", "d" }, false, 3 },
		{ { "Foo", "bar", "baz", "foo" }, true, 0 },
		{ { "x", "foo", "y", "FOO" }, true, 1 },
		{ { "a", "A", "b", "B" }, true, 2 },
		{ { "foo", "fo", "foo ", "oof" }, false, 3 },
		{ { "@", "`", "[", "{" }, false, 3 },
		{ { "", "a", "aa", "aA" }, true, 2 },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		_cleanup_(twins_release) struct twins t = TWINS_EMPTY;

		check(twins_reserve(&t, 4) == 0);
		for (uint32_t n = 0; n < 4; n++)
			twins_add(&t, rows[i].names[n], n);
		check(t.found == rows[i].found);
		check(twins_first(&t, rows[i].names[3]) == rows[i].first);
	}
}

static void holds_as_many_as_were_reserved(void)
{
	for (uint32_t size = 1; size < 400; size++) {
		_cleanup_(twins_release) struct twins t = TWINS_EMPTY;
		char name[16];

		check(twins_reserve(&t, size) == 0);
		for (uint32_t n = 0; n < size; n++) {
			(void)snprintf(name, sizeof(name), "name%u", n);
			twins_add(&t, name, n);
		}
		check(!t.found);
		for (uint32_t n = 0; n < size; n++) {
			(void)snprintf(name, sizeof(name), "NAME%u", n);
			check(twins_first(&t, name) == n);
		}
	}
}

int main(void)
{
	test(sees_names_that_may_be_one);
	test(holds_as_many_as_were_reserved);
	return tests_end();
}
