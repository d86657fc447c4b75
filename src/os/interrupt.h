/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

/*
 * Terminating signals.  When the process gets a signal that would end it, a
 * flag is set and waiting calls return -EINTR.  The program removes incomplete
 * files while it returns from its functions; then interrupt_die() ends the
 * process by the same signal.  Signals that the caller ignores (nohup) stay
 * ignored.  The first thread receives them, and wakes the others.
 *
 * SIGUSR1 asks how far the program is.  It is blocked, so that it never
 * interrupts a call; interrupt_asked() looks for it.
 *
 * Not handled are signals for faults of the program (SIGSEGV and its like), and
 * the real-time signals, which nobody sends to a program that doesn't expect
 * them.
 *
 * signal(7).
 *
 * The flag is the program's one global variable.
 */

/*
 * Install the handlers, and block SIGUSR1, before there are threads.  From now on
 * SIGPIPE and SIGXFSZ are ignored.  They then become errors of write(2): EPIPE
 * and EFBIG.
 */
void interrupt_install(void);

/* Has a terminating signal arrived? */
bool interrupted(void);

/* Its number, by which the process will end; 0 if none has arrived. */
int interrupt_signal(void);

/*
 * Has SIGUSR1 arrived since this was last asked?  SIGINFO is the same where it
 * exists.
 *
 * sigtimedwait(2).
 */
bool interrupt_asked(void);

/* End the process by that signal; return if none has arrived. */
void interrupt_die(void);
