/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdio.h>

/*
 * A name for the file of a descriptor, for calls that don't accept descriptors
 * opened with O_PATH (EBADF).  proc_pid_fd(5).
 */
struct procfd {
	char path[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
};

/* The name of FD: a link, which the call must follow. */
static inline struct procfd procfd_of(int fd)
{
	struct procfd p;

	(void)snprintf(p.path, sizeof(p.path), "/proc/self/fd/%d", fd);
	return p;
}
