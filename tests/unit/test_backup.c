/* SPDX-License-Identifier: BSD-2-Clause */
#include "backup.h"
#include "base.h"
#include "check.h"

static void numbers(void)
{
	static const struct {
		const char *entry;
		uint64_t number;
	} rows[] = {
		{ "a.~1~", 1 },
		{ "a.~10~", 10 },
		{ "a.~18446744073709551615~", UINT64_MAX },
		{ "a.~18446744073709551616~", 0 },
		{ "a.~99999999999999999999999~", 0 },
		{ "a.~0~", 0 },
		{ "a.~01~", 0 },
		{ "a.~~", 0 },
		{ "a.~1", 0 },
		{ "a.~1~x", 0 },
		{ "a.~1x~", 0 },
		{ "a.~-1~", 0 },
		{ "a~", 0 },
		{ "a", 0 },
		{ "", 0 },
		{ "ab.~1~", 0 },
		{ "b.~1~", 0 },
	};

	for (size_t i = 0; i < countof(rows); i++)
		check(backup_number("a", rows[i].entry) == rows[i].number);
}

static void simple_ones(void)
{
	static const struct {
		const char *suffix;
		const char *entry;
		bool is_simple;
	} rows[] = {
		{ "~", "a~", true },	 { "~", "a", false },
		{ "~", "a~~", false },	 { "~", "b~", false },
		{ "~", "~", false },	 { "~", "a.~1~", false },
		{ ".o", "a.o", true },	 { ".o", "a~", false },
		{ ".o", "ab.o", false }, { "~", "", false },
	};

	for (size_t i = 0; i < countof(rows); i++)
		check(backup_is_simple("a", rows[i].suffix, rows[i].entry) ==
		      rows[i].is_simple);
}

int main(void)
{
	test(numbers);
	test(simple_ones);
	return tests_end();
}
