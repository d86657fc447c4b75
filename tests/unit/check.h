/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * A test is a void function without arguments.  main() runs each by
 * test(function) and returns tests_end().
 *
 * A check that fails says so and the test goes on.  Each test has a process to
 * itself: what it leaves behind is gone, and a crash is one failed test.
 */
#define test(function)	     test_run((function), #function)
#define check(cond)	     check_at((cond), __FILE__, __LINE__, #cond)
#define check_str(got, want) check_str_at((got), (want), __FILE__, __LINE__)

static int tests_passed, tests_failed, checks_failed;

static inline void check_at(bool ok, const char *file, int line,
			    const char *cond)
{
	if (!ok && ++checks_failed < 20)
		printf("%s:%d: not so: %s\n", file, line, cond);
}

static inline void check_str_at(const char *got, const char *want,
				const char *file, int line)
{
	if (strcmp(got, want) != 0 && ++checks_failed < 20)
		printf("%s:%d:\n got:  %s\n want: %s\n", file, line, got, want);
}

static inline void test_run(void (*function)(void), const char *name)
{
	int status = -1;

	fflush(stdout);
	if (fork() == 0) {
		function();
		exit(checks_failed > 0);
	}
	wait(&status);
	status == 0 ? tests_passed++ : tests_failed++;
	if (status != 0)
		printf("%s failed (wait status %d)\n", name, status);
}

static inline int tests_end(void)
{
	printf("%d passed, %d failed\n", tests_passed, tests_failed);
	return tests_failed > 0;
}
