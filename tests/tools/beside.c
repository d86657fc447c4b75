/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "facts.h"
#include "tool.h"

/*
 * beside PLACE SINCE OUT A B
 *
 * Run each line of standard input by bash, twice: each time in PLACE/world, made
 * as PLACE/model is, with directory A and then B in front of PATH.  What they say,
 * and all that is then in that world, go to the files out, err and tree of the
 * directories in OUT that have the names of A and B; see meta -s for SINCE.  After
 * each line
 *
 *	STATUS STATUS WHAT
 *
 * is printed: WHAT differs ("out,", "err,", "tree," one after the other, or "-").
 * A status is that of timeout(1) where half a minute was not enough.
 *
 * Of the world is made anew only what is not any more as it was: a row leaves most
 * of it alone, and files cost more than all else here.  All of it is made anew
 * where that does not bring back every fact of the model.
 */

enum {
	SECONDS = 30,
	NAMES_MAX = 256 /* in the directory of the world itself */
};

struct text {
	char *p; /* ends with '\0' */
	size_t n;
	bool whole; /* of facts: all could be read */
};

/* All lines about a name in the world, and about what is below it. */
struct group {
	char name[256];
	const char *lines;
	size_t n;
	bool stale; /* to be made anew */
};

struct groups {
	size_t n;
	struct group v[NAMES_MAX];
};

struct job {
	char *model; /* directories */
	char *world;
	char *out;
	long since;
	struct text pristine; /* facts of the model */
	struct text now;      /* of the world */
};

static char *joined(const char *a, const char *b)
{
	char *path;

	if (asprintf(&path, "%s/%s", a, b) < 0)
		die("asprintf");
	return path;
}

static struct text text_of(const char *path)
{
	int fd = open_or_die(path, O_RDONLY);
	struct text t = { 0 };
	struct stat st;

	if (fstat(fd, &st) < 0)
		die("%s", path);
	t.n = (size_t)st.st_size;
	t.p = malloc(t.n + 1);
	if (!t.p || read(fd, t.p, t.n) != st.st_size)
		die("%s", path);
	t.p[t.n] = '\0';
	close(fd);
	return t;
}

static bool same(struct text a, struct text b)
{
	return a.n == b.n && !memcmp(a.p, b.p, a.n);
}

__attribute__((noreturn)) static void print_facts(long since, int fd,
						  const char *dir)
{
	struct facts f = {
		.out = fdopen(fd, "w"),
		.below = true,
		.content = true,
		.since = since,
	};

	if (!f.out || dup2(fd, STDERR_FILENO) < 0)
		die("%s", dir);
	facts_print(&f, dir, ".");
	exit(0);
}

/*
 * Have the facts of DIR in FILE.  What can't be read, as a name that is too long,
 * ends the process that reads it, and it says so there.
 */
static struct text facts_of(const struct job *job, const char *dir,
			    const char *file)
{
	int fd = open_or_die(file, O_WRONLY | O_CREAT | O_TRUNC);
	pid_t pid = fork();
	struct text t;
	int status;

	if (pid == 0)
		print_facts(job->since, fd, dir);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		die("fork");
	close(fd);
	t = text_of(file);
	t.whole = status == 0;
	return t;
}

/* The name at P, "./NAME" as facts escape it, up to a slash or space. */
static void read_name(const char *p, char *ret, size_t n)
{
	char *to = ret;

	for (p += 2; *p != '/' && *p != ' ' && *p != '\n'; p++) {
		if (to == ret + n - 1)
			die_plain("name too long");
		*to = *p;
		if (*p == '\\') {
			char digits[] = { p[2], p[3], '\0' };

			*to = (char)strtoul(digits, NULL, 16);
			p += 3;
		}
		to++;
	}
	*to = '\0';
}

