/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fault.h"

/* What a fault means to a program that reads a report. */

enum fault_class {
	FAULT_CLASS_USAGE,	 /* the command asks for what makes no sense */
	FAULT_CLASS_MISSING,	 /* something that must exist doesn't */
	FAULT_CLASS_PERMISSION,	 /* this user may not do it */
	FAULT_CLASS_SPACE,	 /* no space or quota is left */
	FAULT_CLASS_IO,		 /* the system has failed */
	FAULT_CLASS_REFUSED,	 /* it can't be done, or a rule forbids it */
	FAULT_CLASS_CHANGED,	 /* another process has changed something */
	FAULT_CLASS_INTERRUPTED, /* a signal ends the run */
	FAULT_CLASS_MAX,
};

/* The class of FAULT. */
enum fault_class fault_class(const struct fault *fault);

/* Its name in reports: "usage", "missing" ... */
const char *fault_class_name(enum fault_class class);

/*
 * The name of the system call that failed, or of the ioctl; NULL if none did,
 * or if it isn't known.
 */
const char *fault_call_name(const struct fault *fault);

/* Is the errno of FAULT the system's, and not just that of a rule's class? */
bool fault_has_errno(const struct fault *fault);

/* Is FAULT only that a file can't be cloned, and must not be copied? */
bool fault_is_refused_clone(const struct fault *fault);
