/* SPDX-License-Identifier: BSD-2-Clause */
#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

#include "base.h"
#include "thread.h"

static _Atomic int asked_by;

static const int asking[] = { SIGINT, SIGTERM, SIGHUP };

static void on_signal(int sig)
{
	int err = errno;

	asked_by = sig;
	thread_wake_all();
	errno = err;
}

void interrupt_install(void)
{
	/* No SA_RESTART: what waits shall stop waiting. */
	struct sigaction stop = { .sa_handler = on_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction old;

	for (size_t i = 0; i < countof(asking); i++)
		if (sigaction(asking[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			(void)sigaction(asking[i], &stop, NULL);

	(void)sigaction(SIGPIPE, &ignore, NULL);
	(void)sigaction(SIGXFSZ, &ignore, NULL);
}

bool interrupted(void)
{
	return asked_by != 0;
}

void interrupt_die(void)
{
	struct sigaction act = { .sa_handler = SIG_DFL };
	int sig = asked_by;

	if (sig == 0)
		return;
	(void)sigaction(sig, &act, NULL);
	(void)raise(sig);
}
