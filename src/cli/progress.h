/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "ahead.h"
#include "cmdline.h"
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
	const struct policy *policy;	 /* borrowed */
	const struct operands *operands; /* borrowed */
	const struct totals *totals;	 /* borrowed */
	struct ahead ahead;
	bool is_wanted;	  /* -g, and the terminal can draw it */
	bool is_asked;	  /* a signal asks for it now */
	unsigned columns; /* of the terminal now; 0: don't draw it */
	bool is_shown;	  /* it is on the terminal */
	uint64_t n_samples;
	struct progress_sample samples[PROGRESS_SAMPLES];
};

/*
 * Begin with a run of POLICY and OPERANDS.  TOTALS are all zeros yet.  All of
 * them must outlive P.
 */
void progress_begin(struct progress *p, const struct policy *policy,
		    const struct operands *operands,
		    const struct totals *totals);

/*
 * Note how far the run is.  Observer.tick calls this.
 *
 * Returns whether to call progress_show().
 */
bool progress_tick(struct progress *p);

/*
 * Draw the line, or print it if a signal has asked for it.  The first time it is
 * drawn, a thread is started that counts ahead.
 */
void progress_show(struct progress *p);

/*
 * Clear the line: something else is to be printed.  Another job that has got the
 * terminal meanwhile has printed there itself.
 */
void progress_hide(struct progress *p);

/* The run has ended.  Only the first thread may call this. */
void progress_end(struct progress *p);
