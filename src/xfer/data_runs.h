/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "fd.h"
#include "range.h"

/* How many runs of data are found before any of them is read. */
#define DATA_RUNS_AHEAD 256

/*
 * Where a file has data.  The runs are found before they are read, because
 * readahead turns unwritten extents into data (XFS).
 */
struct data_runs {
	fd_t fd;	    /* borrowed */
	bool far;	    /* the next hole is worth a long search */
	struct range known; /* the data that was found last, to its end */
	struct range ahead[DATA_RUNS_AHEAD];
	size_t n;	  /* how many are ahead */
	size_t next;	  /* the first that was not returned yet */
	bool is_complete; /* no data follows them */
	bool has_holes;	  /* a hole was found, now or before */
	bool is_unknown;  /* the file system had no answer, now or before */
};

/* Begin anew, at any offset.  What is known of holes stays known. */
void data_runs_begin(struct data_runs *runs);

/* Find, anew, the first DATA_RUNS_AHEAD runs of data inside [OFF, END). */
void data_runs_find(struct data_runs *runs, uint64_t off, uint64_t end);

/*
 * The next run at or after OFF and before END.  OFF is the end of the run that
 * was last returned, and END is the same as then.
 *
 * Returns true with *RET (len > 0), or false if nothing but a hole is left.
 */
bool data_runs_next(struct data_runs *runs, uint64_t off, uint64_t end,
		    struct range *ret);
