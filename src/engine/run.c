/* SPDX-License-Identifier: BSD-2-Clause */
#include "run.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

#include "clock.h"
#include "interrupt.h"

void run_threads(const struct run *run)
{
	lock_take(run->turn);
	run->obs->threads(run->obs->ctx);
	lock_give(run->turn);
}

void run_tick(struct run *run)
{
	uint64_t due = run->tick_due;
	uint64_t now;

	if (!run->obs->tick)
		return;
	now = clock_ms();
	if (now < due || !atomic_compare_exchange_strong(&run->tick_due, &due,
							 now + OBSERVER_TICK))
		return;
	lock_take(run->turn);
	run->obs->tick(run->obs->ctx);
	lock_give(run->turn);
}

void run_begin(struct run *run, struct job *job)
{
	run_tick(run);
	job->number = ++run->totals->n_begun;
	if (!run->obs->begin)
		return;
	lock_take(run->turn);
	run->obs->begin(run->obs->ctx, job);
	lock_give(run->turn);
}

void run_made(const struct run *run, const struct job *job,
	      const struct outcome *outcome)
{
	if (!run->obs->made)
		return;
	lock_take(run->turn);
	run->obs->made(run->obs->ctx, job, outcome);
	lock_give(run->turn);
}

/* Most counts are 0, and threads share the totals. */
static void add(_Atomic uint64_t *total, uint64_t n)
{
	if (n > 0)
		*total += n;
}

void run_end(const struct run *run, const struct job *job,
	     const struct outcome *outcome)
{
	const struct counts *counts = &outcome->counts;

	if (outcome->what != OUTCOME_FAILED) {
		add(&run->totals->cloned, counts->cloned);
		add(&run->totals->offloaded, counts->offloaded);
		add(&run->totals->copied, counts->copied);
		add(&run->totals->holes, counts->holes);
	}
	if (!run->obs->end)
		return;
	lock_take(run->turn);
	run->obs->end(run->obs->ctx, job, outcome);
	lock_give(run->turn);
}

void run_range_done(const struct run *run, const struct job *job,
		    const struct range_outcome *outcome)
{
	if (!run->obs->range_done)
		return;
	lock_take(run->turn);
	run->obs->range_done(run->obs->ctx, job, outcome);
	lock_give(run->turn);
}

void run_ranges_stopped(const struct run *run, const struct job *job,
			const struct ranges_stop *stop)
{
	lock_take(run->turn);
	run->obs->ranges_stopped(run->obs->ctx, job, stop);
	lock_give(run->turn);
}

void run_space(const struct run *run, const struct plan_space *space)
{
	if (!run->obs->space)
		return;
	lock_take(run->turn);
	run->obs->space(run->obs->ctx, space);
	lock_give(run->turn);
}

bool run_ask(const struct run *run, const struct job *job,
	     const struct question *question)
{
	bool yes;

	lock_take(run->turn);
	yes = run->obs->ask(run->obs->ctx, job, question);
	lock_give(run->turn);
	return yes;
}

static void tell(const struct run *run, const struct job *job,
		 const struct fault *fault, enum severity severity,
		 const char *detail)
{
	lock_take(run->turn);
	run->obs->fault(run->obs->ctx, job, fault, severity, detail);
	lock_give(run->turn);
}

void run_fail(struct run *run, const struct job *job, const struct fault *fault,
	      const char *detail)
{
	struct fault told = *fault;

	/* The program will end by the signal, which says enough. */
	if (told.err == EINTR && interrupted())
		told.op = FAULT_INTERRUPTED;
	run->totals->n_failed++;
	tell(run, job, &told, SEVERITY_FAILURE, detail);
}

int run_fault(struct run *run, const struct job *job, enum fault_op op,
	      enum fault_obj obj, int r)
{
	struct fault fault;

	(void)fault_set(&fault, op, obj, r);
	run_fail(run, job, &fault, NULL);
	return r;
}

void run_warn(const struct run *run, const struct job *job,
	      const struct fault *fault, const char *detail)
{
	tell(run, job, fault, SEVERITY_WARNING, detail);
}
