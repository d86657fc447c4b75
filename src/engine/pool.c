/* SPDX-License-Identifier: BSD-2-Clause */
#include "pool.h"

#include "base.h"

/* Take a job, or wait while any thread may still give one.  NULL: the end. */
static struct pool_job *take(struct pool *pool)
{
	struct pool_job *job;

	lock_take(&pool->lock);
	while (!pool->jobs && !pool->ended) {
		/* All started threads, and the caller's, are idle. */
		if (pool->n_idle == pool->n_threads) {
			pool->ended = true;
			bell_ring_all(&pool->bell);
			break;
		}
		pool->n_idle++;
		bell_wait(&pool->bell, &pool->lock);
		pool->n_idle--;
	}
	job = pool->jobs;
	if (job) {
		pool->jobs = job->next;
		pool->n_jobs--;
	}
	lock_give(&pool->lock);
	return job;
}

static void *run(void *arg)
{
	struct pool *pool = arg;
	struct pool_job *job;

	while ((job = take(pool)))
		pool->work(pool->ctx, job);
	return NULL;
}

static void begin(struct pool *pool)
{
	unsigned (*most)(void *ctx) = TAKE_PTR(pool->begin);
	unsigned n = most ? most(pool->ctx) : pool->max;

	if (n < pool->max)
		pool->max = n;
}

/* Called with the lock held. */
static bool start_one(struct pool *pool)
{
	begin(pool);
	if (pool->n_threads + 1 >= pool->max || pool->n_threads == POOL_MAX)
		return false;
	if (thread_start(&pool->threads[pool->n_threads], run, pool) < 0) {
		pool->max = pool->n_threads + 1;
		return false;
	}
	pool->n_threads++;
	return true;
}

bool pool_reserve(struct pool *pool)
{
	bool is_free;

	if (pool->max <= 1)
		return false;
	lock_take(&pool->lock);
	is_free = pool->n_jobs + pool->n_reserved < pool->n_idle ||
		  start_one(pool);
	if (is_free)
		pool->n_reserved++;
	lock_give(&pool->lock);
	return is_free;
}

void pool_unreserve(struct pool *pool)
{
	lock_take(&pool->lock);
	pool->n_reserved--;
	lock_give(&pool->lock);
}

void pool_give(struct pool *pool, struct pool_job *job)
{
	lock_take(&pool->lock);
	pool->n_reserved--;
	job->next = pool->jobs;
	pool->jobs = job;
	pool->n_jobs++;
	bell_ring(&pool->bell);
	lock_give(&pool->lock);
}

void pool_finish(struct pool *pool)
{
	(void)run(pool);
	for (unsigned i = 0; i < pool->n_threads; i++)
		thread_join(&pool->threads[i]);
}
