/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"
#include "check.h"
#include "pool.h"

/* A job that counts itself as done, in the pool's ctx. */
static void count(void *ctx, struct pool_job *job)
{
	_Atomic unsigned *n_done = ctx;

	(void)job;
	(*n_done)++;
}

/* Wait until N threads of POOL wait; ten seconds are more than enough. */
static void wait_for_idle(struct pool *pool, unsigned n)
{
	unsigned n_idle = 0;

	for (int i = 0; i < 100000 && n_idle < n; i++) {
		usleep(100);
		lock_take(&pool->lock);
		n_idle = pool->n_idle;
		lock_give(&pool->lock);
	}
	check(n_idle >= n);
}

static void one_thread_is_promised_once(void)
{
	_Atomic unsigned n_done = 0;
	struct pool pool = { .work = count, .ctx = &n_done, .max = 2 };
	struct pool_job jobs[2];

	/* It is started by the first asker, and then idle. */
	check(pool_reserve(&pool));
	check(!pool_reserve(&pool));
	pool_give(&pool, &jobs[0]);
	wait_for_idle(&pool, 1);
	check(pool_reserve(&pool));
	check(!pool_reserve(&pool));
	/* Nor while it has a job. */
	pool_give(&pool, &jobs[1]);
	pool_finish(&pool);
	check(n_done == 2);
}

static void what_is_given_back_can_be_had(void)
{
	_Atomic unsigned n_done = 0;
	struct pool pool = { .work = count, .ctx = &n_done, .max = 3 };
	struct pool_job job;

	check(pool_reserve(&pool));
	check(pool_reserve(&pool));
	wait_for_idle(&pool, 2);
	check(!pool_reserve(&pool));
	pool_unreserve(&pool);
	check(pool_reserve(&pool));
	check(!pool_reserve(&pool));
	pool_unreserve(&pool);
	pool_give(&pool, &job);
	pool_finish(&pool);
	check(n_done == 1);
}

static void one_alone_promises_nobody(void)
{
	_Atomic unsigned n_done = 0;
	struct pool pool = { .work = count, .ctx = &n_done, .max = 1 };

	check(!pool_reserve(&pool));
	pool_finish(&pool);
}

/* A job that gives N_MORE of its kind to whoever is free, and does the rest. */
struct more {
	struct pool_job job; /* first: it is what a thread is given */
	struct pool *pool;
	_Atomic unsigned *n_given;
	unsigned n_more;
};

static void do_more(void *ctx, struct pool_job *job)
{
	struct more *more = (struct more *)job;
	_Atomic unsigned *n_done = ctx;

	for (unsigned i = 0; i < more->n_more; i++) {
		struct more *next;

		if (!pool_reserve(more->pool))
			continue;
		if (i % 3 == 0) {
			pool_unreserve(more->pool);
			continue;
		}
		next = malloc(sizeof(*next));
		*next = *more;
		next->n_more--;
		(*more->n_given)++;
		pool_give(more->pool, &next->job);
	}
	(*n_done)++;
	free(more);
}

static void every_job_is_done(void)
{
	_Atomic unsigned n_done = 0;
	_Atomic unsigned n_given = 1;
	struct pool pool = { .work = do_more, .ctx = &n_done, .max = 4 };
	struct more *first = malloc(sizeof(*first));

	*first = (struct more){ .pool = &pool,
				.n_given = &n_given,
				.n_more = 200 };
	check(pool_reserve(&pool));
	pool_give(&pool, &first->job);
	pool_finish(&pool);
	check(n_done == n_given);
	check(pool.n_reserved == 0);
}

int main(void)
{
	test(one_thread_is_promised_once);
	test(what_is_given_back_can_be_had);
	test(one_alone_promises_nobody);
	test(every_job_is_done);
	return tests_end();
}
