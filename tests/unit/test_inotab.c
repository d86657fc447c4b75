/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"
#include "check.h"
#include "inotab.h"

/* The Ith of 2,000 keys, which are in no order. */
static struct inotab_key key_at(uint64_t i)
{
	return (struct inotab_key){ i % 3, i / 3 * 7919 % 2003, "n" };
}

static void keeps_what_it_is_given(void)
{
	_cleanup_(inotab_release) struct inotab tab = { 0 };

	check(inotab_is_empty(&tab));
	check(!inotab_get(&tab, (struct inotab_key){ 1, 1, "" }));
	for (uint64_t i = 0; i < 2000; i++)
		check(inotab_put(&tab, key_at(i), &i, sizeof(i)) == 0);
	check(!inotab_is_empty(&tab));
	for (uint64_t i = 0; i < 2000; i++) {
		struct inotab_key key = key_at(i);
		const uint64_t *got = inotab_get(&tab, key);

		check(got && *got == i);
		key.label = "m";
		check(!inotab_get(&tab, key));
	}
}

static void first_value_stays(void)
{
	_cleanup_(inotab_release) struct inotab tab = { 0 };
	char label[] = "x";
	struct inotab_key key = { 5, 6, label };

	check(inotab_put(&tab, key, "first", 6) == 0);
	check(inotab_put(&tab, key, "", 0) == 0);
	/* The key is its own. */
	label[0] = 'y';
	check(!inotab_get(&tab, key));
	key.label = "x";
	check_str(inotab_get(&tab, key), "first");
	inotab_release(&tab);
	check(!inotab_get(&tab, key));
}

static void values_are_zero_and_aligned(void)
{
	_cleanup_(inotab_release) struct inotab tab = { 0 };

	for (size_t size = 0; size < 100; size++) {
		const struct inotab_key key = { size, 1, "" };
		unsigned char *value = inotab_add(&tab, key, size);

		check(value && value == inotab_get(&tab, key));
		check((uintptr_t)value % _Alignof(max_align_t) == 0);
		for (size_t i = 0; i < size; i++)
			check(value[i] == 0);
		memset(value, 0xff, size);
	}
	for (size_t size = 0; size < 100; size++)
		check(inotab_get(&tab, (struct inotab_key){ size, 1, "" }));
}

static void forgets_what_it_is_told_to(void)
{
	_cleanup_(inotab_release) struct inotab tab = { 0 };

	inotab_forget(&tab, (struct inotab_key){ 1, 1, "" });
	for (uint64_t i = 0; i < 1000; i++)
		check(inotab_put(&tab, (struct inotab_key){ 1, i, "" }, "v",
				 2) == 0);
	for (uint64_t i = 0; i < 1000; i += 2)
		inotab_forget(&tab, (struct inotab_key){ 1, i, "" });
	/* Not the same key. */
	inotab_forget(&tab, (struct inotab_key){ 2, 1, "" });
	inotab_forget(&tab, (struct inotab_key){ 1, 1, "x" });
	for (uint64_t i = 0; i < 1000; i++)
		check(!inotab_get(&tab, (struct inotab_key){ 1, i, "" }) ==
		      (i % 2 == 0));
	/* It can be put anew, and has its new value then. */
	check(inotab_put(&tab, (struct inotab_key){ 1, 0, "" }, "new", 4) == 0);
	check_str(inotab_get(&tab, (struct inotab_key){ 1, 0, "" }), "new");
}

int main(void)
{
	test(keeps_what_it_is_given);
	test(first_value_stays);
	test(values_are_zero_and_aligned);
	test(forgets_what_it_is_told_to);
	return tests_end();
}
