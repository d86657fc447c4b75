/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * CPU quotas of control groups.  These functions read texts that Linux
 * provides; they open no file.  cgroups(7).
 */

/* There is no limit, or it is not known. */
#define CPUQUOTA_NONE (~0u)

/*
 * Find a control group in TEXT, the content of /proc/self/cgroup: the group in
 * the version 1 hierarchy of CONTROLLER, or in the version 2 hierarchy if
 * CONTROLLER is NULL.  An incomplete last line is ignored.
 *
 * Returns its path ("/a/b"), a new string that the caller frees; NULL if there
 * is none, or if out of memory.
 */
char *cpuquota_group(const char *text, const char *controller);

/*
 * Divide QUOTA by PERIOD: how many processors may be used.  Each is a text that
 * begins with a number.  The result is rounded to the nearest integer, as
 * nproc(1) does, and is at least 1.
 *
 * Returns it, or CPUQUOTA_NONE if QUOTA is "max" or negative, if either is no
 * number, or if PERIOD is 0.
 */
unsigned cpuquota_processors(const char *quota, const char *period);

/* The same for a TEXT of the form "QUOTA PERIOD": cpu.max of version 2. */
unsigned cpuquota_of_max(const char *text);
