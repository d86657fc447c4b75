/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdio.h>

#include "observer.h"

/*
 * Messages about what went wrong, on standard error.  Each is one line that
 * begins with the name by which the program was called.  Names of files are
 * quoted as cp quotes them, so that they can't control a terminal.
 */

/*
 * Set the user's locale for messages.  This must not be called while there are
 * other threads (setlocale(3)), so callers of diag_fault() and
 * diag_ranges_stopped() call it in advance.
 */
void diag_locale(void);

/* Print TEXT; with TRY_HELP, also how to get help. */
void diag_usage(const char *text, int try_help);

/*
 * Print the message for FAULT, which concerns JOB.  DETAIL is the extended
 * attribute, or whatever else its sentence names, or NULL.
 */
void diag_fault(const struct job *job, const struct fault *fault,
		enum severity severity, const char *detail);

/*
 * The same sentence as a string that the caller frees.  Returns NULL if there is
 * nothing to be said, or if out of memory.
 */
char *diag_fault_text(const struct job *job, const struct fault *fault,
		      const char *detail);

/* Print how many of JOB's ranges were done when they were stopped. */
void diag_ranges_stopped(const struct job *job, const struct ranges_stop *stop);

/* Print WHAT, and why it failed: the system's text for ERR (errno). */
void diag_error(const char *what, int err);

/* The same with NAME (quoted; NULL: none) after WHAT. */
void diag_name_error(const char *what, const char *name, int err);

/*
 * Write NAME to F, quoted.
 *
 * Returns 0, or -ENOMEM after writing a placeholder.
 */
int diag_put_name(FILE *f, const char *name);

/* Write SPAN to F in the form of --range, in bytes. */
void diag_put_span(FILE *f, const struct span *span);
