/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <stdint.h>

#include "base.h"
#include "check.h"
#include "rangelist.h"

#define N_MANY 100000

#define ARGUMENT "expected SRC_OFFSET:LENGTH:DEST_OFFSET"
#define LINE	 "expected SRC_OFFSET LENGTH DEST_OFFSET"
#define NUMBER                                         \
	"; expected a number of bytes, such as 4096, " \
	"4K, 4KiB or 0x1000"

/* A file that goes when the test's process does. */
static char path[] = "/tmp/test_rangelist.XXXXXX";

static void remove_file(void)
{
	(void)unlink(path);
}

/* Make the file hold the N bytes at TEXT. */
static void write_file(const char *text, size_t n)
{
	static bool made;
	FILE *f;

	if (!made) {
		(void)close(mkstemp(path));
		(void)atexit(remove_file);
		made = true;
	}
	f = fopen(path, "w");
	check(f && fwrite(text, 1, n, f) == n && fclose(f) == 0);
}

/* Ranges, read. */
struct result {
	struct rangelist list;
	struct usage_error error;
	int r;
};

static void read_args(struct result *res, struct range_arg *v, size_t n,
		      bool end_in_nul)
{
	const struct range_args args = { .v = v, .n = n };

	memset(res, 0, sizeof(*res));
	res->r = rangelist_read(&args, end_in_nul, &res->list, &res->error);
	check((res->r == 0) == (res->error.text[0] == '\0'));
	check(res->r == 0 || (!res->list.v && res->list.n == 0));
}

static void read_argument(struct result *res, const char *text)
{
	struct range_arg arg = { .text = text };

	read_args(res, &arg, 1, false);
}

static void read_bytes(struct result *res, const char *text, size_t n,
		       bool end_in_nul)
{
	struct range_arg arg = { .text = path, .is_file = true };

	write_file(text, n);
	read_args(res, &arg, 1, end_in_nul);
}

static void read_text(struct result *res, const char *text)
{
	read_bytes(res, text, strlen(text), false);
}

/* The ranges read are those in TEXT, "1:2:3 4:5:6". */
static void check_list(struct result *res, const char *text)
{
	char got[1024] = "";
	size_t len = 0;

	if (res->r < 0)
		printf("%s\n", res->error.text);
	check(res->r == 0);
	for (size_t i = 0; i < res->list.n; i++) {
		const struct span *s = &res->list.v[i];

		len += (size_t)snprintf(
			got + len, sizeof(got) - len, "%s%ju:%ju:%ju",
			i > 0 ? " " : "", (uintmax_t)s->src_off,
			(uintmax_t)s->len, (uintmax_t)s->dst_off);
	}
	check_str(got, text);
	rangelist_release(&res->list);
}

static void check_refused(const struct result *res, int r, const char *text)
{
	check(res->r == r);
	check_str(res->error.text, text);
}

/* The same for an error of the file, whose name is not known beforehand. */
static void check_file_refused(const struct result *res, int r,
			       const char *text)
{
	char whole[512];

	(void)snprintf(whole, sizeof(whole), "'%s':%s", path, text);
	check_refused(res, r, whole);
	check(res->error.try_help == 0);
}

static void arguments_are_read(void)
{
	static const char *const rows[][2] = {
		{ "1:2:3", "1:2:3" },
		{ "0:0:0", "0:0:0" },
		{ "::", "0:0:0" },
		{ "1::", "1:0:0" },
		{ ":1:", "0:1:0" },
		{ "::1", "0:0:1" },
		{ "4K:1M:0x10", "4096:1048576:16" },
		{ "010:08:0", "10:8:0" },
		{ "9223372036854775807:1:0", "9223372036854775807:1:0" },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		struct result res;

		read_argument(&res, rows[i][0]);
		check_list(&res, rows[i][1]);
	}
}

static void wrong_arguments_are_refused(void)
{
	static const struct {
		const char *text;
		int r;
		const char *want;
	} rows[] = {
		{ "", -EINVAL, "invalid range '': " ARGUMENT },
		{ "1", -EINVAL, "invalid range '1': " ARGUMENT },
		{ "1:2", -EINVAL,
		  "invalid range '1:2': no destination offset; " ARGUMENT },
		{ ":", -EINVAL,
		  "invalid range ':': no destination offset; " ARGUMENT },
		{ "1:2:3:4", -EINVAL,
		  "invalid range '1:2:3:4': more than three numbers; " ARGUMENT },
		{ ":::", -EINVAL,
		  "invalid range ':::': more than three numbers; " ARGUMENT },
		{ "x:2:3", -EINVAL,
		  "invalid range 'x:2:3': invalid source offset 'x'" NUMBER },
		{ "1:-2:3", -EINVAL,
		  "invalid range '1:-2:3': invalid length '-2'" NUMBER },
		{ "1:2: 3", -EINVAL,
		  "invalid range '1:2: 3': invalid destination offset ' 3'" NUMBER },
		{ "1:2:3\n", -EINVAL,
		  "invalid range '1:2:3'$'\\n': "
		  "invalid destination offset '3'$'\\n'" NUMBER },
		{ "1:2MB:3", -EEXIST,
		  "invalid range '1:2MB:3': invalid length '2MB'; KB, MB and so "
		  "on may mean two numbers: use KiB, MiB and so on" },
		{ "8E:0:0", -ERANGE,
		  "invalid range '8E:0:0': source offset '8E' is too large" },
		{ "0:9223372036854775808:0", -ERANGE,
		  "invalid range '0:9223372036854775808:0': "
		  "length '9223372036854775808' is too large" },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		struct result res;

		read_argument(&res, rows[i].text);
		check_refused(&res, rows[i].r, rows[i].want);
		check(res.error.try_help == 1);
	}
}

