/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * CPU quotas of control groups, as Linux tells them: texts only, nothing is
 * opened here.  cgroups(7).
 */

/* No limit, or none that is known. */
#define CPUQUOTA_NONE (~0u)

/*
 * The control group in TEXT, which is /proc/self/cgroup: that of the hierarchy of
 * version 1 that has CONTROLLER, or with NULL that of version 2.  A line that was
 * cut off doesn't count.
 *
 * Returns its path, "/a/b", a new string, the caller's; NULL if there is none,
 * or memory is short.
 */
char *cpuquota_group(const char *text, const char *controller);

/*
 * How many processors' time QUOTA is in PERIOD, both a number and what may
 * follow it: rounded to the nearest, as nproc(1) does, and at least 1.
 *
 * Returns that, or CPUQUOTA_NONE if QUOTA is "max" or negative, or either is
 * no number, or PERIOD is 0.
 */
unsigned cpuquota_processors(const char *quota, const char *period);

/* The same for "QUOTA PERIOD", as in cpu.max (version 2). */
unsigned cpuquota_of_max(const char *text);
