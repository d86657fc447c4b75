/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "observer.h"
#include "policy.h"

/*
 * One run of the program: each of the N OPERANDS copied as POLICY has it, by
 * cp's rules for what is a source and what the destination.  OBS is told of
 * all that happens.  At least the operands that the policy needs are there
 * (options_parse() has seen to that).
 *
 * Stops early if interrupted().
 *
 * Returns the number of failures that OBS was told of: 0 if all is done.
 */
uint64_t session_run(const struct policy *policy, char *const *operands,
		     size_t n, const struct observer *obs);