static void lists_are_read(void)
{
	static const char *const rows[][2] = {
		{ "1 2 3\n", "1:2:3" },
		{ "1 2 3", "1:2:3" },
		{ "1 2 3\n4 5 6\n", "1:2:3 4:5:6" },
		{ "1 2 3\n4 5 6", "1:2:3 4:5:6" },
		{ "\t 1\t\t2  3 \t\n", "1:2:3" },
		{ "1 2 3\r\n4 5 6\r\n", "1:2:3 4:5:6" },
		{ "\r\n1 2 3\r\n\r\n", "1:2:3" },
		{ "1 2 3 \r", "1:2:3" },
		{ "# 1 2 3\n4 5 6\n", "4:5:6" },
		{ "1 2 3 # 4\n", "1:2:3" },
		{ "1 2 3\t#4", "1:2:3" },
		{ "  # 4\n1 2 3\n", "1:2:3" },
		{ "4K 0x1000 0\n", "4096:4096:0" },
		{ "5 0 5\n", "5:0:5" },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		struct result res;

		read_text(&res, rows[i][0]);
		check_list(&res, rows[i][1]);
	}
}

static void wrong_lists_are_refused(void)
{
	static const struct {
		const char *text;
		int r;
		const char *want;
	} rows[] = {
		{ "1 12x 3\n", -EINVAL, "1: invalid length '12x'" NUMBER },
		{ "1 2 3\n#\n\n1 2 -3", -EINVAL,
		  "4: invalid destination offset '-3'" NUMBER },
		{ "1 2 3\n1:2:3\n", -EINVAL, "2: " LINE },
		{ "1 2\n", -EINVAL, "1: no destination offset; " LINE },
		{ "1 # 2 3\n", -EINVAL, "1: " LINE },
		{ "1 2 3#\n", -EINVAL,
		  "1: invalid destination offset '3#'" NUMBER },
		{ "1 2 3 4 5 6\n", -EINVAL,
		  "1: more than three numbers; " LINE },
		{ "9E 2 3\n", -ERANGE, "1: source offset '9E' is too large" },
		{ "1 2 3\r4\n", -EINVAL,
		  "1: invalid destination offset '3'$'\\r''4'" NUMBER },
		{ "\xef\xbb\xbf"
		  "1 2 3\n",
		  -EINVAL,
		  "1: invalid source offset ''$'\\357\\273\\277''1'" NUMBER },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		struct result res;

		read_text(&res, rows[i].text);
		check_file_refused(&res, rows[i].r, rows[i].want);
	}
}

static void entries_may_end_in_nul(void)
{
	static const char good[] = "1 2 3\0#\0\0 4K 5 6";
	static const char bad[] = "1 2 3\0\0"
				  "4 5\0";
	static const char lines[] = "1 2 3\n4 5 6\n";
	struct result res;

	read_bytes(&res, good, sizeof(good), true);
	check_list(&res, "1:2:3 4096:5:6");
	read_bytes(&res, good, sizeof(good) - 1, true);
	check_list(&res, "1:2:3 4096:5:6");
	read_bytes(&res, bad, sizeof(bad) - 1, true);
	check_file_refused(&res, -EINVAL, "3: no destination offset; " LINE);
	read_bytes(&res, lines, sizeof(lines) - 1, true);
	check_file_refused(&res, -EINVAL, "1: more than three numbers; " LINE);
	read_bytes(&res, good, sizeof(good), false);
	check_file_refused(&res, -EINVAL, "1: unexpected NUL byte; " LINE);
}

/* Of an entry: MAX_ENTRY - 1 bytes, and comments of any length. */
static void long_entries_do_no_harm(void)
{
	char text[8192];
	struct result res;

	memset(text, ' ', sizeof(text));
	memcpy(text + 4090, "1 2 3", 5);
	read_bytes(&res, text, 4095, false);
	check_list(&res, "1:2:3");
	read_bytes(&res, text, 4096, false);
	check_file_refused(&res, -EINVAL, "1: too long for a range; " LINE);
	text[4095] = '\n';
	read_bytes(&res, text, 4096, false);
	check_list(&res, "1:2:3");

	memset(text, '#', sizeof(text));
	memcpy(text, "1 2 3 ", 6);
	read_bytes(&res, text, sizeof(text), false);
	check_list(&res, "1:2:3");

	memset(text, '1', sizeof(text));
	memcpy(text + 4000, " 2 3", 5);
	read_bytes(&res, text, 4004, false);
	check_file_refused(&res, -ERANGE,
			   "1: source offset "
			   "'1111111111111111111111111111111111111111"
			   "111111111111111111111111'... is too large");

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	read_argument(&res, text);
	check(res.r == -EINVAL);
	check(strstr(res.error.text, "...: " ARGUMENT) != NULL);
}

