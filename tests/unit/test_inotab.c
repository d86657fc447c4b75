/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"
#include "check.h"
#include "inotab.h"

static void keeps_what_it_is_given(void)
{
	_cleanup_(inotab_release) struct inotab tab = INOTAB_EMPTY;
	char value[16];

	check(!inotab_get(&tab, (struct inotab_key){ 1, 1, "" }));
	for (uint64_t i = 0; i < 2000; i++) {
		struct inotab_key key = { i % 3, i / 3 * 7919 % 2003, "n" };

		(void)snprintf(value, sizeof(value), "%d", (int)i);
		check(inotab_put(&tab, key,
				 (struct inotab_value){ value, i, i + 1 }) ==
		      0);
	}
	for (uint64_t i = 0; i < 2000; i++) {
		struct inotab_key key = { i % 3, i / 3 * 7919 % 2003, "n" };
		const struct inotab_value *got = inotab_get(&tab, key);

		(void)snprintf(value, sizeof(value), "%d", (int)i);
		check(got && strcmp(got->text, value) == 0);
		check(got && got->dev == i && got->ino == i + 1);
		key.label = "m";
		check(!inotab_get(&tab, key));
	}
}

static void first_value_stays(void)
{
	_cleanup_(inotab_release) struct inotab tab = INOTAB_EMPTY;
	struct inotab_key key = { 5, 6, "x" };

	check(inotab_put(&tab, key, (struct inotab_value){ .text = "first" }) ==
	      0);
	check(inotab_put(&tab, key, INOTAB_NO_VALUE) == 0);
	check_str(inotab_get(&tab, key)->text, "first");
	inotab_release(&tab);
	check(!inotab_get(&tab, key));
}

int main(void)
{
	test(keeps_what_it_is_given);
	test(first_value_stays);
	return tests_end();
}
