/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "thread.h"

/*
 * Threads that take jobs, for as long as there are any.  A thread is started
 * when there is a job for it and not before, and who has a job to give reserves
 * a thread first.
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
	/*
	 * Called once, before the first thread is started: how many are there
	 * to be at most?  NULL: max.
	 */
	unsigned (*begin)(void *ctx);

	struct lock lock; /* guards all below, and the two above */
	struct bell bell; /* rung for each job, and at the end */
	struct crew_job *jobs;
	unsigned n_jobs;
	unsigned n_idle;     /* threads that wait */
	unsigned n_reserved; /* threads promised, and not given a job yet */
	unsigned n_threads;  /* threads started */
	bool ended;
	struct thread threads[CREW_MAX];
};

#define CREW_OF(work_function, context, most)                             \
	{                                                                 \
		.work = (work_function), .ctx = (context), .max = (most), \
		.lock = LOCK_INIT, .bell = BELL_INIT                      \
	}

/*
 * Is there a thread for one more job?  Starts one if that is allowed.  If so
 * the thread is the caller's until crew_give() or crew_unreserve(): nobody else
 * is promised the same one.
 */
bool crew_reserve(struct crew *crew);

/* There is no job after all: the thread that was reserved is free again. */
void crew_unreserve(struct crew *crew);

/* Have JOB done by the thread that was reserved; it then owns the job. */
void crew_give(struct crew *crew, struct crew_job *job);

/* Take part until all jobs are done, then end the threads. */
void crew_finish(struct crew *crew);
