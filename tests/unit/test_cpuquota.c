/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"
#include "check.h"
#include "cpuquota.h"

#define NONE CPUQUOTA_NONE

static void quotas_are_rounded_to_the_nearest(void)
{
	static const struct {
		const char *text; /* of cpu.max */
		unsigned want;
	} rows[] = {
		{ "max 100000\n", NONE },
		{ "100000 100000\n", 1 },
		{ "200000 100000\n", 2 },
		{ "150000 100000\n", 2 },
		{ "149999 100000\n", 1 },
		{ "249999 100000", 2 },
		{ "1000 100000\n", 1 },
		{ "0 100000\n", 1 },
		{ "6400000 100000\n", 64 },
		{ "5 2", 3 },
		{ "1 3", 1 },
		{ "18446744073709551615 1", NONE },
		{ "4294967294 1", 4294967294u },
		{ "4294967296 1", NONE },
		{ "18446744073709551615 18446744073709551615", 1 },
		{ "99999999999999999999999 100000\n", NONE },
		{ "100000 0\n", NONE },
		{ "100000\n", NONE },
		{ "100000 ", NONE },
		{ "-1 100000\n", NONE },
		{ "", NONE },
		{ " ", NONE },
		{ "x y", NONE },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		unsigned got = cpuquota_of_max(rows[i].text);

		if (got != rows[i].want)
			printf("'%s': %u\n", rows[i].text, got);
		check(got == rows[i].want);
	}
}

static void quotas_of_version_1_are_two_numbers(void)
{
	check(cpuquota_processors("-1\n", "100000\n") == NONE);
	check(cpuquota_processors("200000\n", "100000\n") == 2);
	check(cpuquota_processors("20000\n", "100000\n") == 1);
	check(cpuquota_processors("200000\n", "0\n") == NONE);
	check(cpuquota_processors("", "") == NONE);
}

static void check_group(const char *text, const char *controller,
			const char *want)
{
	_cleanup_(freep) char *got = cpuquota_group(text, controller);

	check_str(got ? got : "none", want);
}

static void the_group_is_found(void)
{
	static const char mixed[] = "12:cpuset:/other\n"
				    "4:cpu,cpuacct:/docker/1:2\n"
				    "1:name=systemd:/init\n"
				    "0::/user.slice/a b\n";

	check_group(mixed, "cpu", "/docker/1:2");
	check_group(mixed, "cpuacct", "/docker/1:2");
	check_group(mixed, "cpuset", "/other");
	check_group(mixed, "name=systemd", "/init");
	check_group(mixed, "pu", "none");
	check_group(mixed, "cpu,", "none");
	check_group(mixed, NULL, "/user.slice/a b");
	check_group("0::/\n", NULL, "/");
	check_group("0::/\n", "cpu", "none");
	check_group("1:cpuset,cpu:/x\n", "cpu", "/x");
	check_group("1:cpu:/\n", NULL, "none");
	/* Cut off, or not what it should be. */
	check_group("0::/user.sl", NULL, "none");
	check_group("1:cpu:/a\n0::/us", NULL, "none");
	check_group("", NULL, "none");
	check_group("\n:\n::\n1\n1:\n1:cpu\n", "cpu", "none");
	check_group("\n0\n0:\n", NULL, "none");
}

int main(void)
{
	test(quotas_are_rounded_to_the_nearest);
	test(quotas_of_version_1_are_two_numbers);
	test(the_group_is_found);
	return tests_end();
}
