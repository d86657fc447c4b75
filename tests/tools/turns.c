/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"

/*
 * turns N FILE COMMAND... -- COMMAND...
 *
 * Run two commands in turn, N times each, FILE (it may be a tree) removed before
 * each run.
 * Prints the median times in microseconds and their ratio, first to second.
 */

extern char **environ;

static int64_t now_ns(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) < 0)
		die("clock_gettime");
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t time_of(char **command)
{
	int64_t started = now_ns();
	int status;
	pid_t pid;

	errno = posix_spawnp(&pid, command[0], NULL, NULL, command, environ);
	if (errno)
		die("%s", command[0]);
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	if (status)
		die_plain("%s: failed", command[0]);
	return now_ns() - started;
}

static void remove_all(const char *path)
{
	if (remove_tree(path) < 0)
		die("%s", path);
}

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

static double median_us(int64_t *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_value);
	return (double)v[n / 2] / 1000;
}

int main(int argc, char **argv)
{
	size_t n = argc > 3 ? (size_t)parse_bytes(argv[1], '\0') : 0;
	char **first = argv + 3;
	char **second = NULL;
	int64_t *a;
	int64_t *b;
	double us_a;
	double us_b;

	for (int i = 3; i < argc && !second; i++)
		if (!strcmp(argv[i], "--")) {
			argv[i] = NULL;
			second = argv + i + 1;
		}
	if (!n || !second || !*first || !*second)
		die_plain("usage: turns N FILE COMMAND... -- COMMAND...");

	a = calloc(n, sizeof(*a));
	b = calloc(n, sizeof(*b));
	if (!a || !b)
		die("calloc");
	for (size_t i = 0; i < n; i++) {
		remove_all(argv[2]);
		a[i] = time_of(first);
		remove_all(argv[2]);
		b[i] = time_of(second);
	}
	us_a = median_us(a, n);
	us_b = median_us(b, n);
	printf("%.0f us against %.0f us: %.2f\n", us_a, us_b, us_a / us_b);
	free(a);
	free(b);
	return 0;
}
