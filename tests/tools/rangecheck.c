/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rangedraw.h"
#include "tool.h"

/*
 * rangecheck [-c CASE] PROGRAM DIR CASES SEED [BLOCK]
 *
 * Run "PROGRAM --range=..." in DIR with random files and random ranges, and
 * compare what comes out with a model: each range is a memmove, in the order
 * given, and what lies between reads as zeros.
 *
 * BLOCK is what clones have to be aligned to in DIR; 0 (or not given): DIR
 * can't clone.  Case N of a seed is always the same; -c runs that one alone and
 * leaves its files.
 *
 * Prints each difference and how to get it again; the last line says how many
 * cases there were, and how many ranges were cloned.  Exits with 1 if anything
 * differs.
 */

extern char **environ;

enum {
	SAID_MAX = 16 << 10,	  /* of what PROGRAM says is kept */
	DIFFERENCES_TOLD_MAX = 20 /* are printed, all are counted */
};

static unsigned char have[CONTENT_MAX]; /* what was read */
static int out_fd;			/* what PROGRAM writes to */
static int err_fd;
static char out_text[SAID_MAX];
static char err_text[SAID_MAX];
static uint64_t n_differences;
static uint64_t n_cloned;
static uint64_t n_partly;
static uint64_t n_copied;
static uint64_t n_refused;

/* Print what went wrong in T, and how to get it again. */
__attribute__((format(printf, 2, 3))) static void
differs(const struct trial *t, const char *format, ...)
{
	va_list ap;

	if (n_differences++ >= DIFFERENCES_TOLD_MAX)
		return;
	printf("seed %" PRIu64 ", case %" PRIu64 ": ", t->seed, t->number);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n   ");
	for (size_t i = 0; i < t->n_args; i++)
		printf(" %s", t->args[i]);
	if (t->place == PLACE_NEW)
		printf("\n    source %" PRIu64 " bytes, no destination\n",
		       t->src.n);
	else
		printf("\n    source %" PRIu64 " bytes, destination %" PRIu64
		       "%s\n",
		       t->src.n, t->old.n,
		       trial_is_one_file(t) ? ", one file" : "");
	if (*out_text || *err_text)
		printf("    it said: %s%s\n", out_text, err_text);
	fflush(stdout);
}

static void start_text(int fd)
{
	if (ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		die("ftruncate");
}

static void take_text(int fd, char *text)
{
	ssize_t n = pread(fd, text, SAID_MAX - 1, 0);

	if (n < 0)
		die("pread");
	text[n] = '\0';
}

/* Run the program.  Returns its exit status, or 256 and more if killed. */
static int run(struct trial *t)
{
	static const struct rlimit seconds = { 20, 20 };
	posix_spawn_file_actions_t actions;
	int status;
	pid_t pid;

	start_text(out_fd);
	start_text(err_fd);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, err_fd, STDERR_FILENO);
	errno = posix_spawn(&pid, t->program, &actions, NULL, t->argv, environ);
	if (errno)
		die("%s", t->program);
	posix_spawn_file_actions_destroy(&actions);
	/* One that never ends is to be seen, too. */
	if (prlimit(pid, RLIMIT_CPU, &seconds, NULL) < 0 && errno != ESRCH)
		die("prlimit");
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	take_text(out_fd, out_text);
	take_text(err_fd, err_text);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return 256 + WTERMSIG(status);
}

/* Compare the file NAME, WHAT it is, with C. */
static void check_content(const struct trial *t, const char *name,
			  const struct content *c, const char *what)
{
	int fd = open_or_die(name, O_RDONLY);
	struct stat st;
	uint64_t i = 0;

	if (fstat(fd, &st) < 0)
		die("%s", name);
	if ((uint64_t)st.st_size != c->n) {
		differs(t, "%s has %jd bytes, not %" PRIu64, what,
			(intmax_t)st.st_size, c->n);
	} else if (read(fd, have, (size_t)c->n) != (ssize_t)c->n) {
		differs(t, "%s can't be read", what);
	} else if (memcmp(have, c->v, (size_t)c->n) != 0) {
		while (have[i] == c->v[i])
			i++;
		differs(t, "%s differs at %" PRIu64 ": is %u, should be %u",
			what, i, have[i], c->v[i]);
	}
	close(fd);
}

