/* SPDX-License-Identifier: BSD-2-Clause */
#include "shot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool.h"

#define N_ARGS	    16
#define ARGS_SIZE   16384
#define REPORT_FD   8 /* of REPORT */
#define LOG_FD	    "9"
#define SERVE_FD    "10"
#define HANGS_AFTER 20000 /* milliseconds */

static const char *program;
static struct call_log *call_log;
static int log_fd;
static int in_fd;
static int err_fd;
static int report_fd;
static int out[2];
static int terminal[2]; /* its own end, and the program's */

/* The program that waits to begin again (failcall.h), and its socket. */
static pid_t server;
static int socket_fd;

static int memory_file(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0)
		die("memfd_create");
	return fd;
}

void shot_load(const char *path)
{
	/* It is started in another directory. */
	program = realpath(path, NULL);
	if (!program)
		die("%s", path);
	log_fd = memory_file("log");
	in_fd = memory_file("in");
	err_fd = memory_file("err");
	report_fd = memory_file("report");
	/* Several of the program's processes write there. */
	if (ftruncate(log_fd, sizeof(*call_log)) < 0 ||
	    fcntl(err_fd, F_SETFL, O_APPEND) < 0)
		die("memfd");
	call_log = mmap(NULL, sizeof(*call_log), PROT_READ | PROT_WRITE,
			MAP_SHARED, log_fd, 0);
	if (call_log == MAP_FAILED)
		die("mmap");
	if (openpty(&terminal[0], &terminal[1], NULL, NULL, NULL) < 0 ||
	    fcntl(terminal[0], F_SETFL, O_NONBLOCK) < 0)
		die("openpty");
	for (int i = 0; i < 2; i++)
		(void)fcntl(terminal[i], F_SETFD, FD_CLOEXEC);
	if (pipe2(out, O_CLOEXEC) < 0 || fcntl(out[0], F_SETFL, O_NONBLOCK) < 0)
		die("pipe2");
}

const struct call_log *shot_log(void)
{
	return call_log;
}

unsigned shot_count_before(const struct shot *shot, enum call_kind kind)
{
	unsigned n = 0;

	for (unsigned i = 0; i + 1 < shot->n && i < CALL_LOG_MAX; i++)
		n += call_log->by[shot->who].kind[i] == kind;
	return n;
}

/* Cut the scenario's arguments and give them their directories. */
static void make_args(const struct field *field,
		      const struct scenario *scenario, char room[ARGS_SIZE],
		      char *args[N_ARGS])
{
	static char name[] = "reflinkcp";
	const char *p = scenario->args;
	size_t used = 0;
	int n = 0;

	args[n++] = name;
	while (*p) {
		size_t len = strcspn(p, " ");
		const char *dir = *p == '%'   ? field->dst_path
				  : *p == '@' ? field->src_path
					      : NULL;

		args[n++] = room + used;
		used += (size_t)snprintf(
				room + used, ARGS_SIZE - used, "%s%s%.*s",
				dir ? dir : "", dir ? "/" : "",
				(int)(dir ? len - 1 : len), dir ? p + 1 : p) +
			1;
		p += len;
		p += *p == ' ';
	}
	args[n] = NULL;
}

static void start(const struct field *field, const struct scenario *scenario,
		  int serve_fd)
{
	static char room[ARGS_SIZE];
	const bool on_terminal = scenario->flags & ON_TERMINAL;
	char *env[] = {
		(char[]){ "FAILCALL_LOG=" LOG_FD },
		(char[]){ "FAILCALL_SERVE=" SERVE_FD },
		(char[]){ "LC_ALL=C" },
		(char[]){ "TERM=xterm" },
		(char[]){ "LD_BIND_NOW=1" }, /* once, not in each run */
		/* What a sanitizer says is no ordinary failure. */
		(char[]){ "ASAN_OPTIONS=exitcode=99" },
		(char[]){ "UBSAN_OPTIONS=exitcode=99:print_stacktrace=1" },
		on_terminal ? (char[]){ "FAILCALL_FAST=1" } : NULL,
		NULL,
	};
	posix_spawn_file_actions_t acts;
	char *args[N_ARGS];

	make_args(field, scenario, room, args);
	(void)posix_spawn_file_actions_init(&acts);
	(void)posix_spawn_file_actions_addfchdir_np(&acts, field->src);
	if (scenario->flags & NO_STDIN)
		(void)posix_spawn_file_actions_addclose(&acts, 0);
	else
		(void)posix_spawn_file_actions_adddup2(&acts, in_fd, 0);
	(void)posix_spawn_file_actions_adddup2(&acts, out[1], 1);
	(void)posix_spawn_file_actions_adddup2(
		&acts, on_terminal ? terminal[1] : err_fd, 2);
	(void)posix_spawn_file_actions_adddup2(&acts, report_fd, REPORT_FD);
	(void)posix_spawn_file_actions_adddup2(&acts, log_fd, atoi(LOG_FD));
	(void)posix_spawn_file_actions_adddup2(&acts, serve_fd, atoi(SERVE_FD));
	errno = posix_spawn(&server, program, &acts, NULL, args, env);
	if (errno)
		die("%s", program);
	(void)posix_spawn_file_actions_destroy(&acts);
}

