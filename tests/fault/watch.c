/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An observer in front of the program's own (ld --wrap): does the engine keep
 * what observer.h promises?  What it finds goes to the log, so that no failure
 * of any call escapes it.
 */
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "failcall.h"
#include "interrupt.h"
#include "observer.h"
#include "session.h"

/* By no malloc(3): that would be counted, and made to fail. */
#define N_THINGS 8192
#define N_TEXT	 (1 << 22)

struct thing {
	enum {
		UNSEEN,
		BEGUN,
		MADE,
		ENDED
	} state;
	unsigned n_failures; /* faults that count */
	const char *dst;
};

static struct {
	const struct observer *obs; /* who else listens */
	atomic_flag busy;
	uint64_t n; /* things begun */
	uint64_t n_failures;
	uint64_t bytes; /* of files that were made */
	struct thing v[N_THINGS];
	char *text; /* N_TEXT bytes, which no leak checker reads */
	size_t used;
} watch = { .busy = ATOMIC_FLAG_INIT };

static void complain(const char *wrong, const struct job *job)
{
	char *to = failcall_log()->observer;

	/* The first is the cause of the others. */
	if (!*to)
		(void)snprintf(to, OBSERVER_MAX, "observer: %ju, %s: %s",
			       (uintmax_t)job->number, job->dst, wrong);
}

static void enter(const struct job *job)
{
	if (atomic_flag_test_and_set(&watch.busy))
		complain("two calls at a time", job);
}

static void leave(void)
{
	atomic_flag_clear(&watch.busy);
}

static const char *keep(const char *text)
{
	size_t size = strlen(text) + 1;
	char *kept = watch.text + watch.used;

	if (size > N_TEXT - watch.used)
		return "";
	watch.used += size;
	return memcpy(kept, text, size);
}

/* The thing JOB, which must be open. */
static struct thing *find(const struct job *job)
{
	static struct thing none = { .dst = "" };
	struct thing *t = &watch.v[job->number % N_THINGS];

	if (job->number == 0 || job->number > watch.n ||
	    (t->state != BEGUN && t->state != MADE)) {
		complain("it is not open", job);
		return &none;
	}
	return t;
}

/* The same if it is told by its own name. */
static struct thing *find_named(const struct job *job)
{
	struct thing *t = find(job);

	if (strcmp(t->dst, job->dst) != 0)
		complain("it has begun as another", job);
	return t;
}

static void on_begin(void *ctx, const struct job *job)
{
	struct thing *t = &watch.v[job->number % N_THINGS];

	enter(job);
	(void)ctx;
	/* Two threads may be told of in the other order. */
	if (job->number == 0 || job->number >= N_THINGS || t->state != UNSEEN)
		complain("it has begun before", job);
	if (job->number > watch.n)
		watch.n = job->number;
	t->state = BEGUN;
	t->dst = keep(job->dst);
	if (!*job->src || !*t->dst)
		complain("it has no names", job);
	leave();
}

static void on_made(void *ctx, const struct job *job, const struct outcome *out)
{
	struct thing *t;

	enter(job);
	(void)ctx;
	t = find_named(job);
	if (t->state == MADE)
		complain("it was made before", job);
	t->state = MADE;
	if (watch.obs->made)
		watch.obs->made(watch.obs->ctx, job, out);
	leave();
}

/* Does PATH lie in the directory DIR? */
static bool is_in(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && path[len] == '/';
}

/* Has something in DIR begun, and is not made yet? */
static bool is_begun_in(const char *dir)
{
	for (uint64_t i = 1; i <= watch.n; i++)
		if (watch.v[i].state == BEGUN && is_in(watch.v[i].dst, dir))
			return true;
	return false;
}

/* Has a directory of --parents failed, so that PATH can't be made? */
static bool has_failed_above(const char *path)
{
	for (uint64_t i = 1; i <= watch.n; i++)
		if (watch.v[i].n_failures > 0 && is_in(path, watch.v[i].dst))
			return true;
	return false;
}

static bool is_made(enum outcome_what what)
{
	return what != OUTCOME_FAILED && what != OUTCOME_EXISTING &&
	       what != OUTCOME_SKIPPED && what != OUTCOME_REPEATED;
}

