/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "thread.h"

/*
 * A pool of threads that do jobs.  A thread is started only when there is a job
 * for it.  Before a caller passes on a job, it reserves a thread.
 */

#define POOL_MAX THREADS_MAX

/* A job: the first member of a larger struct that describes it. */
struct pool_job {
	struct pool_job *next;
};

/* Work, ctx, max and begin are the caller's; the rest is zero at first. */
struct pool {
	void (*work)(void *ctx, struct pool_job *job); /* run by a thread */
	void *ctx;
	unsigned max; /* threads, including the caller's own */
	/*
	 * Called once, before the first thread is started.  Returns the most
	 * threads to use.  NULL: use max.
	 */
	unsigned (*begin)(void *ctx);

	struct lock lock; /* guards max, begin, and all members below */
	struct bell bell; /* rung for each job, and at the end */
	struct pool_job *jobs;
	unsigned n_jobs;
	unsigned n_idle;     /* waiting threads */
	unsigned n_reserved; /* threads reserved that have no job yet */
	unsigned n_threads;  /* started threads */
	bool ended;
	struct thread threads[POOL_MAX];
};

/*
 * Reserve a thread for one job, and start one if necessary and allowed.  It
 * stays reserved until the caller calls pool_give() or pool_unreserve().
 *
 * Returns whether a thread was reserved.
 */
bool pool_reserve(struct pool *pool);

/* Release the reserved thread: there is no job after all. */
void pool_unreserve(struct pool *pool);

/* Pass JOB, and its ownership, to the reserved thread. */
void pool_give(struct pool *pool, struct pool_job *job);

/* Work on jobs until all are done, then end the threads. */
void pool_finish(struct pool *pool);
