/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"
#include "check.h"
#include "pathname.h"

/* What each function makes of a path. */
static const struct {
	const char *path;
	const char *last;
	const char *parent;
	const char *stripped;
} paths[] = {
	{ "", "", "", "" },
	{ "a", "a", "", "a" },
	{ "a/", "a", "", "a" },
	{ "a//", "a", "", "a" },
	{ "a/b", "b", "a/", "a/b" },
	{ "a/b//", "b", "a/", "a/b" },
	{ "a//b", "b", "a//", "a//b" },
	{ "/a", "a", "/", "/a" },
	{ "/", "/", "", "/" },
	{ "///", "/", "", "/" },
	{ ".", ".", "", "." },
	{ "../x", "x", "../", "../x" },
	{ "/a/b/c", "c", "/a/b/", "/a/b/c" },
};

static void splits(void)
{
	for (size_t i = 0; i < countof(paths); i++) {
		_cleanup_(freep) char *last = pathname_last(paths[i].path);
		_cleanup_(freep) char *parent = pathname_parent(paths[i].path);
		_cleanup_(freep) char *stripped = strdup(paths[i].path);

		pathname_strip(stripped);
		check_str(last, paths[i].last);
		check_str(parent, paths[i].parent);
		check_str(stripped, paths[i].stripped);
	}
}

static void joins(void)
{
	static const char *const rows[][3] = {
		{ "d", "a", "d/a" },	   { "d/", "a", "d/a" },
		{ "d//", "a", "d//a" },	   { "/", "a", "/a" },
		{ "", "a", "a" },	   { "d", "/a/b", "d/a/b" },
		{ "d", "//a", "d/a" },	   { "d", "a/", "d/a/" },
		{ "d", "../a", "d/../a" },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		_cleanup_(freep) char *path =
			pathname_join(rows[i][0], rows[i][1]);

		check_str(path, rows[i][2]);
	}
}

int main(void)
{
	test(splits);
	test(joins);
	return tests_end();
}
