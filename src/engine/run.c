/* SPDX-License-Identifier: BSD-2-Clause */
#include "run.h"

#include <errno.h>
#include <stddef.h>

#include "interrupt.h"

void run_fail(struct run *run, const struct job *job, const struct fault *fault,
	      const char *detail)
{
	struct fault told = *fault;

	/* The program will end by the signal, which says enough. */
	if (told.err == EINTR && interrupted())
		told.op = FAULT_INTERRUPTED;
	run->n_failed++;
	run->obs->fault(run->obs->ctx, job, &told, SEVERITY_FAILURE, detail);
}

int run_fault(struct run *run, const struct job *job, enum fault_op op,
	      enum fault_obj obj, int r)
{
	struct fault fault;

	(void)fault_set(&fault, op, obj, r);
	run_fail(run, job, &fault, NULL);
	return r;
}

void run_warn(const struct run *run, const struct job *job,
	      const struct fault *fault, const char *detail)
{
	run->obs->fault(run->obs->ctx, job, fault, SEVERITY_WARNING, detail);
}
