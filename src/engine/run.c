/* SPDX-License-Identifier: BSD-2-Clause */
#include "run.h"

#include <errno.h>

#include "interrupt.h"

void run_fail(struct run *run, const struct job *job, const struct fault *fault,
	      const char *detail)
{
	struct fault told = *fault;

	/* The signal will say it. */
	if (told.err == EINTR && interrupted())
		told.op = FAULT_INTERRUPTED;
	run->n_failed++;
	run->obs->fault(run->obs->ctx, job, &told, SEVERITY_FAILURE, detail);
}

void run_warn(const struct run *run, const struct job *job,
	      const struct fault *fault, const char *detail)
{
	run->obs->fault(run->obs->ctx, job, fault, SEVERITY_WARNING, detail);
}
