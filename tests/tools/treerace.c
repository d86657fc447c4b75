/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool.h"

/*
 * treerace source|destination SECONDS DIR COMMAND...
 *
 * Run "COMMAND... DIR/source DIR/destination" again and again, while a second
 * process exchanges a directory or a file of one of the two, as fast as it can,
 * with a symbolic link to its like in DIR/outside.  Which of them is another
 * one each time; the destination is missing, empty or a copy already.
 *
 * Prints "N runs, N swaps, N escapes, N leaks, N crashes": how many runs have
 * changed anything of DIR/outside, how many files of the destination have content from there, and
 * how many runs ended by a signal or hung for ten seconds.  Exits with 0 if
 * the last three are 0.
 */

#define SECRET "secret\n"
#define PUBLIC "public\n"

/* What is swapped, none inside another. */
static const char *const victims[] = {
	"a", "b/sub", "c/file-0", "d/sub/deep", "e/file-1", "e/sub/file-2",
};
#define N_VICTIMS (sizeof(victims) / sizeof(victims[0]))

static const char *const directories[] = {
	"", "/sub", "/sub/deep", "/sub/deep/est", "/left", "/left/over",
};

static uint64_t n_escapes;
static uint64_t n_leaks;
static uint64_t *n_swaps; /* shared */

static void path_of(char *path, const char *top, const char *name)
{
	if (snprintf(path, PATH_MAX, "%s/%s", top, name) >= PATH_MAX)
		die_plain("%s: too long", top);
}

static void make_directory(const char *path)
{
	if (mkdir(path, 0755) < 0)
		die("%s", path);
}

static void make_file(const char *path, const char *content)
{
	int fd = open_or_die(path, O_WRONLY | O_CREAT | O_EXCL);

	for (int i = 0; i < 100; i++)
		if (write(fd, content, strlen(content)) < 0)
			die("%s", path);
	close(fd);
}

/* Five directories alike, with files and hard links between them. */
static void make_tree(const char *top, const char *content)
{
	char path[PATH_MAX];
	char name[64];
	char other[PATH_MAX];

	make_directory(top);
	for (char letter = 'a'; letter <= 'e'; letter++)
		for (size_t i = 0; i < 6; i++) {
			snprintf(name, sizeof(name), "%c%s", letter,
				 directories[i]);
			path_of(path, top, name);
			make_directory(path);
			for (int n = 0; n < 4; n++) {
				snprintf(name, sizeof(name), "%c%s/file-%d",
					 letter, directories[i], n);
				path_of(path, top, name);
				make_file(path, content);
			}
			snprintf(name, sizeof(name), "%c%s/link", letter,
				 directories[i]);
			path_of(path, top, name);
			path_of(other, top, "a/link");
			if (letter == 'a' && i == 0)
				make_file(path, content);
			else if (link(other, path) < 0)
				die("%s", path);
		}
}

/* Everything outside, as one number. */
static uint64_t digest;

static void mix(uint64_t x)
{
	digest = (digest ^ x) * 0x100000001b3;
	digest ^= digest >> 29;
}

static int see_outside(const char *path, const struct stat *st, int type,
		       struct FTW *ftw)
{
	uint64_t one;

	(void)type;
	(void)ftw;
	one = digest;
	digest = 1;
	for (const char *p = path; *p; p++)
		mix((unsigned char)*p);
	mix(st->st_ino);
	mix(st->st_mode);
	mix(st->st_uid);
	mix(st->st_nlink);
	mix((uint64_t)st->st_size);
	mix((uint64_t)st->st_mtim.tv_sec);
	mix((uint64_t)st->st_mtim.tv_nsec);
	mix((uint64_t)st->st_ctim.tv_sec);
	mix((uint64_t)st->st_ctim.tv_nsec);
	/* In whatever order it is seen. */
	digest += one;
	return 0;
}

static uint64_t look_outside(const char *path)
{
	digest = 0;
	if (nftw(path, see_outside, 20, FTW_PHYS) < 0)
		die("%s", path);
	return digest;
}

static int see_copy(const char *path, const struct stat *st, int type,
		    struct FTW *ftw)
{
	char text[sizeof(SECRET)] = "";
	int fd;

	(void)ftw;
	if (type != FTW_F || !S_ISREG(st->st_mode))
		return 0;
	fd = open_or_die(path, O_RDONLY);
	if (read(fd, text, sizeof(SECRET) - 1) < 0)
		die("%s", path);
	close(fd);
	if (!strcmp(text, SECRET))
		n_leaks++;
	return 0;
}

