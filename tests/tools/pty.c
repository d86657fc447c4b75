/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool.h"

/*
 * pty [-a ANSWER] [-g] COMMAND...
 *
 * Run COMMAND on a terminal of its own; print what it writes there (with \r\n
 * made \n); exit as it does, or with 128 + the signal that ended it.
 *
 *	-a	type ANSWER, and Enter, each time it has asked: when its output
 *		ends in "? "
 *	-g	the terminal goes away at its first output
 */

struct out {
	char tail[2]; /* last two bytes of the output */
};

static void put(struct out *out, const char *buf, ssize_t n)
{
	for (ssize_t i = 0; i < n; i++) {
		if (buf[i] == '\r')
			continue;
		putchar(buf[i]);
		out->tail[0] = out->tail[1];
		out->tail[1] = buf[i];
	}
	fflush(stdout);
}

/* Read the terminal to its end, answering; or close it at the first output. */
static void serve(int fd, const char *answer, int goes_away)
{
	struct out out = { { 0 } };
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		put(&out, buf, n);
		if (goes_away)
			break;
		if (!answer || memcmp(out.tail, "? ", 2) != 0)
			continue;
		if (dprintf(fd, "%s\n", answer) < 0)
			die("pty");
		out.tail[1] = '\0';
	}
	close(fd);
}

int main(int argc, char **argv)
{
	const char *answer = NULL;
	int goes_away = 0;
	int status;
	pid_t pid;
	int fd;
	int c;

	while ((c = getopt(argc, argv, "+ga:")) >= 0) {
		if (c == 'a')
			answer = optarg;
		else if (c == 'g')
			goes_away = 1;
		else
			return 2;
	}
	if (optind == argc)
		die_plain("usage: pty [-a ANSWER] [-g] COMMAND...");

	pid = forkpty(&fd, NULL, NULL, NULL);
	if (pid < 0)
		die("forkpty");
	if (!pid) {
		execvp(argv[optind], argv + optind);
		die("%s", argv[optind]);
	}
	serve(fd, answer, goes_away);
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
