/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

#include "observer.h"
#include "policy.h"

/*
 * One run of the program: copy the N OPERANDS as POLICY says, by cp's rules for
 * which are sources and which is the destination.  Everything is reported to
 * OBS, and counted in *TOTALS, which are 0 before.  There must be as many
 * operands as the policy needs; options_parse() checks that.
 *
 * Stops early if interrupted().  All is done if there are no failures in the
 * totals.
 */
void session_run(const struct policy *policy, char *const *operands, size_t n,
		 const struct observer *obs, struct totals *totals);
