/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "thread.h"

/*
 * Threads that take jobs, for as long as there are any.  A thread is started
 * when there is a job for it and not before, and who has a job to give asks
 * first whether anybody is free.
 */

#define CREW_MAX THREADS_MAX

/* A job, part of what it is about. */
struct crew_job {
	struct crew_job *next;
};

struct crew {
	void (*work)(void *ctx, struct crew_job *job); /* done by a thread */
	void *ctx;
	unsigned max; /* threads at a time, the caller's own included */

	struct lock lock; /* guards all below */
	struct bell bell; /* rung for each job, and at the end */
	struct crew_job *jobs;
	unsigned n_jobs;
	unsigned n_idle;    /* threads that wait */
	unsigned n_threads; /* threads started */
	bool ended;
	struct thread threads[CREW_MAX];
};

#define CREW_OF(work_function, context, most)                             \
	{                                                                 \
		.work = (work_function), .ctx = (context), .max = (most), \
		.lock = LOCK_INIT, .bell = BELL_INIT                      \
	}

/*
 * Is there a thread for one more job?  Starts one if that is allowed.  The
 * answer is good for one crew_give().
 */
bool crew_is_free(struct crew *crew);

/* Have JOB done; the thread that does it owns it. */
void crew_give(struct crew *crew, struct crew_job *job);

/* Take part until all jobs are done, then end the threads. */
void crew_finish(struct crew *crew);
