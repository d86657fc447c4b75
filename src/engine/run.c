/* SPDX-License-Identifier: BSD-2-Clause */
#include "run.h"

#include <stddef.h>

void run_fail(struct run *run, const struct job *job, const struct fault *fault,
	      const char *detail)
{
	run->n_failed++;
	run->obs->fault(run->obs->ctx, job, fault, SEVERITY_FAILURE, detail);
}

void run_warn(struct run *run, const struct job *job, enum fault_op op,
	      enum fault_obj obj)
{
	struct fault fault = { .op = op, .obj = obj };

	run->obs->fault(run->obs->ctx, job, &fault, SEVERITY_WARNING, NULL);
}
