/* SPDX-License-Identifier: BSD-2-Clause */
#include "policy.h"

bool policy_makes_node(const struct policy *policy, enum file_type type)
{
	return policy->recursive && !policy->copy_contents &&
	       policy->make == MAKE_COPY && file_type_is_node(type);
}
