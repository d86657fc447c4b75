/* SPDX-License-Identifier: BSD-2-Clause */
#include "fault.h"

#include <errno.h>

int fault_set(struct fault *reterr, enum fault_op op, enum fault_obj obj, int r)
{
	*reterr = (struct fault){ .err = -r, .op = op, .obj = obj };
	return r;
}

int fault_set_in(struct fault *reterr, enum fault_call call, enum fault_op op,
		 enum fault_obj obj, int r)
{
	(void)fault_set(reterr, op, obj, r);
	reterr->call = call;
	return r;
}

int fault_set_type(struct fault *reterr, enum fault_obj obj,
		   enum file_type type)
{
	*reterr = (struct fault){
		.err = EINVAL, .op = FAULT_NOT_REGULAR, .obj = obj, .type = type
	};
	return -EINVAL;
}
