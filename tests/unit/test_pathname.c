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
		check(pathname_stem(paths[i].path) == strlen(stripped));
	}
}

/* Each component in turn, as a walk along the path sees them. */
static void is_walked(void)
{
	static const struct {
		const char *path;
		const char *seen; /* each component in brackets */
		bool is_absolute;
		bool has_slash;
	} rows[] = {
		{ "", "", false, false },
		{ "a", "[a]", false, false },
		{ "a/", "[a]", false, true },
		{ "/", "", true, true },
		{ "///", "", true, true },
		{ "a/b", "[a][b]", false, true },
		{ "//a///b//", "[a][b]", true, true },
		{ "./../x", "[.][..][x]", false, true },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		const char *path = rows[i].path;
		char seen[64] = "";

		for (const char *p = pathname_relative(path); *p;) {
			size_t n = pathname_first(p);

			strcat(seen, "[");
			strncat(seen, p, n);
			strcat(seen, "]");
			p = pathname_relative(p + n);
		}
		check_str(seen, rows[i].seen);
		check(pathname_is_absolute(path) == rows[i].is_absolute);
		check(pathname_has_slash(path) == rows[i].has_slash);
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

static void sees_its_own_beginning(void)
{
	static const struct {
		const char *path;
		size_t want;
	} rows[] = {
		{ "a", 1 },	    { "a/a", 2 },
		{ "a/a/a", 3 },	    { "a/b/a/b/a/b", 3 },
		{ "a/b/a", 1 },	    { "a/b/a/b/a", 1 },
		{ "ab/ab", 2 },	    { "ab/a/b", 1 },
		{ "aa/a", 1 },	    { "a/aa", 1 },
		{ "a/b/a/c", 1 },   { "", 1 },
		{ "abab", 1 },	    { "a/a/b/a/a/b", 2 },
		{ "a/a/b/a/b", 1 }, { "a/a/a/a/a/a/a", 7 },
	};

	for (size_t i = 0; i < countof(rows); i++)
		check(pathname_repeats(rows[i].path) == rows[i].want);
}

static void names_are_counted(void)
{
	static const struct {
		const char *path;
		size_t len;
		size_t want;
	} rows[] = {
		{ "a", 1, 1 },	    { "a/", 2, 1 },    { "a/b", 3, 2 },
		{ "a/b/", 4, 2 },   { "a/b/c", 2, 1 }, { "ab/cd/e", 6, 2 },
		{ "ab/c/d", 6, 3 },
	};

	for (size_t i = 0; i < countof(rows); i++)
		check(pathname_count(rows[i].path, rows[i].len) ==
		      rows[i].want);
}

static void plain(void)
{
	static const struct {
		const char *path;
		const char *want;
	} rows[] = {
		{ "a", "a" },	     { "./a//b/.", "a/b" },
		{ "a/../b", "b" },   { "a/b/../../c/", "c" },
		{ "../a/..", ".." }, { "../../a", "../../a" },
		{ "/", "/" },	     { "//a/./b/../..", "/" },
		{ "a/..", "" },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		_cleanup_(freep) char *got = pathname_plain(rows[i].path);

		check(got && strcmp(got, rows[i].want) == 0);
	}
}

int main(void)
{
	test(plain);
	test(splits);
	test(is_walked);
	test(joins);
	test(sees_its_own_beginning);
	test(names_are_counted);
	return tests_end();
}
