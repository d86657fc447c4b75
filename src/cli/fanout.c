/* SPDX-License-Identifier: BSD-2-Clause */
#include "fanout.h"

/* Call MEMBER of each observer that has it. */
#define TELL(ctx, member, ...)                                               \
	do {                                                                 \
		const struct fanout *all = (ctx);                            \
                                                                             \
		for (size_t i = 0; i < all->n; i++)                          \
			if (all->to[i].member)                               \
				all->to[i].member(all->to[i].ctx __VA_OPT__( \
					, ) __VA_ARGS__);                    \
	} while (0)

static void on_threads(void *ctx)
{
	TELL(ctx, threads);
}

static void on_tick(void *ctx)
{
	TELL(ctx, tick);
}

static void on_begin(void *ctx, const struct job *job)
{
	TELL(ctx, begin, job);
}

static void on_made(void *ctx, const struct job *job, const struct outcome *out)
{
	TELL(ctx, made, job, out);
}

static void on_end(void *ctx, const struct job *job, const struct outcome *out)
{
	TELL(ctx, end, job, out);
}

static void on_range_done(void *ctx, const struct job *job,
			  const struct range_outcome *out)
{
	TELL(ctx, range_done, job, out);
}

static void on_ranges_stopped(void *ctx, const struct job *job,
			      const struct ranges_stop *stop)
{
	TELL(ctx, ranges_stopped, job, stop);
}

static void on_space(void *ctx, const struct plan_space *space)
{
	TELL(ctx, space, space);
}

static void on_fault(void *ctx, const struct job *job,
		     const struct fault *fault, enum severity severity,
		     const char *detail)
{
	TELL(ctx, fault, job, fault, severity, detail);
}

static bool on_ask(void *ctx, const struct job *job,
		   const struct question *question)
{
	const struct fanout *fanout = ctx;

	return fanout->to[0].ask(fanout->to[0].ctx, job, question);
}

void fanout_add(struct fanout *fanout, struct observer obs)
{
	fanout->to[fanout->n++] = obs;
}

struct observer fanout_observer(struct fanout *fanout)
{
	struct observer all = {
		.ctx = fanout,
		.threads = on_threads,
		.ranges_stopped = on_ranges_stopped,
		.space = on_space,
		.fault = on_fault,
		.ask = on_ask,
	};

	if (fanout->n == 1)
		return fanout->to[0];
	for (size_t i = 0; i < fanout->n; i++) {
		const struct observer *obs = &fanout->to[i];

		all.tick = obs->tick ? on_tick : all.tick;
		all.begin = obs->begin ? on_begin : all.begin;
		all.made = obs->made ? on_made : all.made;
		all.end = obs->end ? on_end : all.end;
		all.range_done =
			obs->range_done ? on_range_done : all.range_done;
	}
	return all;
}
