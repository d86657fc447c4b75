/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "observer.h"

/*
 * The line that says how far the run is: on a terminal with -g, drawn again and
 * again; and printed when a signal asks for it.
 */

/* What the line says. */
struct progress_facts {
	uint64_t files;	    /* done */
	uint64_t files_all; /* to be done, as far as known; 0: unknown */
	uint64_t bytes;	    /* done */
	uint64_t bytes_all; /* to be done, as far as known; 0: unknown */
	bool is_counted;    /* nothing else is to be done */
	unsigned percent;   /* of all that; if it is counted */
	uint64_t rate;	    /* bytes per second */
	uint64_t left;	    /* seconds until the end; UINT64_MAX: unknown */
};

/* The longest line, with its NUL. */
#define PROGRESS_TEXT 200

/*
 * Write to TEXT the longest form of the line that is shorter than WIDTH; the
 * empty string if there is none.
 */
void progress_text(const struct progress_facts *facts, unsigned width,
		   char text[PROGRESS_TEXT]);

/* How far a run was. */
struct progress_sample {
	uint64_t at;	  /* clock_ms() */
	uint64_t files;	  /* done */
	uint64_t bytes;	  /* done */
	uint64_t settled; /* the same, with those that needn't be copied */
};

/*
 * How many of them are kept, and how many milliseconds lie between them: rates
 * are those since the oldest.
 */
#define PROGRESS_SAMPLES  16
#define PROGRESS_INTERVAL 1000

struct progress {
	const struct totals *totals; /* borrowed */
	bool is_shown;		     /* the line is on the terminal */
	uint64_t n_samples;
	struct progress_sample samples[PROGRESS_SAMPLES];
};

/* Begin with TOTALS, which are all zeros yet. */
void progress_begin(struct progress *p, const struct totals *totals);

/*
 * Note how far the run is.  Observer.tick calls this.
 *
 * Returns whether a signal has asked for the line.
 */
bool progress_tick(struct progress *p);

/* Print the line, whatever standard error is. */
void progress_print(const struct progress *p);
