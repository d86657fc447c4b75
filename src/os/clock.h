/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdint.h>

#include "fileinfo.h"

/*
 * Sleep for MS milliseconds.
 *
 * Returns 0, or -EINTR at once if interrupted().
 */
int clock_sleep(uint32_t ms);

/*
 * Wait until what a file system writes from here on gets another time than T, if
 * T is so young that it might not: times are taken from a clock that ticks, at
 * most every 10 milliseconds.
 *
 * Returns 0, or -EINTR at once if interrupted().
 *
 * clock_getres(2), CLOCK_REALTIME_COARSE.
 */
int clock_pass(struct timestamp t);
