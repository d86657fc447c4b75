/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"
#include "check.h"
#include "path.h"

static void adds_a_slash_where_one_is_missing(void)
{
	static const struct {
		const char *first;
		const char *second;
		const char *want;
	} rows[] = {
		{ "a", "b", "a/b" },	 { "a/", "b", "a/b" },
		{ "/", "b", "/b" },	 { "", "b", "b" },
		{ ".", "..", "./.." },	 { "a//", "b", "a//b" },
		{ "a/b", "c", "a/b/c" }, { "\n", " ", "\n/ " },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		_cleanup_(path_release) struct path path = PATH_EMPTY;

		check(path_add(&path, rows[i].first) == 0);
		check_str(path.text, rows[i].first);
		check(path_add(&path, rows[i].second) == 0);
		check_str(path.text, rows[i].want);
		check(path.len == strlen(rows[i].want));
	}
}

/* As a walk does it: down, back to where it was, down elsewhere. */
static void is_cut_to_what_it_was(void)
{
	_cleanup_(path_release) struct path path = PATH_EMPTY;
	size_t top;
	size_t deeper;

	check(path_add(&path, "top") == 0);
	top = path.len;
	check(path_add(&path, "first") == 0);
	deeper = path.len;
	check(path_add(&path, "x") == 0);
	path_cut(&path, deeper);
	check_str(path.text, "top/first");
	path_cut(&path, deeper);
	check_str(path.text, "top/first");
	path_cut(&path, top);
	check(path_add(&path, "second") == 0);
	check_str(path.text, "top/second");
	path_cut(&path, 0);
	check_str(path.text, "");
	check(path_add(&path, "anew") == 0);
	check_str(path.text, "anew");
}

/* No path is too long: this one has a megabyte. */
static void grows(void)
{
	_cleanup_(path_release) struct path path = PATH_EMPTY;
	char name[256];
	size_t n = 0;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (; n < 4096; n++) {
		check(path_add(&path, name) == 0);
		check(path.len == n * 256 + 255);
		check(path.size > path.len && strlen(path.text) == path.len);
	}
	while (n-- > 1) {
		path_cut(&path, n * 256 - 1);
		check(strlen(path.text) == path.len);
	}
	check_str(path.text, name);
}

static void is_empty_once_released(void)
{
	struct path path = PATH_EMPTY;

	path_release(&path);
	check(path_add(&path, "a") == 0);
	path_release(&path);
	check(!path.text && path.len == 0 && path.size == 0);
	check(path_add(&path, "b") == 0);
	check_str(path.text, "b");
	path_release(&path);
}

int main(void)
{
	test(adds_a_slash_where_one_is_missing);
	test(is_cut_to_what_it_was);
	test(grows);
	test(is_empty_once_released);
	return tests_end();
}
