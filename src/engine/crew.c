/* SPDX-License-Identifier: BSD-2-Clause */
#include "crew.h"

#include "base.h"

/*
 * Take a job; wait for one while any thread may still give one.  Returns NULL
 * at the end.
 */
static struct crew_job *take(struct crew *crew)
{
	struct crew_job *job;

	lock_take(&crew->lock);
	while (!crew->jobs && !crew->ended) {
		/* All started threads, and the caller's, are idle. */
		if (crew->n_idle == crew->n_threads) {
			crew->ended = true;
			bell_ring_all(&crew->bell);
			break;
		}
		crew->n_idle++;
		bell_wait(&crew->bell, &crew->lock);
		crew->n_idle--;
	}
	job = crew->jobs;
	if (job) {
		crew->jobs = job->next;
		crew->n_jobs--;
	}
	lock_give(&crew->lock);
	return job;
}

static void *run(void *arg)
{
	struct crew *crew = arg;
	struct crew_job *job;

	while ((job = take(crew)))
		crew->work(crew->ctx, job);
	return NULL;
}

/* Prepare for threads, before the first one. */
static void begin(struct crew *crew)
{
	unsigned (*most)(void *ctx) = TAKE_PTR(crew->begin);
	unsigned n = most ? most(crew->ctx) : crew->max;

	if (n < crew->max)
		crew->max = n;
}

/* Called with the lock held. */
static bool start_one(struct crew *crew)
{
	begin(crew);
	if (crew->n_threads + 1 >= crew->max || crew->n_threads == CREW_MAX)
		return false;
	if (thread_start(&crew->threads[crew->n_threads], run, crew) < 0) {
		crew->max = crew->n_threads + 1;
		return false;
	}
	crew->n_threads++;
	return true;
}

bool crew_reserve(struct crew *crew)
{
	bool is_free;

	if (crew->max <= 1)
		return false;
	lock_take(&crew->lock);
	is_free = crew->n_jobs + crew->n_reserved < crew->n_idle ||
		  start_one(crew);
	if (is_free)
		crew->n_reserved++;
	lock_give(&crew->lock);
	return is_free;
}

void crew_unreserve(struct crew *crew)
{
	lock_take(&crew->lock);
	crew->n_reserved--;
	lock_give(&crew->lock);
}

void crew_give(struct crew *crew, struct crew_job *job)
{
	lock_take(&crew->lock);
	crew->n_reserved--;
	job->next = crew->jobs;
	crew->jobs = job;
	crew->n_jobs++;
	bell_ring(&crew->bell);
	lock_give(&crew->lock);
}

void crew_finish(struct crew *crew)
{
	(void)run(crew);
	for (unsigned i = 0; i < crew->n_threads; i++)
		thread_join(&crew->threads[i]);
}
