/* SPDX-License-Identifier: BSD-2-Clause */
#include "fault.h"

int fault_set(struct fault *reterr, enum fault_op op, enum fault_obj obj, int r)
{
	*reterr = (struct fault){ .err = -r, .op = op, .obj = obj };
	return r;
}
