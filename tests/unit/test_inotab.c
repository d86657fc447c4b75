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
				 (struct inotab_value){ .text = value,
							.dev = i,
							.ino = i + 1 }) == 0);
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

static void forgets_what_is_used_up(void)
{
	_cleanup_(inotab_release) struct inotab tab = INOTAB_EMPTY;
	const struct inotab_key key = { 5, 6, "" };
	const struct inotab_value value = { .text = "v", .left = 3 };

	check(inotab_put(&tab, key, value) == 0);
	for (uint64_t left = 3; left > 0; left--) {
		const struct inotab_value *got = inotab_get(&tab, key);

		check(got && got->left == left);
		inotab_use(&tab, key);
	}
	check(!inotab_get(&tab, key));
	inotab_use(&tab, key);

	/* What is used without a number is used once. */
	check(inotab_put(&tab, key, INOTAB_NO_VALUE) == 0);
	inotab_use(&tab, key);
	check(!inotab_get(&tab, key));

	/* As good as for ever: links may lead to it any number of times. */
	check(inotab_put(&tab, key,
			 (struct inotab_value){ .text = "",
						.left = UINT64_MAX }) == 0);
	for (int i = 0; i < 1000; i++)
		inotab_use(&tab, key);
	check(inotab_get(&tab, key) != NULL);
}

static void forgets_what_it_is_told_to(void)
{
	_cleanup_(inotab_release) struct inotab tab = INOTAB_EMPTY;
	const struct inotab_value value = { .text = "v", .left = 9 };

	inotab_forget(&tab, (struct inotab_key){ 1, 1, "" });
	for (uint64_t i = 0; i < 1000; i++)
		check(inotab_put(&tab, (struct inotab_key){ 1, i, "" },
				 value) == 0);
	for (uint64_t i = 0; i < 1000; i += 2)
		inotab_forget(&tab, (struct inotab_key){ 1, i, "" });
	/* Not the same key. */
	inotab_forget(&tab, (struct inotab_key){ 2, 1, "" });
	inotab_forget(&tab, (struct inotab_key){ 1, 1, "x" });
	for (uint64_t i = 0; i < 1000; i++)
		check(!inotab_get(&tab, (struct inotab_key){ 1, i, "" }) ==
		      (i % 2 == 0));
	/* It can be put anew, and has its new value then. */
	check(inotab_put(&tab, (struct inotab_key){ 1, 0, "" },
			 (struct inotab_value){ .text = "new" }) == 0);
	check_str(inotab_get(&tab, (struct inotab_key){ 1, 0, "" })->text,
		  "new");
}

int main(void)
{
	test(keeps_what_it_is_given);
	test(first_value_stays);
	test(forgets_what_is_used_up);
	test(forgets_what_it_is_told_to);
	return tests_end();
}
