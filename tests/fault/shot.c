/* SPDX-License-Identifier: BSD-2-Clause */
#include "shot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool.h"

#define N_ARGS	    16
#define ARGS_SIZE   16384
#define LOG_FD	    9
#define LOG_FD_STR  "9"
#define HANGS_AFTER 20 /* seconds */

static const char *program;
static struct call_log *call_log;
static int log_fd;
static int in_fd;
static int err_fd;
static volatile sig_atomic_t late;

static void on_alarm(int sig)
{
	(void)sig;
	late = 1;
}

static int memory_file(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0)
		die("memfd_create");
	return fd;
}

void shot_begin(const char *path)
{
	/* No SA_RESTART: the wait is to end. */
	struct sigaction act = { .sa_handler = on_alarm };

	/* It is started in another directory. */
	program = realpath(path, NULL);
	if (!program)
		die("%s", path);
	log_fd = memory_file("log");
	in_fd = memory_file("in");
	err_fd = memory_file("err");
	/* Several of the program's processes write there. */
	if (ftruncate(log_fd, sizeof(*call_log)) < 0 ||
	    fcntl(err_fd, F_SETFL, O_APPEND) < 0)
		die("memfd");
	call_log = mmap(NULL, sizeof(*call_log), PROT_READ | PROT_WRITE,
			MAP_SHARED, log_fd, 0);
	if (call_log == MAP_FAILED)
		die("mmap");
	/* The child of a program that was killed is ours to wait for. */
	if (sigaction(SIGALRM, &act, NULL) < 0 ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		die("sigaction");
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

static pid_t start(const struct field *field, const struct scenario *scenario,
		   char *const *env, int out)
{
	static char room[ARGS_SIZE];
	posix_spawn_file_actions_t acts;
	posix_spawnattr_t attrs;
	char *args[N_ARGS];
	pid_t pid;

	make_args(field, scenario, room, args);
	(void)posix_spawn_file_actions_init(&acts);
	(void)posix_spawn_file_actions_addfchdir_np(&acts, field->src);
	if (scenario->flags & NO_STDIN)
		(void)posix_spawn_file_actions_addclose(&acts, 0);
	else
		(void)posix_spawn_file_actions_adddup2(&acts, in_fd, 0);
	(void)posix_spawn_file_actions_adddup2(&acts, out, 1);
	(void)posix_spawn_file_actions_adddup2(&acts, err_fd, 2);
	(void)posix_spawn_file_actions_adddup2(&acts, log_fd, LOG_FD);
	/* A group of its own, so that all of it can be killed. */
	(void)posix_spawnattr_init(&attrs);
	(void)posix_spawnattr_setflags(&attrs, POSIX_SPAWN_SETPGROUP);
	errno = posix_spawn(&pid, program, &acts, &attrs, args, env);
	if (errno)
		die("%s", program);
	(void)posix_spawn_file_actions_destroy(&acts);
	(void)posix_spawnattr_destroy(&attrs);
	return pid;
}

/* Wait for PID, then for what it has left behind.  Returns its status. */
static int wait_for_all(pid_t pid, struct echo *ret)
{
	int result = 0;

	late = 0;
	(void)alarm(HANGS_AFTER);
	for (;;) {
		int status;
		pid_t gone = waitpid(-1, &status, 0);

		if (gone == pid)
			result = status;
		if (gone < 0 && errno != EINTR)
			break;
		if (!late)
			continue;
		ret->hung = true;
		(void)kill(-pid, SIGKILL);
	}
	(void)alarm(0);
	return result;
}

static void read_all(int fd, char *buf, size_t size)
{
	size_t used = 0;
	ssize_t n;

	while (used < size - 1 &&
	       (n = read(fd, buf + used, size - 1 - used)) > 0)
		used += (size_t)n;
	buf[used] = '\0';
}

static void prepare_input(const struct scenario *scenario)
{
	const char *answer = scenario->answer ? scenario->answer : "";
	size_t len = strlen(answer);

	if (ftruncate(in_fd, 0) < 0 ||
	    pwrite(in_fd, answer, len, 0) != (ssize_t)len ||
	    lseek(in_fd, 0, SEEK_SET) < 0 || ftruncate(err_fd, 0) < 0 ||
	    lseek(err_fd, 0, SEEK_SET) < 0)
		die("memfd");
}

void shot_run(const struct field *field, const struct scenario *scenario,
	      const struct shot *shot, struct echo *ret)
{
	char plan[64];
	char *env[] = {
		plan,
		(char[]){ "FAILCALL_LOG=" LOG_FD_STR },
		(char[]){ "LC_ALL=C" },
		/* What a sanitizer says is no ordinary failure. */
		(char[]){ "ASAN_OPTIONS=exitcode=99" },
		(char[]){ "UBSAN_OPTIONS=exitcode=99:print_stacktrace=1" },
		NULL,
	};
	int out[2];
	pid_t pid;

	prepare_input(scenario);
	if (pipe2(out, O_CLOEXEC) < 0)
		die("pipe2");
	(void)snprintf(plan, sizeof(plan), "FAILCALL=%d:%u:%d:%d",
		       (int)shot->who, shot->n, (int)shot->how, shot->err);
	memset(call_log, 0, sizeof(*call_log));

	ret->hung = false;
	pid = start(field, scenario, env, out[1]);
	close(out[1]);
	ret->status = wait_for_all(pid, ret);
	ret->hit = (enum call_kind)call_log->hit;
	ret->n_left_open = call_log->n_left_open;
	memcpy(ret->observer, call_log->observer, sizeof(ret->observer));
	read_all(out[0], ret->out, sizeof(ret->out));
	close(out[0]);
	if (lseek(err_fd, 0, SEEK_SET) < 0)
		die("memfd");
	read_all(err_fd, ret->err, sizeof(ret->err));
}