static bool same_time(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void check_source(const struct trial *t)
{
	struct stat st;

	if (stat("s", &st) < 0)
		die("s");
	if (!same_time(&st, &t->src_st))
		differs(t, "the source's mtime has changed");
	check_content(t, "s", &t->src, "the source");
}

/* Nothing was done at all. */
static void check_nothing(const struct trial *t)
{
	struct stat st;

	n_refused++;
	if (!*err_text)
		differs(t, "refused without a word");
	check_source(t);
	if (t->place == PLACE_NEW) {
		if (lstat("d", &st) == 0)
			differs(t, "refused, but it has left a file");
		return;
	}
	if (stat(trial_dst_name(t), &st) < 0)
		die("%s", trial_dst_name(t));
	if (!same_time(&st, &t->old_st))
		differs(t, "refused, but the destination's mtime has changed");
	if (!trial_is_one_file(t))
		check_content(t, "d", &t->old, "the destination (refused)");
}

/* All was done. */
static void check_done(const struct trial *t)
{
	struct stat st;

	if (*err_text)
		differs(t, "done, but not silently");
	if (!trial_is_one_file(t))
		check_source(t);
	if (stat(trial_dst_name(t), &st) < 0) {
		differs(t, "the destination is not there");
		return;
	}
	if (t->place != PLACE_NEW && st.st_ino != t->old_st.st_ino)
		differs(t, "the destination is another file");
	check_content(t, trial_dst_name(t), &t->want, "the destination");
}

/* No name but those that were made. */
static void check_names(const struct trial *t)
{
	DIR *dir = opendir(".");
	const struct dirent *e;

	if (!dir)
		die("opendir");
	while ((e = readdir(dir)))
		if (strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0 &&
		    strcmp(e->d_name, "s") != 0 &&
		    strcmp(e->d_name, "d") != 0 &&
		    strcmp(e->d_name, "list") != 0)
			differs(t, "there is a file '%s'", e->d_name);
	closedir(dir);
}

/* What was said of range I: LINE, as far as END. */
static void check_line(const struct trial *t, size_t i, const char *line,
		       const char *end)
{
	static const char whole[] = ": cloned";
	size_t n = (size_t)(end - line);
	bool cloned = memmem(line, n, whole, strlen(whole));
	bool copied = memmem(line, n, "copied", strlen("copied"));

	n_cloned += cloned && !copied;
	n_partly += cloned && copied;
	n_copied += !cloned && copied;
	if ((t->told[i] == TOLD_PARTLY && !cloned) ||
	    (t->told[i] == TOLD_CLONED &&
	     strncmp(end - strlen(whole), whole, strlen(whole)) != 0))
		differs(t, "range %zu could have been cloned: %.*s", i + 1,
			(int)n, line);
}

/* What was said of each range, one a line. */
static void check_words(const struct trial *t)
{
	const char *line = out_text;
	const char *end;
	size_t n = 0;

	for (; (end = strchr(line, '\n')); line = end + 1) {
		if (n < t->n_spans &&
		    memmem(line, (size_t)(end - line), ": range ", 8))
			check_line(t, n, line, end);
		n++;
	}
	if (n != (t->verbose ? t->n_spans : 0))
		differs(t, "%zu lines about ranges", n);
}

static void try_one(struct trial *t, uint64_t number)
{
	int status;

	trial_draw(t, number);
	status = run(t);
	check_names(t);
	if (status == 0 && t->expect == EXPECT_REFUSED)
		differs(t, "done, where it should have refused");
	else if (status == 1 && t->expect == EXPECT_DONE)
		differs(t, "refused");
	if (status == 0) {
		check_done(t);
		check_words(t);
	} else if (status == 1) {
		check_nothing(t);
	} else {
		differs(t, "exit status %d", status);
	}
}

static int text_file(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0)
		die("memfd_create");
	return fd;
}

int main(int argc, char **argv)
{
	bool alone = argc > 2 && !strcmp(argv[1], "-c");
	uint64_t first = alone ? parse_bytes(argv[2], '\0') : 0;
	struct trial t = { 0 };
	uint64_t n;

	if (alone) {
		argc -= 2;
		argv += 2;
	}
	if (argc < 5 || argc > 6)
		die_plain("usage: rangecheck [-c CASE] PROGRAM DIR CASES SEED "
			  "[BLOCK]");
	t.program = realpath(argv[1], NULL);
	if (!t.program)
		die("%s", argv[1]);
	if (chdir(argv[2]) < 0)
		die("%s", argv[2]);
	n = alone ? 1 : parse_bytes(argv[3], '\0');
	t.seed = parse_bytes(argv[4], '\0');
	t.clone_block = argc > 5 ? parse_bytes(argv[5], '\0') : 0;
	out_fd = text_file("out");
	err_fd = text_file("err");
	trial_prepare(&t);

	for (uint64_t i = first; i < first + n; i++)
		try_one(&t, i);
	if (!alone)
		trial_remove_files();
	printf("seed %" PRIu64 ": %" PRIu64 " cases, %" PRIu64
	       " refused; ranges: %" PRIu64 " cloned, %" PRIu64
	       " partly, %" PRIu64 " copied; %" PRIu64 " differences\n",
	       t.seed, n, n_refused, n_cloned, n_partly, n_copied,
	       n_differences);
	return n_differences ? 1 : 0;
}
