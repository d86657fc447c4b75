/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "probe_rules.h"

/* The words of --probe: names for programs, and texts for people. */

/* A step that failed. */
struct probe_step_words {
	const char *name; /* for programs */
	const char *call; /* that failed, with an errno; NULL: nothing did */
	const char *text; /* what it means; %: which side it was on */
};

extern const struct probe_step_words probe_steps[PROBE_STEP_MAX];

/* Advice; both are NULL for ADVICE_NONE. */
struct probe_advice_words {
	const char *name; /* for programs */
	const char *text; /* at most 61 characters: it fits into 80 columns */
};

extern const struct probe_advice_words probe_advices[ADVICE_MAX];