static void on_end(void *ctx, const struct job *job, const struct outcome *out)
{
	struct thing *t;

	enter(job);
	(void)ctx;
	t = find_named(job);
	if (out->what == OUTCOME_FAILED && t->n_failures == 0 &&
	    !has_failed_above(job->dst) && !interrupted())
		complain("it has failed without a fault", job);
	if (out->what != OUTCOME_FAILED &&
	    is_made(out->what) != (t->state == MADE))
		complain("it ends as what it is not", job);
	if ((out->what == OUTCOME_DIRECTORY || out->what == OUTCOME_EXISTING) &&
	    is_begun_in(job->dst))
		complain("it ends before what is in it", job);
	t->state = ENDED;
	if (out->what != OUTCOME_FAILED)
		watch.bytes += out->counts.cloned + out->counts.offloaded +
			       out->counts.copied + out->counts.holes;
	if (watch.obs->end)
		watch.obs->end(watch.obs->ctx, job, out);
	leave();
}

static void on_range_done(void *ctx, const struct job *job,
			  const struct range_outcome *out)
{
	enter(job);
	(void)ctx;
	find_named(job)->state = ENDED;
	if (watch.obs->range_done)
		watch.obs->range_done(watch.obs->ctx, job, out);
	leave();
}

static void on_ranges_stopped(void *ctx, const struct job *job,
			      const struct ranges_stop *stop)
{
	enter(job);
	(void)ctx;
	find_named(job)->state = ENDED;
	watch.obs->ranges_stopped(watch.obs->ctx, job, stop);
	leave();
}

static void on_fault(void *ctx, const struct job *job,
		     const struct fault *fault, enum severity severity,
		     const char *detail)
{
	enter(job);
	(void)ctx;
	watch.n_failures += severity == SEVERITY_FAILURE;
	if (job->number > 0)
		find(job)->n_failures += severity == SEVERITY_FAILURE;
	else if (watch.n > 0)
		complain("a fault belongs to nothing", job);
	watch.obs->fault(watch.obs->ctx, job, fault, severity, detail);
	leave();
}

static bool on_ask(void *ctx, const struct job *job,
		   const struct question *question)
{
	bool yes;

	enter(job);
	(void)ctx;
	(void)find_named(job);
	yes = watch.obs->ask(watch.obs->ctx, job, question);
	leave();
	return yes;
}

static void on_tick(void *ctx)
{
	(void)ctx;
	if (watch.obs->tick)
		watch.obs->tick(watch.obs->ctx);
}

static void on_threads(void *ctx)
{
	(void)ctx;
	watch.obs->threads(watch.obs->ctx);
}

void __real_session_run(const struct policy *policy, char *const *operands,
			size_t n, const struct observer *obs,
			struct totals *totals);
void __wrap_session_run(const struct policy *policy, char *const *operands,
			size_t n, const struct observer *obs,
			struct totals *totals);

void __wrap_session_run(const struct policy *policy, char *const *operands,
			size_t n, const struct observer *obs,
			struct totals *totals)
{
	const struct observer own = {
		.threads = on_threads,
		.tick = on_tick,
		.begin = on_begin,
		.made = on_made,
		.end = on_end,
		.range_done = on_range_done,
		.ranges_stopped = on_ranges_stopped,
		.fault = on_fault,
		.ask = on_ask,
	};
	struct job job = { .dst = "the run" };

	watch.obs = obs;
	watch.text = mmap(NULL, N_TEXT, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (watch.text == MAP_FAILED)
		_exit(125);
	__real_session_run(policy, operands, n, &own, totals);
	if (totals->n_begun != watch.n ||
	    totals->n_failed != watch.n_failures ||
	    totals->cloned + totals->offloaded + totals->copied +
			    totals->holes !=
		    watch.bytes)
		complain("the totals differ", &job);
	for (job.number = 1; job.number <= watch.n; job.number++) {
		job.dst = watch.v[job.number].dst;
		if (watch.v[job.number].state != ENDED)
			complain("it has not ended", &job);
	}
}
