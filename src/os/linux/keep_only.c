/* SPDX-License-Identifier: BSD-2-Clause */
#include "keep_only.h"

#include <limits.h>
#include <sys/resource.h>
#include <unistd.h>

#include "musl.h"

/* The highest descriptor to close where each close takes a call. */
#define CLOSED_ONE_BY_ONE 65535U

static void close_all(unsigned first, unsigned last)
{
	struct rlimit limit;

	if (close_range(first, last, 0) == 0)
		return;
	/* Linux before 5.9.  The limit may be a billion. */
	last = last < CLOSED_ONE_BY_ONE ? last : CLOSED_ONE_BY_ONE;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < last)
		last = (unsigned)limit.rlim_cur;
	for (unsigned fd = first; fd <= last; fd++)
		(void)close((int)fd);
}

/* The lowest of KEEP that is not below FROM, or UINT_MAX. */
static unsigned lowest_from(unsigned from, const fd_t *keep, size_t n)
{
	unsigned lowest = UINT_MAX;

	for (size_t i = 0; i < n; i++) {
		unsigned fd = (unsigned)keep[i];

		if (fd >= from && fd < lowest)
			lowest = fd;
	}
	return lowest;
}

void keep_only(const fd_t *keep, size_t n)
{
	unsigned first = 0;
	unsigned kept;

	while ((kept = lowest_from(first, keep, n)) < UINT_MAX) {
		if (kept > first)
			close_all(first, kept - 1);
		first = kept + 1;
	}
	close_all(first, UINT_MAX);
}
