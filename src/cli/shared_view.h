/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "cmdline.h"
#include "jsonl.h"
#include "policy.h"

/* Exit status of --shared, as of diff(1). */
enum {
	SHARED_WHOLE = 0,   /* all files are shared whole */
	SHARED_NOT = 1,	    /* at least one is not */
	SHARED_TROUBLE = 2, /* something failed, or can't be known */
};

/*
 * Report which storage the operands share: on standard output, unless J is
 * there, and to J.  What fails is reported on standard error and to J.
 *
 * Returns the exit status.
 */
int shared_view(const struct policy *policy, const struct operands *operands,
		struct jsonl *j);
