/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"

/*
 * interrupt [-i] [-d MS] [-f FILE] [-w BYTES] SIGNAL COMMAND...
 *
 * Run COMMAND with no signal ignored or blocked; once FILE is there and it has
 * written BYTES, and MS milliseconds after that, send SIGNAL (a name without SIG, "0" for none).
 * -i: COMMAND starts with SIGNAL ignored.
 *
 * Prints how it ended and how many milliseconds after the signal:
 *	killed 15 after 3
 *	exited 1 after 250
 *	too early: exited 0	it ended before the signal was sent
 * A command that is still there after a minute is killed: "hung".
 */

static int signal_number(const char *name)
{
	for (int n = 1; n < 32; n++)
		if (!strcmp(sigabbrev_np(n), name))
			return n;
	if (strcmp(name, "0") != 0)
		die_plain("'%s' is no signal", name);
	return 0;
}

static void pause_ms(int64_t ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static pid_t start(char **command, int ignored)
{
	pid_t pid = fork();
	sigset_t none;

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int n = 1; n < 32; n++)
		signal(n, n == ignored ? SIG_IGN : SIG_DFL);
	execvp(command[0], command);
	die("%s", command[0]);
}

static bool ended(pid_t pid, int *ret_status)
{
	return waitpid(pid, ret_status, WNOHANG) == pid;
}

/* Bytes that PID has written, or had the kernel copy, by now. */
static uint64_t bytes_written(pid_t pid)
{
	uint64_t bytes = 0;
	char line[64];
	FILE *f;

	snprintf(line, sizeof(line), "/proc/%d/io", (int)pid);
	f = fopen(line, "re");
	if (!f)
		die("%s", line);
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, "wchar: ", 7))
			bytes = strtoull(line + 7, NULL, 10);
	fclose(f);
	return bytes;
}

static void report(int status, int64_t ms)
{
	if (WIFSIGNALED(status))
		printf("killed %d after %lld\n", WTERMSIG(status),
		       (long long)ms);
	else
		printf("exited %d after %lld\n", WEXITSTATUS(status),
		       (long long)ms);
}

/* Wait until PID ends; returns whether it did so within a minute. */
static bool wait_for_end(pid_t pid, int *ret_status)
{
	int64_t deadline = now_ms() + 60000;

	while (!ended(pid, ret_status)) {
		if (now_ms() > deadline) {
			kill(pid, SIGKILL);
			waitpid(pid, ret_status, 0);
			return false;
		}
		pause_ms(1);
	}
	return true;
}

/* Returns false if PID ended before its time had come. */
static bool wait_for_time(pid_t pid, const char *file, uint64_t bytes,
			  int64_t delay, int *ret_status)
{
	while ((file && access(file, F_OK) < 0) || bytes_written(pid) < bytes) {
		if (ended(pid, ret_status))
			return false;
		pause_ms(1);
	}
	for (int64_t until = now_ms() + delay; now_ms() < until;) {
		if (ended(pid, ret_status))
			return false;
		pause_ms(1);
	}
	return true;
}

int main(int argc, char **argv)
{
	const char *file = NULL;
	uint64_t bytes = 0;
	int64_t delay = 0;
	bool ignored = false;
	int64_t sent;
	int status;
	int signo;
	pid_t pid;
	int c;

	while ((c = getopt(argc, argv, "+id:f:w:")) >= 0) {
		if (c == 'i')
			ignored = true;
		else if (c == 'd')
			delay = (int64_t)parse_bytes(optarg, '\0');
		else if (c == 'f')
			file = optarg;
		else if (c == 'w')
			bytes = parse_bytes(optarg, '\0');
		else
			return 2;
	}
	if (argc - optind < 2)
		die_plain("usage: interrupt [OPTION]... SIGNAL COMMAND...");
	signo = signal_number(argv[optind]);

	pid = start(argv + optind + 1, ignored ? signo : 0);
	if (!wait_for_time(pid, file, bytes, delay, &status)) {
		printf("too early: ");
		report(status, 0);
		return 1;
	}
	sent = now_ms();
	if (signo && kill(pid, signo) < 0)
		die("kill");
	if (!wait_for_end(pid, &status)) {
		puts("hung");
		return 1;
	}
	report(status, now_ms() - sent);
	return 0;
}