static void files_that_cannot_be_read_are_told(void)
{
	struct range_arg missing = { .text = "/none/list", .is_file = true };
	struct range_arg directory = { .text = "/", .is_file = true };
	struct range_arg empty = { .text = "", .is_file = true };
	char long_name[PATH_MAX];
	struct range_arg too_long = { .text = long_name, .is_file = true };
	struct result res;

	read_args(&res, &missing, 1, false);
	check_refused(
		&res, -ENOENT,
		"cannot open list of ranges '/none/list': No such file or directory");
	check(res.error.try_help == 0);
	read_args(&res, &directory, 1, false);
	check_refused(&res, -EISDIR,
		      "error reading list of ranges '/': Is a directory");
	read_args(&res, &empty, 1, false);
	check_refused(
		&res, -ENOENT,
		"cannot open list of ranges '': No such file or directory");
	memset(long_name, 'a', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	read_args(&res, &too_long, 1, false);
	check(res.r == -ENAMETOOLONG);
	check(strlen(res.error.text) == sizeof(res.error.text) - 1);
}

static void order_is_kept(void)
{
	struct range_arg args[] = {
		{ .text = "1:1:1" },
		{ .text = path, .is_file = true },
		{ .text = "2::2" },
		{ .text = path, .is_file = true },
	};
	struct result res;

	write_file("7 7 7\n8 8 8\n", 12);
	read_args(&res, args, countof(args), false);
	check_list(&res, "1:1:1 7:7:7 8:8:8 2:0:2 7:7:7 8:8:8");
	read_args(&res, args, 0, false);
	check_list(&res, "");

	args[2].text = "2:2";
	read_args(&res, args, countof(args), false);
	check_refused(&res, -EINVAL,
		      "invalid range '2:2': no destination offset; " ARGUMENT);
}

static void standard_input_is_a_list(void)
{
	struct range_arg args[] = { { .text = "-", .is_file = true } };
	struct result res;

	write_file("1 2 3\n4 5 6", 11);
	check(freopen(path, "r", stdin) != NULL);
	read_args(&res, args, countof(args), false);
	check_list(&res, "1:2:3 4:5:6");

	write_file("1 2 3\nx", 7);
	check(freopen(path, "r", stdin) != NULL);
	read_args(&res, args, 1, false);
	check_refused(&res, -EINVAL, "'-':2: " LINE);
}

/* Whatever it has instead, and whatever else there is. */
static void lists_without_a_range_are_refused(void)
{
	static const char *const texts[] = { "",	  "\n\n",  "#",
					     "# 1 2 3\n", " \t\n", "\r\n" };
	struct range_arg args[] = {
		{ .text = "1:2:3" },
		{ .text = "/dev/null", .is_file = true },
		{ .text = path, .is_file = true },
	};
	struct result res;
	char want[128];

	for (size_t i = 0; i < countof(texts); i++) {
		read_text(&res, texts[i]);
		(void)snprintf(want, sizeof(want), "no range in list '%s'",
			       path);
		check_refused(&res, -EINVAL, want);
		check(res.error.try_help == 0);
	}
	read_bytes(&res, "\0#\0", 3, true);
	check_refused(&res, -EINVAL, want);

	write_file("1 2 3\n", 6);
	read_args(&res, args, countof(args), false);
	check_refused(&res, -EINVAL, "no range in list '/dev/null'");

	check(freopen("/dev/null", "r", stdin) != NULL);
	args[1].text = "-";
	read_args(&res, args, countof(args), false);
	check_refused(&res, -EINVAL, "no range in list '-'");
}

static void many_ranges_are_all_there(void)
{
	struct range_arg arg = { .text = path, .is_file = true };
	struct result res;
	FILE *f;

	write_file("", 0);
	f = fopen(path, "w");
	for (size_t i = 0; f && i < N_MANY; i++)
		(void)fprintf(f, "%zu 4096 %zu\n", i * 8192, i * 4096);
	check(f && fclose(f) == 0);
	read_args(&res, &arg, 1, false);
	check(res.r == 0 && res.list.n == N_MANY);
	for (size_t i = 0; i < res.list.n; i++) {
		check(res.list.v[i].src_off == i * 8192);
		check(res.list.v[i].len == 4096);
		check(res.list.v[i].dst_off == i * 4096);
	}
	rangelist_release(&res.list);
}

int main(void)
{
	(void)setenv("LC_ALL", "C", 1);
	test(arguments_are_read);
	test(wrong_arguments_are_refused);
	test(lists_are_read);
	test(wrong_lists_are_refused);
	test(entries_may_end_in_nul);
	test(long_entries_do_no_harm);
	test(files_that_cannot_be_read_are_told);
	test(order_is_kept);
	test(standard_input_is_a_list);
	test(lists_without_a_range_are_refused);
	test(many_ranges_are_all_there);
	return tests_end();
}
