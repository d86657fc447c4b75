/* SPDX-License-Identifier: BSD-2-Clause */
#include "clock.h"

#include <errno.h>
#include <time.h>

#include "interrupt.h"

uint64_t clock_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

struct timestamp clock_date(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (struct timestamp){ now.tv_sec, (uint32_t)now.tv_nsec };
}

uint64_t clock_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int clock_sleep(uint32_t ms)
{
	struct timespec t = { .tv_sec = ms / 1000,
			      .tv_nsec = (long)(ms % 1000) * 1000000 };

	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		if (interrupted())
			return -EINTR;
	return 0;
}

/* The longest tick, CONFIG_HZ=100, in milliseconds. */
#define TICK 10

/* Milliseconds from T to the last tick; TICK if T is not recent. */
static int64_t age_of(struct timestamp t)
{
	struct timespec now;

	/* This always succeeds, and needs no system call. */
	(void)clock_gettime(CLOCK_REALTIME_COARSE, &now);
	if (now.tv_sec < t.sec - 1 || now.tv_sec > t.sec + 1)
		return TICK;
	return (((int64_t)now.tv_sec - t.sec) * 1000000000 + now.tv_nsec -
		(int64_t)t.nsec) /
	       1000000;
}

int clock_pass(struct timestamp t)
{
	int r = 0;

	/* Don't wait for a clock that is set back meanwhile. */
	for (int i = 0;
	     i < 4 && r == 0 && age_of(t) < TICK && age_of(t) > -TICK; i++)
		r = clock_sleep(TICK / 2);
	return r;
}
