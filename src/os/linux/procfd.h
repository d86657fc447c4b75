/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdio.h>

#include "fd.h"

/*
 * What a descriptor is open on, by a name: for calls that don't take one that
 * was opened to look at (EBADF).  proc_pid_fd(5).
 */
struct procfd {
	char path[sizeof("/proc/self/fd/") + 3 * sizeof(fd_t)];
};

/* The name of FD, which is to be followed: it is a link. */
static inline struct procfd procfd_of(fd_t fd)
{
	struct procfd p;

	(void)snprintf(p.path, sizeof(p.path), "/proc/self/fd/%d", fd);
	return p;
}
