/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdint.h>

/*
 * Sleep for MS milliseconds.
 *
 * Returns 0, or -EINTR at once if interrupted().
 */
int clock_sleep(uint32_t ms);
