/* SPDX-License-Identifier: BSD-2-Clause */
#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "base.h"
#include "wake.h"

static _Atomic int asked_by;

/* The signals whose default action ends the process. */
static const int asking[] = {
	SIGINT,	 SIGTERM,   SIGHUP,  SIGQUIT, SIGXCPU, SIGUSR2,
	SIGALRM, SIGVTALRM, SIGPROF, SIGIO,   SIGPWR,  SIGSTKFLT,
};

static const int ignored[] = { SIGPIPE, SIGXFSZ };

static void on_signal(int sig)
{
	int err = errno;

	asked_by = sig;
	wake_all();
	errno = err;
}

/* Handle SIG, but keep ignoring it if the caller did. */
static void handle(int sig)
{
	/* No SA_RESTART: blocking calls must return. */
	const struct sigaction stop = { .sa_handler = on_signal };
	struct sigaction old;

	if (sigaction(sig, &stop, &old) < 0 || old.sa_handler != SIG_IGN)
		return;
	(void)sigaction(sig, &old, NULL);
	/* The signal may have arrived in between. */
	if (asked_by == sig)
		asked_by = 0;
}

/* The set of the signal that asks for progress. */
static sigset_t questions(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR1);
	return set;
}

void interrupt_install(void)
{
	const sigset_t blocked = questions();
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (size_t i = 0; i < countof(asking); i++)
		handle(asking[i]);
	for (size_t i = 0; i < countof(ignored); i++)
		(void)sigaction(ignored[i], &ignore, NULL);
	(void)pthread_sigmask(SIG_BLOCK, &blocked, NULL);
}

bool interrupted(void)
{
	return asked_by != 0;
}

int interrupt_signal(void)
{
	return asked_by;
}

bool interrupt_asked(void)
{
	const struct timespec at_once = { 0 };
	const sigset_t set = questions();

	return sigtimedwait(&set, NULL, &at_once) == SIGUSR1;
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