void shot_begin(const struct field *field, const struct scenario *scenario)
{
	const char *answer = scenario->answer ? scenario->answer : "";
	size_t len = strlen(answer);
	int ends[2];

	if (ftruncate(in_fd, 0) < 0 ||
	    pwrite(in_fd, answer, len, 0) != (ssize_t)len)
		die("memfd");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		die("socketpair");
	start(field, scenario, ends[1]);
	close(ends[1]);
	socket_fd = ends[0];
}

void shot_end(void)
{
	close(socket_fd);
	(void)waitpid(server, NULL, 0);
}

/* Wait for the program and what it has left behind.  Returns its status. */
static int wait_for_all(struct echo *ret)
{
	struct pollfd fd = { .fd = socket_fd, .events = POLLIN };
	int status;

	while (poll(&fd, 1, HANGS_AFTER) == 0) {
		ret->hung = true;
		if (call_log->pid > 0)
			(void)kill(-call_log->pid, SIGKILL);
	}
	if (read(socket_fd, &status, sizeof(status)) != sizeof(status))
		die_plain("%s does not begin", program);
	return status;
}

/* The beginning of what FD has; all of it is taken. */
static void read_all(int fd, char *buf, size_t size)
{
	char rest[4096];
	size_t used = 0;
	ssize_t n;

	while (used < size - 1 &&
	       (n = read(fd, buf + used, size - 1 - used)) > 0)
		used += (size_t)n;
	buf[used] = '\0';
	while (read(fd, rest, sizeof(rest)) > 0)
		;
}

/* Add what the terminal got to TEXT, but lines that were cleared. */
static void read_terminal(char *text, size_t size)
{
	static char all[65536];
	size_t n = strlen(text);
	size_t line = n;

	read_all(terminal[0], all, sizeof(all));
	for (const char *p = all; *p; p++) {
		if (strncmp(p, "\033[J", 3) == 0) {
			n = line;
			p += 2;
		} else if (*p != '\r' && n < size - 1) {
			text[n++] = *p;
		}
		if (*p == '\n')
			line = n;
	}
	text[n] = '\0';
}

void shot_run(const struct shot *shot, struct echo *ret)
{
	if (lseek(in_fd, 0, SEEK_SET) < 0 || ftruncate(err_fd, 0) < 0 ||
	    ftruncate(report_fd, 0) < 0)
		die("memfd");
	memset(call_log, 0, sizeof(*call_log));
	call_log->shot = *shot;
	ret->hung = false;
	if (send(socket_fd, "", 1, MSG_NOSIGNAL) < 0)
		die("%s", program);
	ret->status = wait_for_all(ret);
	ret->hit = (enum call_kind)call_log->hit;
	ret->n_left_open = call_log->n_left_open;
	memcpy(ret->observer, call_log->observer, sizeof(ret->observer));
	read_all(out[0], ret->out, sizeof(ret->out));
	if (lseek(err_fd, 0, SEEK_SET) < 0 || lseek(report_fd, 0, SEEK_SET) < 0)
		die("memfd");
	read_all(err_fd, ret->err, sizeof(ret->err));
	read_all(report_fd, ret->report, sizeof(ret->report));
	read_terminal(ret->err, sizeof(ret->err));
}
