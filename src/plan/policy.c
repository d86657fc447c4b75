/* SPDX-License-Identifier: BSD-2-Clause */
#include "policy.h"

#include "clone_plan.h"

bool policy_makes_node(const struct policy *policy, enum file_type type)
{
	return policy->recursive && !policy->copy_contents &&
	       policy->make == MAKE_COPY && file_type_is_node(type);
}

uint64_t policy_bytes(const struct policy *policy, const struct file_info *info)
{
	uint64_t n = 0;

	if (info->type != FILE_REGULAR || policy->make != MAKE_COPY ||
	    policy->attributes_only)
		return 0;
	if (!policy->ranged)
		return info->size;
	for (size_t i = 0; i < policy->n_ranges; i++) {
		struct span span = policy->ranges[i];

		if (span_resolve(&span, info->size) == SPAN_GOOD)
			n += span.len;
	}
	return n;
}
