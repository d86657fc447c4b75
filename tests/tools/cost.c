/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"

/*
 * cost FILE COMMAND...
 *
 * Run COMMAND; write "KIBIBYTES MICROSECONDS" to FILE: the most memory that it
 * (or one that it has started and waited for) had at a time, and how long it
 * took.  Exits as COMMAND does.
 */

extern char **environ;

static int64_t now_us(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) < 0)
		die("clock_gettime");
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int64_t started;
	int status;
	pid_t pid;
	FILE *f;

	if (argc < 3)
		die_plain("usage: cost FILE COMMAND...");
	started = now_us();
	errno = posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ);
	if (errno)
		die("%s", argv[2]);
	if (wait4(pid, &status, 0, &usage) < 0)
		die("wait4");
	f = fopen(argv[1], "w");
	if (!f)
		die("%s", argv[1]);
	fprintf(f, "%ld %" PRId64 "\n", usage.ru_maxrss, now_us() - started);
	if (fclose(f) == EOF)
		die("%s", argv[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
