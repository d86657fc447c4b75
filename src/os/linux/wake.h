/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * Make blocking calls of all threads return -EINTR.  Only the first thread and
 * its signal handlers may call this.
 *
 * pthread_kill(3).
 */
void wake_all(void);
