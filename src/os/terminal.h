/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

/*
 * Does another job have the terminal that standard error is?  Then what is on it
 * is not ours any more.
 *
 * tcgetpgrp(3).
 */
bool terminal_is_lent(void);

/*
 * How many columns the terminal has that standard error is.  80 if it doesn't
 * say.  It may change at any time.
 *
 * Returns 0 if a line must not be drawn there now: standard error is no
 * terminal, another job has it, or writing would have to wait.
 *
 * TIOCGWINSZ(2const), tcgetpgrp(3), poll(2).
 */
unsigned terminal_columns(void);
