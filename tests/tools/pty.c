/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool.h"

/*
 * pty [-a ANSWER] [-g] [-r] [-s] [-c COLUMNS[,COLUMNS]] COMMAND...
 *
 * Run COMMAND on a terminal of its own; print what it writes there (with \r\n
 * made \n); exit as it does, or with 128 + the signal that ended it.
 *
 *	-a	type ANSWER, and Enter, each time it has asked: when its output
 *		ends in "? "
 *	-c	the terminal has so many columns; so many from the second time
 *		that it clears a line
 *	-g	the terminal goes away at its first output
 *	-r	print it all as it is
 *	-s	print what the screen shows in the end, which has no limit of
 *		lines; 99 if something was written that it does not know
 */

enum how {
	PLAIN,
	RAW,
	SCREEN
};

/* A screen whose lines end where it ends; it knows \r, \n and CSI J. */
static struct {
	unsigned columns;
	unsigned narrower; /* columns from the second CSI J on; 0: as before */
	unsigned n_cleared;
	unsigned row, column, n_rows;
	char rows[10000][256];
	char escape[3]; /* begun, not ended */
	bool is_odd;	/* it got something else */
} screen = { .columns = 80, .n_rows = 1 };

static void clear_rest(int fd)
{
	struct winsize size = { .ws_row = 24 };
	char *row = screen.rows[screen.row];

	memset(row + screen.column, 0, sizeof(screen.rows[0]) - screen.column);
	screen.n_rows = screen.row + 1;
	if (++screen.n_cleared == 2 && screen.narrower > 0) {
		size.ws_col = (unsigned short)screen.narrower;
		screen.columns = screen.narrower;
		if (ioctl(fd, TIOCSWINSZ, &size) < 0)
			die("TIOCSWINSZ");
	}
}

static void next_row(void)
{
	screen.column = 0;
	if (++screen.row == sizeof(screen.rows) / sizeof(screen.rows[0]))
		die_plain("too many lines");
	if (screen.n_rows <= screen.row)
		screen.n_rows = screen.row + 1;
}

static void show(int fd, char c)
{
	size_t n = strlen(screen.escape);

	if (n > 0 || c == '\033') {
		screen.escape[n] = c;
		if (n < 2)
			return;
		screen.is_odd |= strncmp(screen.escape, "\033[J", 3) != 0;
		memset(screen.escape, 0, sizeof(screen.escape));
		clear_rest(fd);
	} else if (c == '\r') {
		screen.column = 0;
	} else if (c == '\n') {
		next_row();
	} else {
		screen.is_odd |= (unsigned char)c < ' ';
		if (screen.column >= screen.columns)
			next_row();
		screen.rows[screen.row][screen.column++] = c;
	}
}

static void print_screen(void)
{
	for (unsigned i = 0; i < screen.n_rows; i++)
		if (i + 1 < screen.n_rows || screen.rows[i][0])
			puts(screen.rows[i]);
	if (screen.is_odd)
		exit(99);
}

struct out {
	int fd;
	enum how how;
	char tail[2]; /* last two bytes of the output */
};

static void put(struct out *out, const char *buf, ssize_t n)
{
	for (ssize_t i = 0; i < n; i++) {
		if (out->how == SCREEN)
			show(out->fd, buf[i]);
		if (buf[i] == '\r' && out->how != RAW)
			continue;
		if (out->how != SCREEN)
			putchar(buf[i]);
		out->tail[0] = out->tail[1];
		out->tail[1] = buf[i];
	}
	fflush(stdout);
}

/* Read the terminal to its end, answering; or close it at the first output. */
static void serve(struct out *out, const char *answer, int goes_away)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(out->fd, buf, sizeof(buf))) > 0) {
		put(out, buf, n);
		if (goes_away)
			break;
		if (!answer || memcmp(out->tail, "? ", 2) != 0)
			continue;
		if (dprintf(out->fd, "%s\n", answer) < 0)
			die("pty");
		out->tail[1] = '\0';
	}
	close(out->fd);
	if (out->how == SCREEN)
		print_screen();
}

static void parse_columns(char *text, struct winsize *size)
{
	char *rest;

	screen.columns = (unsigned)strtoul(text, &rest, 10);
	if (*rest == ',')
		screen.narrower = (unsigned)strtoul(rest + 1, &rest, 10);
	if (*rest != '\0' || screen.columns == 0 || screen.columns > 255)
		die_plain("%s: no columns", text);
	size->ws_row = 24;
	size->ws_col = (unsigned short)screen.columns;
}

int main(int argc, char **argv)
{
	struct winsize size = { .ws_row = 0 };
	struct out out = { .how = PLAIN };
	const char *answer = NULL;
	int goes_away = 0;
	int status;
	pid_t pid;
	int c;

	while ((c = getopt(argc, argv, "+a:c:grs")) >= 0) {
		if (c == 'a')
			answer = optarg;
		else if (c == 'c')
			parse_columns(optarg, &size);
		else if (c == 'g')
			goes_away = 1;
		else if (c == 'r')
			out.how = RAW;
		else if (c == 's')
			out.how = SCREEN;
		else
			return 2;
	}
	if (optind == argc)
		die_plain("usage: pty [OPTION]... COMMAND...");

	pid = forkpty(&out.fd, NULL, NULL, &size);
	if (pid < 0)
		die("forkpty");
	if (!pid) {
		execvp(argv[optind], argv + optind);
		die("%s", argv[optind]);
	}
	serve(&out, answer, goes_away);
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