/* The groups of facts T, without the world's own line. */
static void find_groups(struct text t, struct groups *ret)
{
	char name[256];
	const char *line;

	ret->n = 0;
	for (line = strchr(t.p, '\n'); line && *++line;
	     line = strchr(line, '\n')) {
		struct group *g = ret->v + ret->n - 1;

		read_name(line, name, sizeof(name));
		if (!ret->n || strcmp(g->name, name)) {
			if (ret->n == NAMES_MAX)
				die_plain("too many names");
			g = ret->v + ret->n++;
			*g = (struct group){ .lines = line };
			memcpy(g->name, name, sizeof(name));
		}
		g->n = (size_t)(strchrnul(line, '\n') - g->lines);
	}
}

static struct group *group_of(struct groups *groups, const char *name)
{
	for (size_t i = 0; i < groups->n; i++)
		if (!strcmp(groups->v[i].name, name))
			return groups->v + i;
	return NULL;
}

/*
 * Are names of G hard links of those in another group?  Where one is stale, make it
 * the other, too.  Returns whether there was such a one.
 */
static bool spread(struct groups *groups, struct group *g)
{
	const char *end = g->lines + g->n;
	const char *p = g->lines;
	bool found = false;
	char name[256];

	while ((p = memmem(p, (size_t)(end - p), " same-as=", 9)) != NULL) {
		struct group *other;

		p += 9;
		read_name(p, name, sizeof(name));
		other = group_of(groups, name);
		if (!other || other->stale == g->stale)
			continue;
		other->stale = g->stale = true;
		found = true;
	}
	return found;
}

/* Mark the groups of the model that the world has not as they are there. */
static void find_stale(struct groups *model, struct groups *world)
{
	bool found;

	for (size_t i = 0; i < model->n; i++) {
		struct group *g = model->v + i;
		const struct group *w = group_of(world, g->name);

		g->stale =
			!w || w->n != g->n || memcmp(w->lines, g->lines, g->n);
	}
	do {
		found = false;
		for (size_t i = 0; i < model->n; i++)
			found |= spread(model, model->v + i);
	} while (found);
}

/* Run the program WORDS, up to NULL, in DIR. */
static void call(const char *dir, const char *const *words)
{
	char *argv[NAMES_MAX + 8] = { NULL };
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (chdir(dir) < 0)
			die("%s", dir);
		for (size_t i = 0; words[i]; i++)
			argv[i] = strdup(words[i]);
		execvp(argv[0], argv);
		die("%s", argv[0]);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		die("%s", words[0]);
	if (status)
		die_plain("%s failed", words[0]);
}

static void remove_name(const char *path)
{
	/* A row that was stopped may have left something immutable. */
	static const char script[] = "chmod -R -f u+rwx \"$1\"\n"
				     "rm -rf \"$1\" 2>/dev/null && exit\n"
				     "chattr -R -f -ia \"$1\"\n"
				     "rm -rf \"$1\"";

	if (remove_tree(path) < 0)
		call("/",
		     (const char *[]){ "sh", "-c", script, "sh", path, NULL });
}

/* Make anew what is stale; what the model has not goes. */
static void mend_world(const struct job *job)
{
	static struct groups model, world;
	const char *words[NAMES_MAX + 6] = { "cp", "-a", "-t", job->world,
					     "--" };
	size_t n = 5;
	struct stat st;

	find_groups(job->pristine, &model);
	find_groups(job->now, &world);
	find_stale(&model, &world);
	for (size_t i = 0; i < world.n; i++) {
		const struct group *g = group_of(&model, world.v[i].name);
		char *path = joined(job->world, world.v[i].name);

		if (!g || g->stale)
			remove_name(path);
		free(path);
	}
	for (size_t i = 0; i < model.n; i++)
		if (model.v[i].stale)
			words[n++] = model.v[i].name;
	if (n > 5)
		call(job->model, words);
	if (stat(job->model, &st) < 0 ||
	    utimensat(AT_FDCWD, job->world,
		      (struct timespec[]){ st.st_atim, st.st_mtim }, 0) < 0)
		die("%s", job->world);
}

static void renew_world(const struct job *job)
{
	remove_name(job->world);
	call("/", (const char *[]){ "cp", "-a", job->model, job->world, NULL });
}

/* Is the world as it was made?  Learn what it holds. */
static bool is_pristine(struct job *job)
{
	char *file = joined(job->out, "world");

	free(job->now.p);
	job->now = facts_of(job, job->world, file);
	free(file);
	return same(job->now, job->pristine);
}

