/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"
#include "check.h"
#include "crew.h"

/* A job that counts itself as done, in the crew's ctx. */
static void count(void *ctx, struct crew_job *job)
{
	_Atomic unsigned *n_done = ctx;

	(void)job;
	(*n_done)++;
}

/* Wait until N threads of CREW wait; ten seconds are more than enough. */
static void wait_for_idle(struct crew *crew, unsigned n)
{
	unsigned n_idle = 0;

	for (int i = 0; i < 100000 && n_idle < n; i++) {
		usleep(100);
		lock_take(&crew->lock);
		n_idle = crew->n_idle;
		lock_give(&crew->lock);
	}
	check(n_idle >= n);
}

static void one_thread_is_promised_once(void)
{
	_Atomic unsigned n_done = 0;
	struct crew crew = CREW_OF(count, &n_done, 2);
	struct crew_job jobs[2];

	/* It is started by the first asker, and then idle. */
	check(crew_reserve(&crew));
	check(!crew_reserve(&crew));
	crew_give(&crew, &jobs[0]);
	wait_for_idle(&crew, 1);
	check(crew_reserve(&crew));
	check(!crew_reserve(&crew));
	/* Nor while it has a job. */
	crew_give(&crew, &jobs[1]);
	crew_finish(&crew);
	check(n_done == 2);
}

static void what_is_given_back_can_be_had(void)
{
	_Atomic unsigned n_done = 0;
	struct crew crew = CREW_OF(count, &n_done, 3);
	struct crew_job job;

	check(crew_reserve(&crew));
	check(crew_reserve(&crew));
	wait_for_idle(&crew, 2);
	check(!crew_reserve(&crew));
	crew_unreserve(&crew);
	check(crew_reserve(&crew));
	check(!crew_reserve(&crew));
	crew_unreserve(&crew);
	crew_give(&crew, &job);
	crew_finish(&crew);
	check(n_done == 1);
}

static void one_alone_promises_nobody(void)
{
	_Atomic unsigned n_done = 0;
	struct crew crew = CREW_OF(count, &n_done, 1);

	check(!crew_reserve(&crew));
	crew_finish(&crew);
}

/* A job that gives N_MORE of its kind to whoever is free, and does the rest. */
struct more {
	struct crew_job job; /* first: it is what a thread is given */
	struct crew *crew;
	_Atomic unsigned *n_given;
	unsigned n_more;
};

static void do_more(void *ctx, struct crew_job *job)
{
	struct more *more = (struct more *)job;
	_Atomic unsigned *n_done = ctx;

	for (unsigned i = 0; i < more->n_more; i++) {
		struct more *next;

		if (!crew_reserve(more->crew))
			continue;
		if (i % 3 == 0) {
			crew_unreserve(more->crew);
			continue;
		}
		next = malloc(sizeof(*next));
		*next = *more;
		next->n_more--;
		(*more->n_given)++;
		crew_give(more->crew, &next->job);
	}
	(*n_done)++;
	free(more);
}

static void every_job_is_done(void)
{
	_Atomic unsigned n_done = 0;
	_Atomic unsigned n_given = 1;
	struct crew crew = CREW_OF(do_more, &n_done, 4);
	struct more *first = malloc(sizeof(*first));

	*first = (struct more){ .crew = &crew,
				.n_given = &n_given,
				.n_more = 200 };
	check(crew_reserve(&crew));
	crew_give(&crew, &first->job);
	crew_finish(&crew);
	check(n_done == n_given);
	check(crew.n_reserved == 0);
}

int main(void)
{
	test(one_thread_is_promised_once);
	test(what_is_given_back_can_be_had);
	test(one_alone_promises_nobody);
	test(every_job_is_done);
	return tests_end();
}
