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
 *	race rewrite FILE COMMAND...	write FILE again and again, each time as a
 *					whole, with bytes that are all alike
 *	race swap A B COMMAND...	exchange the names A and B
 *	race blink FILE COMMAND...	make FILE and remove it, in turn
 *	race churn DIR COMMAND...	remove, make, grow, cut and rename the files
 *					of DIR, put directories, links and FIFOs
 *					in their places
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

static void rewrite(const char *file)
{
	int fd = open_or_die(file, O_WRONLY);
	ssize_t size;
	struct stat st;

	if (fstat(fd, &st) < 0)
		die("%s", file);
	size = (ssize_t)st.st_size;
	if ((size_t)size > sizeof(bytes))
		die_plain("%s is too long", file);
	for (int i = 0;; i++) {
		memset(bytes, i, (size_t)size);
		if (pwrite(fd, bytes, (size_t)size, 0) != size)
			die("%s", file);
	}
}

static void swap(const char *a, const char *b)
{
	for (;;)
		if (renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) < 0)
			die("%s", a);
}

static void blink(const char *file)
{
	for (;;) {
		int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

		if (fd >= 0)
			close(fd);
		(void)unlink(file);
	}
}

static void churn_one(int dir, const char *name, unsigned what)
{
	static const int how[] = { O_TRUNC, O_APPEND };
	char other[20];
	int fd;

	switch (what) {
	case 0:
		(void)unlinkat(dir, name, 0);
		(void)unlinkat(dir, name, AT_REMOVEDIR);
		break;
	case 1:
		(void)mkdirat(dir, name, 0755);
		break;
	case 2:
		(void)!symlinkat("../still", dir, name);
		break;
	case 3:
		(void)mknodat(dir, name, S_IFIFO | 0644, 0);
		break;
	case 4:
		snprintf(other, sizeof(other), "%s.", name);
		(void)renameat(dir, name, dir, other);
		break;
	default:
		fd = openat(dir, name,
			    O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK |
				    O_CLOEXEC | how[what % 2],
			    0644);
		if (fd < 0)
			break;
		(void)!write(fd, bytes, sizeof(bytes));
		close(fd);
	}
}

/* Of what is done some fails, as it should. */
static void churn(const char *path)
{
	int dir = open_or_die(path, O_RDONLY | O_DIRECTORY);
	unsigned state = 1;
	char name[16];

	for (;;) {
		state = state * 1103515245 + 12345;
		snprintf(name, sizeof(name), "%u", (state >> 16) % 50 + 1);
		state = state * 1103515245 + 12345;
		churn_one(dir, name, (state >> 16) % 10);
	}
}

int main(int argc, char **argv)
{
	int n_files = argc > 1 && !strcmp(argv[1], "swap") ? 2 : 1;
	pid_t racer;
	pid_t pid;
	int status;

	if (argc < 3 + n_files)
		die_plain(
			"usage: race grow|shrink|rewrite|blink|churn|swap FILE... COMMAND...");
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
		else if (!strcmp(argv[1], "rewrite"))
			rewrite(argv[2]);
		else if (!strcmp(argv[1], "blink"))
			blink(argv[2]);
		else if (!strcmp(argv[1], "churn"))
			churn(argv[2]);
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