static void have_world(struct job *job)
{
	if (job->now.p && same(job->now, job->pristine))
		return;
	if (job->now.whole && job->pristine.whole) {
		mend_world(job);
		if (is_pristine(job))
			return;
	}
	renew_world(job);
	if (!is_pristine(job))
		die_plain("%s is not a copy of the model", job->world);
}

__attribute__((noreturn)) static void
start(const struct job *job, const char *bin, const char *said, const char *row)
{
	static const char *const names[] = { "/dev/null", "out", "err" };
	char *path;

	for (int fd = 0; fd < 3; fd++) {
		int from = fd == 0 ? open_or_die(names[fd], O_RDONLY)
				   : open_or_die(joined(said, names[fd]),
						 O_WRONLY | O_CREAT | O_TRUNC);
		if (dup2(from, fd) < 0)
			_exit(99);
	}
	if (setpgid(0, 0) < 0 || chdir(job->world) < 0 ||
	    asprintf(&path, "%s:%s", bin, getenv("PATH")) < 0 ||
	    setenv("PATH", path, 1) < 0)
		_exit(99);
	execlp("bash", "bash", "-c", row, NULL);
	_exit(99);
}

/* Has PID ended within so many seconds? */
static bool ends(int pidfd, int seconds)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	return poll(&p, 1, seconds * 1000) == 1;
}

/* Run ROW with BIN in front of PATH.  Returns its status as bash has it. */
static int run(const struct job *job, const char *bin, const char *said,
	       const char *row)
{
	int hung = 0;
	int status;
	int pidfd;
	pid_t pid = fork();

	if (pid == 0)
		start(job, bin, said, row);
	pidfd = pid < 0 ? -1 : pidfd_open(pid, 0);
	if (pidfd < 0)
		die("fork");
	setpgid(pid, pid);
	if (!ends(pidfd, SECONDS)) {
		hung = 124;
		kill(-pid, SIGTERM);
		if (!ends(pidfd, 1)) {
			hung = 137;
			kill(-pid, SIGKILL);
		}
	}
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	close(pidfd);
	if (hung)
		return hung;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Run ROW; what it did is then in SAID/{out,err,tree}. */
static int side(struct job *job, const char *bin, const char *said,
		const char *row)
{
	char *tree = joined(said, "tree");
	int status;

	have_world(job);
	status = run(job, bin, said, row);
	free(job->now.p);
	job->now = facts_of(job, job->world, tree);
	free(tree);
	return status;
}

/* Print NAME if what both said there differs.  Returns whether it does. */
static bool differs(char *const *said, const char *name)
{
	char *path[2];
	struct text text[2];
	bool is;

	for (int i = 0; i < 2; i++) {
		path[i] = joined(said[i], name);
		text[i] = text_of(path[i]);
		free(path[i]);
	}
	is = !same(text[0], text[1]);
	if (is)
		printf("%s,", name);
	free(text[0].p);
	free(text[1].p);
	return is;
}

int main(int argc, char **argv)
{
	struct job job = { 0 };
	char *file;
	char *said[2];
	char *row = NULL;
	size_t room = 0;
	ssize_t n;

	if (argc != 6)
		die_plain("usage: beside PLACE SINCE OUT A B");
	job.model = joined(argv[1], "model");
	job.world = joined(argv[1], "world");
	job.since = (long)parse_bytes(argv[2], '\0');
	job.out = argv[3];
	said[0] = joined(job.out, basename(argv[4]));
	said[1] = joined(job.out, basename(argv[5]));
	file = joined(job.out, "pristine");
	job.pristine = facts_of(&job, job.model, file);

	while ((n = getline(&row, &room, stdin)) > 0) {
		int a;
		int b;

		row[n - 1] = '\0';
		a = side(&job, argv[4], said[0], row);
		b = side(&job, argv[5], said[1], row);
		printf("%d %d ", a, b);
		if (!((int)differs(said, "out") | (int)differs(said, "err") |
		      (int)differs(said, "tree")))
			printf("-");
		printf("\n");
		fflush(stdout);
	}
	return 0;
}
