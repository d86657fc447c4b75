/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * torture [-ql] [-F | -T] [-s NAME] [-n N] [-e ERRNO] [-m HOW] FAULTY DIR...
 *
 * In each DIR, which is empty (or SRCDIR:DSTDIR, two of them), each scenario
 * is run once as it is, and then with its 1st call going wrong, with its 2nd,
 * and so on: in every way that is plausible for that call.  After each run the
 * files are looked at (judge.c).
 *
 * What fails is told with all that it takes to run it again: -s, -n, -e, -m
 * keep to one scenario, call ("c1": the child's first), errno, way.  -q tries
 * one errno a call; -l kills none (a sanitizer looks at what comes to its end);
 * -F keeps to scenarios with single files, -T to those with trees.  Last line
 * "N passed, N failed"; exit 0 if none failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "judge.h"
#include "kinds.h"
#include "prepare.h"
#include "ranges.h"
#include "tool.h"

/* So many are told at length. */
#define TOLD_MAX 1000

/* What the command line keeps to. */
static struct {
	const char *scenario;
	enum call_who who;
	unsigned n;
	enum call_how how;
	int err;
	bool quick;
	bool living; /* not those that are killed */
	bool files;  /* scenarios with single files only */
	bool trees;  /* the others only */
} only;

static unsigned n_passed;
static unsigned n_failed;

static void tell(const struct trial *t, const char *wrong)
{
	const struct shot *s = &t->shot;

	if (n_failed > TOLD_MAX)
		return;
	if (s->n == 0)
		printf("FAILED %s in %s: %s\n", t->scenario->name,
		       t->field->name, wrong);
	else
		printf("FAILED -s %s -n %s%u -m %s -e %s %s (%s): %s\n",
		       t->scenario->name, s->who == WHO_CHILD ? "c" : "", s->n,
		       how_name(s->how), s->err ? strerrorname_np(s->err) : "0",
		       t->field->name, kind_get(t->echo.hit)->name, wrong);
	printf("    wait status %d, said: %s\n", t->echo.status,
	       t->echo.err[0] ? t->echo.err : "nothing");
}

static void count(const struct trial *t, const char *wrong)
{
	if (!wrong) {
		n_passed++;
		return;
	}
	n_failed++;
	tell(t, wrong);
}

/* The source as the last run has left it. */
static struct snap src_now;

/* Run one; what was seen is in *T, whose src_before is there. */
static void run(struct trial *t)
{
	prepare_empty(t->field->dst);
	prepare_old(t->field->dst, t->scenario);
	snap_take(t->field->dst, &t->before);
	shot_run(&t->shot, &t->echo);
	snap_take(t->field->dst, &t->after);
	snap_take(t->field->src, &t->src_after);
}

/* Did a call of the kind that was hit follow? */
static bool comes_again(const struct trial *t)
{
	const struct call_log *log = shot_log();

	for (enum call_who who = 0; who < WHO_MAX; who++) {
		/* The two run at the same time: whose came later is unknown. */
		unsigned i = who == t->shot.who ? t->shot.n : 0;

		for (; i < log->by[who].n && i < CALL_LOG_MAX; i++)
			if (log->by[who].kind[i] == t->echo.hit)
				return true;
	}
	return false;
}

/* What the run without a failure has called. */
static struct call_log good_log;

static bool is_as_good(const struct call_log *log, const struct shot *shot)
{
	unsigned n = shot->n;

	return n <= log->by[shot->who].n &&
	       log->by[shot->who].kind[n - 1] ==
		       good_log.by[shot->who].kind[n - 1];
}

/*
 * Is SHOT's call another one than it was, though nothing has failed?  The list
 * of mounts, which reports take names from, gets longer and shorter by what
 * others mount: then there are more reads of it, or fewer.
 */
static bool has_moved(const struct trial *good, const struct shot *shot)
{
	static struct trial t;

	t = *good;
	t.shot = (struct shot){ .who = WHO_PROGRAM };
	run(&t);
	src_now = t.src_after;
	return !is_as_good(shot_log(), shot);
}

/* Returns whether a call of the same kind came after the one that was hit. */
static bool try(const struct trial *good, const struct shot *shot)
{
	static struct trial t;
	bool again;

	if ((only.err && shot->err != only.err) ||
	    (only.how && shot->how != only.how))
		return true;
	t = *good;
	t.good = good;
	t.shot = *shot;
	t.src_before = src_now;
	run(&t);
	src_now = t.src_after;
	again = comes_again(&t);
	/* Another errno can make a run shorter, so that it isn't reached. */
	if (t.echo.hit == KIND_NONE && good->scenario->flags & THREADS)
		count(&t, NULL);
	else if (t.echo.hit != good_log.by[shot->who].kind[shot->n - 1] &&
		 !(good->scenario->flags & THREADS) && has_moved(good, shot))
		count(&t, NULL);
	else if (t.echo.hit == KIND_NONE)
		count(&t, "the call was not reached");
	else
		count(&t, judge_shot(&t));
	return again;
}

static void try_errnos(const struct trial *good, struct shot shot,
		       enum call_kind kind)
{
	/* What call it will be is not known. */
	static const int threads[] = { EIO, 0 };
	const int *e = good->scenario->flags & THREADS ? threads
						       : kind_get(kind)->errs;
	size_t n = 0;

	/* With trees there are calls enough for a different one each. */
	while (e[n])
		n++;
	if (only.quick && good->scenario->result == RESULT_TREES)
		e += shot.n % n;
	for (; *e; e++) {
		bool again;

		shot.err = *e;
		shot.how = HOW_ONCE;
		again = try(good, &shot);
		shot.how = HOW_STICKY;
		/* A signal ends one call, not each. */
		if (again && *e != EINTR)
			(void)try(good, &shot);
		if (only.quick)
			break;
	}
}

/* The ways of a clone to go wrong beside refusing. */
static void try_clone_ways(const struct trial *good, struct shot shot)
{
	static const int halfway[] = { ENOSPC, EIO, EINTR, EOPNOTSUPP };
	static const int grown[] = { EOPNOTSUPP, EINVAL, EIO };

	shot.how = HOW_PARTLY;
	(void)try(good, &shot);
	for (size_t i = 0; i < 2 * sizeof(halfway) / sizeof(halfway[0]); i++) {
		shot.how = i % 2 ? HOW_HALFWAY : HOW_TICK;
		shot.err = halfway[i / 2];
		(void)try(good, &shot);
	}
	for (size_t i = 0; i < sizeof(grown) / sizeof(grown[0]); i++) {
		bool again;

		shot.err = grown[i];
		shot.how = HOW_GROWN;
		again = try(good, &shot);
		shot.how = HOW_GROWNS;
		if (again)
			(void)try(good, &shot);
	}
}

static void try_ways(const struct trial *good, struct shot shot,
		     enum call_kind kind)
{
	bool trees = good->scenario->result == RESULT_TREES;

	/* With single files all of it is tried. */
	if (trees && only.quick)
		return;
	shot.how = HOW_KILL;
	if (!only.living)
		(void)try(good, &shot);
	if (trees) {
		shot.how = HOW_TERM;
		(void)try(good, &shot);
		return;
	}
	if (kind_transfers(kind)) {
		shot.how = HOW_SHORT;
		(void)try(good, &shot);
		shot.how = HOW_SHORTS;
		(void)try(good, &shot);
	}
	if (kind == KIND_read && good->scenario->result == RESULT_RANGES) {
		shot.how = HOW_ENDS;
		(void)try(good, &shot);
	}
	if (kind == KIND_FICLONE || kind == KIND_FICLONERANGE)
		try_clone_ways(good, shot);
	if (shot.who == WHO_CHILD)
		return;
	shot.how = HOW_TERM;
	(void)try(good, &shot);
	shot.how = HOW_INTR;
	if (kind_waits(kind))
		(void)try(good, &shot);
}

static void try_calls(const struct trial *good)
{
	const struct call_log *log = &good_log;
	struct shot shot = { .who = WHO_PROGRAM };

	for (; shot.who < WHO_MAX; shot.who++) {
		unsigned n = log->by[shot.who].n;

		if (n > CALL_LOG_MAX)
			die_plain("%s: too many calls", good->scenario->name);
		for (shot.n = 1; shot.n <= n; shot.n++) {
			enum call_kind kind =
				log->by[shot.who].kind[shot.n - 1];

			if (only.n &&
			    (only.n != shot.n || only.who != shot.who))
				continue;
			if (kind == KIND_NONE)
				die_plain("an ioctl that is not known");
			try_errnos(good, shot, kind);
			try_ways(good, shot, kind);
		}
	}
}

/* Both files are looked at, so they have to be there. */
static void expect_ranges(const struct trial *t)
{
	prepare_empty(t->field->dst);
	prepare_old(t->field->dst, t->scenario);
	if (judge_is_refused(t))
		ranges_expect_nothing(t);
	else
		ranges_expect(t);
}

static void run_scenario(const struct field *field,
			 const struct scenario *scenario)
{
	static struct trial good;
	const char *wrong;

	if (scenario->flags & ONE_FS && !field->one_fs)
		return;
	if (scenario->result == RESULT_TREES && scenario->flags & ALWAYS &&
	    !field->clones)
		return;
	prepare_empty(field->src);
	if (!prepare_source(field->src, scenario))
		return;
	good.field = field;
	good.scenario = scenario;
	good.good = NULL;
	good.shot = (struct shot){ .who = WHO_PROGRAM };
	if (scenario->result == RESULT_RANGES)
		expect_ranges(&good);
	snap_take(field->src, &good.src_before);
	shot_begin(field, scenario);
	run(&good);
	src_now = good.src_after;
	good_log = *shot_log();
	wrong = judge_good(&good);
	count(&good, wrong);
	if (!wrong)
		try_calls(&good);
	shot_end();
}

/* Does a clone from one directory to the other work? */
static bool can_clone(const struct field *field)
{
	int src = openat(field->src, "probe", O_RDWR | O_CREAT, 0600);
	int dst = openat(field->dst, "probe2", O_RDWR | O_CREAT, 0600);
	bool yes;

	if (src < 0 || dst < 0 || ftruncate(src, 4096) < 0)
		die("%s", field->name);
	yes = ioctl(dst, FICLONE, src) == 0;
	close(src);
	close(dst);
	return yes;
}

static int make_directory(const char *parent, const char *name, char *ret_path)
{
	char real[4000];

	if (strlen(parent) >= sizeof(real) || !realpath(parent, ret_path))
		die("%s", parent);
	(void)snprintf(real, sizeof(real), "%.3900s", ret_path);
	(void)snprintf(ret_path, 4096, "%s/%s", real, name);
	if (mkdir(ret_path, 0755) < 0 && errno != EEXIST)
		die("%s", ret_path);
	return open_or_die(ret_path, O_RDONLY | O_DIRECTORY);
}

static void open_field(const char *name, struct field *ret)
{
	char parent[4000];
	const char *colon = strchr(name, ':');
	struct stat s;
	struct stat d;

	*ret = (struct field){ .name = name };
	(void)snprintf(parent, sizeof(parent), "%.*s",
		       (int)(colon ? colon - name : 3999), name);
	ret->src = make_directory(parent, "s", ret->src_path);
	ret->dst = make_directory(colon ? colon + 1 : name, "d", ret->dst_path);
	if (fstat(ret->src, &s) < 0 || fstat(ret->dst, &d) < 0)
		die("%s", name);
	ret->one_fs = s.st_dev == d.st_dev;
	ret->clones = can_clone(ret);
}

static void close_field(const struct field *field)
{
	prepare_empty(field->src);
	prepare_empty(field->dst);
	close(field->src);
	close(field->dst);
	if (rmdir(field->src_path) < 0 || rmdir(field->dst_path) < 0)
		die("%s", field->name);
}

static bool is_left_out(const struct scenario *scenario)
{
	bool trees = scenario->result == RESULT_TREES;

	if (only.scenario)
		return strcmp(only.scenario, scenario->name) != 0;
	return trees ? only.files : only.trees;
}

static void run_field(const char *name)
{
	static struct field field;
	unsigned before = n_passed + n_failed;
	int64_t began = now_ms();
	bool found = false;

	open_field(name, &field);
	for (size_t i = 0; i < n_scenarios; i++) {
		if (is_left_out(&scenarios[i]))
			continue;
		found = true;
		run_scenario(&field, &scenarios[i]);
	}
	close_field(&field);
	if (!found)
		die_plain("'%s' is no scenario", only.scenario);
	printf("%s: %u runs in %lld ms\n", name, n_passed + n_failed - before,
	       (long long)(now_ms() - began));
}

static void parse(int opt)
{
	switch (opt) {
	case 'q':
		only.quick = true;
		break;
	case 'l':
		only.living = true;
		break;
	case 'F':
		only.files = true;
		break;
	case 'T':
		only.trees = true;
		break;
	case 's':
		only.scenario = optarg;
		break;
	case 'n':
		only.who = *optarg == 'c' ? WHO_CHILD : WHO_PROGRAM;
		only.n = (unsigned)atoi(optarg + (*optarg == 'c'));
		break;
	case 'e':
		only.err = strcmp(optarg, "0") == 0 ? 0 : errno_parse(optarg);
		break;
	case 'm':
		only.how = how_parse(optarg);
		break;
	default:
		die_plain("usage: torture [-ql] [-F | -T] [-s NAME] [-n N] "
			  "[-e ERRNO] [-m HOW] FAULTY DIR...");
	}
}

int main(int argc, char **argv)
{
	int opt;

	while ((opt = getopt(argc, argv, "qlFTs:n:e:m:")) != -1)
		parse(opt);
	if (argc - optind < 2)
		parse('?');
	/* The modes that are compared are those that were asked for. */
	(void)umask(022);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	shot_load(argv[optind]);
	for (int i = optind + 1; i < argc; i++)
		run_field(argv[i]);
	printf("%u passed, %u failed\n", n_passed, n_failed);
	return n_failed > 0;
}
