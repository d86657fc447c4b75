/* SPDX-License-Identifier: BSD-2-Clause */
#include "turns.h"

static void hear_threads(void *ctx)
{
	struct turns *t = ctx;

	lock_take(&t->lock);
	t->obs->threads(t->obs->ctx);
	lock_give(&t->lock);
}

static void hear_done(void *ctx, const struct job *job,
		      const struct outcome *outcome)
{
	struct turns *t = ctx;

	lock_take(&t->lock);
	t->obs->done(t->obs->ctx, job, outcome);
	lock_give(&t->lock);
}

static void hear_range_done(void *ctx, const struct job *job,
			    const struct range_outcome *outcome)
{
	struct turns *t = ctx;

	lock_take(&t->lock);
	t->obs->range_done(t->obs->ctx, job, outcome);
	lock_give(&t->lock);
}

static void hear_ranges_stopped(void *ctx, const struct job *job,
				const struct ranges_stop *stop)
{
	struct turns *t = ctx;

	lock_take(&t->lock);
	t->obs->ranges_stopped(t->obs->ctx, job, stop);
	lock_give(&t->lock);
}

static void hear_fault(void *ctx, const struct job *job,
		       const struct fault *fault, enum severity severity,
		       const char *detail)
{
	struct turns *t = ctx;

	lock_take(&t->lock);
	t->obs->fault(t->obs->ctx, job, fault, severity, detail);
	lock_give(&t->lock);
}

static bool hear_ask(void *ctx, const struct job *job,
		     const struct question *question)
{
	struct turns *t = ctx;
	bool yes;

	lock_take(&t->lock);
	yes = t->obs->ask(t->obs->ctx, job, question);
	lock_give(&t->lock);
	return yes;
}

struct observer turns_observer(struct turns *turns)
{
	return (struct observer){
		.ctx = turns,
		.threads = hear_threads,
		.done = hear_done,
		.range_done = hear_range_done,
		.ranges_stopped = hear_ranges_stopped,
		.fault = hear_fault,
		.ask = hear_ask,
	};
}
