/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"
#include "check.h"
#include "progress.h"

#define MIB ((uint64_t)1 << 20)
#define GIB ((uint64_t)1 << 30)

#define UNKNOWN UINT64_MAX

static void check_text(const struct progress_facts *facts, unsigned width,
		       const char *want)
{
	char text[PROGRESS_TEXT];

	progress_text(facts, width, text);
	check_str(text, want);
}

static const struct progress_facts usual = {
	.files = 1204,
	.files_all = 20000,
	.bytes = 3328599654,
	.bytes_all = 12 * GIB,
	.is_counted = true,
	.percent = 26,
	.rate = 210 * MIB,
	.left = 42,
};

static void the_longest_form_that_fits_is_shown(void)
{
	static const struct {
		unsigned width;
		const char *want;
	} rows[] = {
		{ 200, "1204 of 20000 files, 3.1 GiB of 12 GiB, 26%, "
		       "210 MiB/s, 0:42 left" },
		{ 80, "1204 of 20000 files, 3.1 GiB of 12 GiB, 26%, "
		      "210 MiB/s, 0:42 left" },
		{ 64, "1204/20000 files 3.1G/12G 26% 210M/s 0:42 left" },
		{ 40, "3.1G/12G 26% 210M/s 0:42 left" },
		{ 29, "3.1G/12G 26% 0:42 left" },
		{ 20, "26% 0:42 left" },
		{ 13, "26%" },
		{ 3, "" },
		{ 1, "" },
	};

	for (size_t i = 0; i < countof(rows); i++)
		check_text(&usual, rows[i].width, rows[i].want);
}

static void while_it_is_counted_there_is_no_end(void)
{
	struct progress_facts f = usual;

	f.is_counted = false;
	check_text(&f, 80,
		   "1204 of at least 20000 files, 3.1 GiB of at least "
		   "12 GiB, 210 MiB/s");
	check_text(&f, 40, "1204/20000+ files 3.1G/12G+ 210M/s");
	check_text(&f, 30, "3.1G/12G+ 210M/s");
	check_text(&f, 16, "3.1G/12G+");
	f.files_all = 0;
	f.bytes_all = 0;
	check_text(&f, 80, "1204 files, 3.1 GiB, 210 MiB/s");
	check_text(&f, 30, "1204 files 3.1G 210M/s");
}

static void nothing_is_done_yet(void)
{
	struct progress_facts f = { .left = UNKNOWN };

	check_text(&f, 80, "0 files");
	f.files_all = 1;
	f.is_counted = true;
	check_text(&f, 80, "0 of 1 file");
	f.bytes_all = 1;
	check_text(&f, 80, "0 of 1 file, 0 B of 1 B, 0%, 0 B/s");
	f.left = 0;
	check_text(&f, 80, "0 of 1 file, 0 B of 1 B, 0%, 0 B/s, 0:00 left");
}

static void numbers_of_any_size_fit(void)
{
	struct progress_facts f = {
		.files = UINT64_MAX,
		.files_all = UINT64_MAX,
		.bytes = UINT64_MAX,
		.bytes_all = UINT64_MAX,
		.is_counted = true,
		.percent = 100,
		.rate = UINT64_MAX,
		.left = UINT64_MAX - 1,
	};
	char text[PROGRESS_TEXT];

	check_text(&f, 200,
		   "18446744073709551615 of 18446744073709551615 files, 8.0 "
		   "EiB of 8.0 EiB, 100%, 8.0 EiB/s, 213503982334601 days "
		   "left");
	check_text(&f, 40, "100% 213503982334601 days left");
	for (unsigned width = 1; width < PROGRESS_TEXT; width++) {
		progress_text(&f, width, text);
		check(strlen(text) < width);
	}
}

static void sizes_are_rounded(void)
{
	static const struct {
		uint64_t n;
		const char *want_long;
		const char *want_short;
	} rows[] = {
		{ 1, "1 file, 1 B, 1 B/s", "1 file 1B 1B/s" },
		{ 1000, "1 file, 1.0 KiB, 1.0 KiB/s", "1 file 1.0K 1.0K/s" },
		{ 999, "1 file, 999 B, 999 B/s", "1 file 999B 999B/s" },
		{ 1536, "1 file, 1.5 KiB, 1.5 KiB/s", "1 file 1.5K 1.5K/s" },
		{ 999 * MIB, "1 file, 999 MiB, 999 MiB/s",
		  "1 file 999M 999M/s" },
		{ 1023 * MIB, "1 file, 1.0 GiB, 1.0 GiB/s",
		  "1 file 1.0G 1.0G/s" },
		{ 20 * GIB, "1 file, 20 GiB, 20 GiB/s", "1 file 20G 20G/s" },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		const struct progress_facts f = { .files = 1,
						  .bytes = rows[i].n,
						  .rate = rows[i].n,
						  .left = UNKNOWN };

		check_text(&f, 80, rows[i].want_long);
		check_text(&f, (unsigned)strlen(rows[i].want_short) + 1,
			   rows[i].want_short);
	}
}

static void times_are_told_as_clocks_do(void)
{
	static const struct {
		uint64_t left;
		const char *want;
	} rows[] = {
		{ 0, "5 of 5 files, 0:00 left" },
		{ 59, "5 of 5 files, 0:59 left" },
		{ 60, "5 of 5 files, 1:00 left" },
		{ 3599, "5 of 5 files, 59:59 left" },
		{ 3600, "5 of 5 files, 1:00:00 left" },
		{ 345599, "5 of 5 files, 95:59:59 left" },
		{ 345600, "5 of 5 files, 4 days left" },
		{ UNKNOWN, "5 of 5 files" },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		const struct progress_facts f = { .files = 5,
						  .files_all = 5,
						  .is_counted = true,
						  .left = rows[i].left };

		check_text(&f, 80, rows[i].want);
	}
}

int main(void)
{
	test(the_longest_form_that_fits_is_shown);
	test(while_it_is_counted_there_is_no_end);
	test(nothing_is_done_yet);
	test(numbers_of_any_size_fit);
	test(sizes_are_rounded);
	test(times_are_told_as_clocks_do);
	return tests_end();
}
