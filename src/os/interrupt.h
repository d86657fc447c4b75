/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

/*
 * Signals.  Each that would end the process, and that somebody sends, asks for
 * the end: a flag is set, calls that wait return -EINTR, what is half made is
 * removed on the way out, and interrupt_die() ends the process as the signal
 * would have.  Those that the caller ignores (nohup) stay ignored.  The first
 * thread hears them, and wakes the others.  SIGUSR1 is ignored: it is to ask
 * for progress one day.
 *
 * Not among them are faults of the program itself (SIGSEGV and its like), and
 * the real-time signals, which nobody sends without knowing to whom.
 *
 * signal(7).
 *
 * The flag is the program's one global variable.
 */

/*
 * Install the handlers.  SIGPIPE and SIGXFSZ are ignored from here on, so
 * that they become errors of write(2): EPIPE and EFBIG; and so is SIGUSR1.
 */
void interrupt_install(void);

/* Was the end asked for? */
bool interrupted(void);

/* End by the signal that asked for it; returns if none did. */
void interrupt_die(void);
