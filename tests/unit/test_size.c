/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <stdint.h>

#include "base.h"
#include "check.h"
#include "size.h"

#define UNTOUCHED 12345

/* TEXT comes to WANT (-errno, or 0 and the value). */
static void check_size(const char *text, int want, uint64_t value)
{
	uint64_t got = UNTOUCHED;
	int r = size_parse(text, &got);

	if (r != want || got != (want == 0 ? value : UNTOUCHED))
		printf("'%s': %d, %ju\n", text, r, (uintmax_t)got);
	check(r == want);
	check(got == (want == 0 ? value : UNTOUCHED));
}

static void numbers_are_read(void)
{
	static const struct {
		const char *text;
		uint64_t value;
	} rows[] = {
		{ "0", 0 },
		{ "1", 1 },
		{ "4096", 4096 },
		{ "000", 0 },
		{ "010", 10 },
		{ "0019", 19 },
		{ "00K", 0 },
		{ "010K", 10240 },
		{ "0000000000000000000000000000000000001", 1 },
		{ "1K", 1024 },
		{ "1k", 1024 },
		{ "3M", 3 << 20 },
		{ "3m", 3 << 20 },
		{ "2G", (uint64_t)2 << 30 },
		{ "2g", (uint64_t)2 << 30 },
		{ "5T", (uint64_t)5 << 40 },
		{ "5t", (uint64_t)5 << 40 },
		{ "7P", (uint64_t)7 << 50 },
		{ "7p", (uint64_t)7 << 50 },
		{ "7E", (uint64_t)7 << 60 },
		{ "7e", (uint64_t)7 << 60 },
		{ "1KiB", 1024 },
		{ "1kiB", 1024 },
		{ "3MiB", 3 << 20 },
		{ "2GiB", (uint64_t)2 << 30 },
		{ "5TiB", (uint64_t)5 << 40 },
		{ "7PiB", (uint64_t)7 << 50 },
		{ "7EiB", (uint64_t)7 << 60 },
		{ "0x10KiB", 16384 },
		{ "010KiB", 10240 },
		{ "0x0", 0 },
		{ "0x1E", 30 },
		{ "0X1e", 30 },
		{ "0x10K", 16384 },
		{ "0x0010", 16 },
		{ "0xabcDEF", 0xabcdef },
		{ "0xEE", 0xee },
		{ "9223372036854775807", INT64_MAX },
		{ "0x7fffffffffffffff", INT64_MAX },
		{ "9007199254740991K", (uint64_t)9007199254740991 << 10 },
	};

	for (size_t i = 0; i < countof(rows); i++)
		check_size(rows[i].text, 0, rows[i].value);
}

static void what_is_no_number_is_refused(void)
{
	static const char *const rows[] = {
		"",	 " ",	 "K",	    "x",     "+1",	  "-1",
		"- 1",	 " 1",	 "1 ",	    "\t1",   "1\n",	  "1\r",
		"1B",	 "1b",	 "1iB",	    "1Ki",   "1KK",	  "1Kx",
		"1.5",	 "1.5K", "1,000",   "1e3",   "0x",	  "0X",
		"0xK",	 "0xg",	 "00x1",    "x10",   "-0x1",	  "0x-1",
		"0x 1",	 "0x+1", "12x",	    "1Z",    "1R",	  "0b1",
		"0b101", "0o17", "10K ",    "0x1G1", "1\xc2\xa0", "\xd9\xa1",
		"1:2",	 "inf",	 "0x1.8p3", "1KIB",  "1Kib",	  "1KiBB",
		"1KiB ", "KiB",	 "1BiB",    "1KBB",  "1KB ",
	};

	for (size_t i = 0; i < countof(rows); i++)
		check_size(rows[i], -EINVAL, 0);
}

static void what_may_mean_two_numbers_is_refused(void)
{
	static const char *const rows[] = { "1KB",     "1kB", "20MB",
					    "3GB",     "4TB", "5PB",
					    "99999EB", "0EB", "0x1KB" };

	for (size_t i = 0; i < countof(rows); i++)
		check_size(rows[i], -EEXIST, 0);
}

static void what_no_file_can_reach_is_refused(void)
{
	static const char *const rows[] = {
		"9223372036854775808",
		"18446744073709551615",
		"18446744073709551616",
		"99999999999999999999999999999999",
		"0x8000000000000000",
		"0xffffffffffffffff",
		"0x10000000000000000",
		"8E",
		"8EiB",
		"9E",
		"16E",
		"17E",
		"32E",
		"8192P",
		"16384P",
		"9007199254740992K",
		"18014398509481984K",
		"36028797018963968K",
	};

	for (size_t i = 0; i < countof(rows); i++)
		check_size(rows[i], -ERANGE, 0);
}

/* The same, said in another way: digits one by one, then the suffix. */
static int read_slowly(const char *text, uint64_t *ret)
{
	static const char suffixes[] = "KMGTPE";
	unsigned base = strncasecmp(text, "0x", 2) == 0 ? 16 : 10;
	const char *p = base == 16 ? text + 2 : text;
	const char *digits = p;
	__int128 value = 0;

	for (; base == 16 ? isxdigit(*p) : isdigit(*p); p++)
		value = value * base +
			(isdigit(*p) ? *p - '0' : tolower(*p) - 'a' + 10);
	if (p == digits)
		return -EINVAL;
	if (*p) {
		const char *s = strchr(suffixes, toupper(*p));

		if (!s)
			return -EINVAL;
		if (strcmp(p + 1, "B") == 0)
			return -EEXIST;
		if (p[1] && strcmp(p + 1, "iB") != 0)
			return -EINVAL;
		value <<= 10 * (s - suffixes + 1);
	}
	if (value > INT64_MAX)
		return -ERANGE;
	*ret = (uint64_t)value;
	return 0;
}

/* Every text of up to five of these characters. */
static void short_texts_are_read_as_they_should(void)
{
	static const char letters[] = "0179xXaeEkKgbiB -+";
	const size_t n = sizeof(letters); /* the 0 at the end among them */

	for (size_t i = 0; i < n * n * n * n * n; i++) {
		char text[6] = "";
		size_t rest = i;
		uint64_t value = 0;
		int want;

		for (int j = 0; j < 5; j++, rest /= n)
			text[j] = letters[rest % n];
		want = read_slowly(text, &value);
		check_size(text, want, value);
	}
}

int main(void)
{
	test(numbers_are_read);
	test(what_is_no_number_is_refused);
	test(what_may_mean_two_numbers_is_refused);
	test(what_no_file_can_reach_is_refused);
	test(short_texts_are_read_as_they_should);
	return tests_end();
}
