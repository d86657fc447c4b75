/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "shot.h"
#include "snap.h"

/* A run, seen from outside. */
struct trial {
	const struct field *field;
	const struct scenario *scenario;
	struct shot shot;
	struct echo echo;
	struct snap src_before;
	struct snap src_after;
	struct snap before;
	struct snap after;
	const struct trial *good; /* the run in which nothing failed */
};

/* Is it right that nothing comes of T's scenario? */
bool judge_is_refused(const struct trial *t);

/*
 * Has the run in which nothing failed done what the scenario says?
 *
 * Returns NULL, or what is wrong.
 */
const char *judge_good(const struct trial *t);

/* Does the program die by SIGKILL in T? */
bool judge_is_killed(const struct trial *t);

/*
 * Is what the run has left one of the states that are allowed after what went
 * wrong in it?
 *
 * Returns NULL, or what is wrong.
 */
const char *judge_shot(const struct trial *t);
