/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "fd.h"
#include "probe_rules.h"

/* What is known of something that was tried or looked at. */
enum trial_answer {
	TRIAL_UNKNOWN,
	TRIAL_NO,
	TRIAL_YES,
};

/*
 * A clone that is made to see whether it can be, from one directory into
 * another.  Nothing is left of it.
 */
struct clone_trial {
	fd_t src_dir;  /* where the source is made */
	int src_nocow; /* its flag, as for scratch_create() */
	fd_t src;      /* if not FD_NONE, it is cloned, and none is made */
	fd_t dst_dir;  /* where the clone is made */

	/* What came of it. */
	enum probe_step step;	  /* that failed, or PROBE_DONE */
	enum probe_side side;	  /* on which it failed */
	int err;		  /* errno, positive; 0 for PROBE_DONE */
	uint64_t size;		  /* bytes that were to be cloned */
	enum trial_answer equal;  /* the clone has the same content */
	enum trial_answer shared; /* it shares the storage of all of it */
	uint64_t align; /* offsets must be multiples of it; 0: unknown */
};

/*
 * Do what T describes: make a source, write it to storage, clone it, compare;
 * then find the alignment of ranges by trying.  The content of a source that is
 * given is not changed.
 *
 * Returns 0, however it ended, with T filled; or -EINTR if interrupted().
 */
int clone_trial_run(struct clone_trial *t);
