/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "failcall.h"
#include "scenarios.h"

/* Runs of the program, with one call that goes wrong in each. */

/* Where: a directory for sources, one for destinations. */
struct field {
	const char *name; /* as it was given on the command line */
	char src_path[4096];
	char dst_path[4096];
	int src;
	int dst;
	bool clones; /* from one to the other */
	bool one_fs; /* hard links are possible */
};

/* The report of --json=FILE goes there. */
#define REPORT "/proc/self/fd/8"

/* What was seen of it. */
struct echo {
	int status; /* of wait(2) */
	bool hung;  /* it had to be killed */
	enum call_kind hit;
	unsigned n_left_open;	     /* descriptors, when it exited */
	char observer[OBSERVER_MAX]; /* what watch.c has found */
	/* The beginning of standard output, error, and what is in REPORT. */
	char out[8192];
	char err[32768];
	char report[32768];
};

/* Once, before the others.  The program at PATH is what is run. */
void shot_load(const char *path);

/* What is run from now on: SCENARIO in FIELD.  Each has a shot_end(). */
void shot_begin(const struct field *field, const struct scenario *scenario);
void shot_end(void);

/* Run it. */
void shot_run(const struct shot *shot, struct echo *ret);

/* What the last run called. */
const struct call_log *shot_log(void);

/* How many calls of KIND has SHOT's process made in the last run, before it? */
unsigned shot_count_before(const struct shot *shot, enum call_kind kind);
