/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdio.h>

#include "observer.h"

/*
 * Sentences for what went wrong, on standard error, one line each, beginning
 * with the name that the program was called by.  Names are quoted as cp
 * quotes them, so that none can drive a terminal.
 */

/*
 * Make the user's locale the one that words are said in.  While there are other
 * threads it may not be called (setlocale(3)), so diag_fault() and
 * diag_ranges_stopped() leave it to their caller.
 */
void diag_locale(void);

/* Print TEXT, and with TRY_HELP where help is to be had. */
void diag_usage(const char *text, int try_help);

/*
 * Print what FAULT, met with JOB, means.  DETAIL is the extended attribute
 * that it is about, or NULL.
 */
void diag_fault(const struct job *job, const struct fault *fault,
		enum severity severity, const char *detail);

/* Print how far the ranges of JOB had come when they were stopped. */
void diag_ranges_stopped(const struct job *job, const struct ranges_stop *stop);

/* Print WHAT and why that failed: the system's text for ERR (errno). */
void diag_error(const char *what, int err);

/*
 * Write NAME to F, quoted.
 *
 * Returns 0, or -ENOMEM: something that is safe stands in its place.
 */
int diag_put_name(FILE *f, const char *name);

/* Write SPAN to F as --range takes it, in plain bytes. */
void diag_put_span(FILE *f, const struct span *span);
