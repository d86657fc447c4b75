/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"

/*
 * Change a file while a command works on it; exit as the command does.
 *
 *	race grow FILE COMMAND...	append 64 KiB each millisecond
 *	race shrink FILE COMMAND...	cut 64 KiB off each 20 milliseconds
 *	race swap A B COMMAND...	exchange the names A and B
 */

static char bytes[65536];

static void grow(const char *file)
{
	int fd = open_or_die(file, O_WRONLY | O_APPEND);

	for (;;) {
		if (write(fd, bytes, sizeof(bytes)) < 0)
			die("%s", file);
		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
	}
}

static void shrink(const char *file)
{
	int fd = open_or_die(file, O_RDWR);
	struct stat st;

	for (;;) {
		if (fstat(fd, &st) < 0)
			die("%s", file);
		if (st.st_size <= (off_t)sizeof(bytes))
			_exit(0);
		if (ftruncate(fd, st.st_size - (off_t)sizeof(bytes)) < 0)
			die("%s", file);
		nanosleep(&(struct timespec){ 0, 20000 }, NULL);
	}
}

static void swap(const char *a, const char *b)
{
	for (;;)
		if (renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) < 0)
			die("%s", a);
}

int main(int argc, char **argv)
{
	int n_files = argc > 1 && !strcmp(argv[1], "swap") ? 2 : 1;
	pid_t racer;
	pid_t pid;
	int status;

	if (argc < 3 + n_files)
		die_plain("usage: race grow|shrink|swap FILE... COMMAND...");
	memset(bytes, 'x', sizeof(bytes));

	racer = fork();
	if (racer < 0)
		die("fork");
	if (!racer) {
		if (n_files == 2)
			swap(argv[2], argv[3]);
		else if (!strcmp(argv[1], "grow"))
			grow(argv[2]);
		else if (!strcmp(argv[1], "shrink"))
			shrink(argv[2]);
		die_plain("'%s' is no race", argv[1]);
	}

	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		execvp(argv[2 + n_files], argv + 2 + n_files);
		die("%s", argv[2 + n_files]);
	}
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	kill(racer, SIGKILL);
	waitpid(racer, NULL, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
