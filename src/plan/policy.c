/* SPDX-License-Identifier: BSD-2-Clause */
#include "policy.h"

bool policy_makes_node(const struct policy *policy, enum file_type type)
{
	if (!policy->recursive || policy->copy_contents ||
	    policy->make != MAKE_COPY)
		return false;
	return type == FILE_FIFO || type == FILE_SOCKET ||
	       type == FILE_CHAR_DEVICE || type == FILE_BLOCK_DEVICE;
}