static void swap(const char *victim, const char *link)
{
	unsigned state = (unsigned)getpid();

	for (;;) {
		if (renameat2(AT_FDCWD, victim, AT_FDCWD, link,
			      RENAME_EXCHANGE) == 0)
			++*n_swaps;
		else if (errno != ENOENT)
			die("%s", victim);
		/* Not in step with the other one. */
		state = state * 1103515245 + 12345;
		for (unsigned i = 0; i < (state >> 16) % 4096; i++)
			__asm__ volatile("");
	}
}

static pid_t start_swapping(const char *victim, const char *link)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid)
		swap(victim, link);
	return pid;
}

static pid_t start(char **command)
{
	pid_t pid = fork();
	int null;

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	null = open_or_die("/dev/null", O_RDWR);
	if (dup2(null, 1) < 0 || dup2(null, 2) < 0)
		die("dup2");
	alarm(10); /* stays over exec */
	execvp(command[0], command);
	die("%s", command[0]);
}

static uint64_t *shared_number(void)
{
	void *p = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

struct race {
	char source[PATH_MAX];
	char destination[PATH_MAX];
	char outside[PATH_MAX];
	char link[PATH_MAX]; /* what takes the victim's place */
	bool is_source;
	char **command;
	uint64_t before;
};

static void put_link(const struct race *r, const char *victim)
{
	char target[PATH_MAX];

	path_of(target, r->outside, victim);
	(void)unlink(r->link);
	if (symlink(target, r->link) < 0)
		die("%s", r->link);
}

/* One copy.  Returns whether it ended as it should. */
static bool run(const struct race *r, uint64_t round)
{
	const char *victim = victims[round % N_VICTIMS];
	char path[PATH_MAX];
	struct stat st;
	pid_t swapper;
	int status;
	pid_t pid;

	if (round / N_VICTIMS % 3 == 1)
		make_directory(r->destination);
	if (round / N_VICTIMS % 3 == 2)
		make_tree(r->destination, PUBLIC);
	put_link(r, victim);
	path_of(path, r->is_source ? r->source : r->destination, victim);
	swapper = start_swapping(path, r->link);
	pid = start(r->command);
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	kill(swapper, SIGKILL);
	waitpid(swapper, NULL, 0);

	if (nftw(r->destination, see_copy, 20, FTW_PHYS) < 0 && errno != ENOENT)
		die("%s", r->destination);
	if (lstat(r->link, &st) < 0)
		die("%s", r->link);
	if (!S_ISLNK(st.st_mode) && r->is_source &&
	    renameat2(AT_FDCWD, path, AT_FDCWD, r->link, RENAME_EXCHANGE) < 0)
		die("%s", path);
	if (!r->is_source && !S_ISLNK(st.st_mode)) {
		if (nftw(r->link, see_copy, 20, FTW_PHYS) < 0)
			die("%s", r->link);
		if (remove_tree(r->link) < 0)
			die("%s", r->link);
	}
	if (remove_tree(r->destination) < 0)
		die("%s", r->destination);
	return WIFEXITED(status) && WEXITSTATUS(status) <= 1;
}

int main(int argc, char **argv)
{
	static struct race r;
	int64_t until;
	uint64_t n_runs = 0;
	uint64_t n_crashes = 0;
	char *dir;

	if (argc < 5)
		die_plain("usage: treerace source|destination SECONDS DIR "
			  "COMMAND...");
	r.is_source = !strcmp(argv[1], "source");
	until = now_ms() + 1000 * (int64_t)parse_bytes(argv[2], '\0');
	dir = realpath(argv[3], NULL);
	if (!dir)
		die("%s", argv[3]);
	path_of(r.source, dir, "source");
	path_of(r.destination, dir, "destination");
	path_of(r.outside, dir, "outside");
	path_of(r.link, dir, "link");
	free(dir);
	r.command = calloc((size_t)argc, sizeof(*r.command));
	n_swaps = shared_number();
	if (!r.command)
		die("calloc");
	for (int i = 4; i < argc; i++)
		r.command[i - 4] = argv[i];
	r.command[argc - 4] = r.source;
	r.command[argc - 3] = r.destination;

	make_tree(r.source, PUBLIC);
	make_tree(r.outside, SECRET);
	r.before = look_outside(r.outside);
	for (; now_ms() < until; n_runs++) {
		uint64_t now;

		if (!run(&r, n_runs))
			n_crashes++;
		now = look_outside(r.outside);
		if (now != r.before)
			n_escapes++;
		r.before = now;
	}
	printf("%llu runs, %llu swaps, %llu escapes, %llu leaks, "
	       "%llu crashes\n",
	       (unsigned long long)n_runs, (unsigned long long)*n_swaps,
	       (unsigned long long)n_escapes, (unsigned long long)n_leaks,
	       (unsigned long long)n_crashes);
	free(r.command);
	return n_escapes || n_leaks || n_crashes;
}
