/* SPDX-License-Identifier: BSD-2-Clause */
#include "terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_USUAL 80

bool terminal_is_lent(void)
{
	pid_t owner = tcgetpgrp(STDERR_FILENO);

	/* A terminal that doesn't control us has no job. */
	return owner >= 0 && owner != getpgrp();
}

/* Is it stopped (Ctrl-S), or slow? */
static bool is_busy(void)
{
	struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&p, 1, 0) != 1 || !(p.revents & POLLOUT);
}

unsigned terminal_columns(void)
{
	struct winsize size = { .ws_col = 0 };

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || terminal_is_lent() ||
	    is_busy())
		return 0;
	return size.ws_col > 0 ? size.ws_col : COLUMNS_USUAL;
}
