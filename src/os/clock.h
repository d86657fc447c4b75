/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdint.h>

#include "fileinfo.h"

/*
 * Nanoseconds since some fixed point in the past.
 *
 * clock_gettime(2), CLOCK_MONOTONIC; it always succeeds.
 */
uint64_t clock_now(void);

/*
 * The date and time.
 *
 * clock_gettime(2), CLOCK_REALTIME; it always succeeds.
 */
struct timestamp clock_date(void);

/*
 * Milliseconds since a fixed point in the past, up to 10 behind.  This costs no
 * system call.
 *
 * clock_gettime(2), CLOCK_MONOTONIC_COARSE.
 */
uint64_t clock_ms(void);

/*
 * Sleep for MS milliseconds.
 *
 * Returns 0, or -EINTR at once if interrupted().
 */
int clock_sleep(uint32_t ms);

/*
 * Wait until files written from now on get a later time than T.  File systems
 * take times from a clock that ticks every 10 milliseconds or faster, so this
 * waits only if T is that recent.
 *
 * Returns 0, or -EINTR at once if interrupted().
 *
 * clock_getres(2), CLOCK_REALTIME_COARSE.
 */
int clock_pass(struct timestamp t);
