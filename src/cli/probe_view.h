/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "cmdline.h"
#include "jsonl.h"
#include "policy.h"

/*
 * Carry out --probe: print for each operand whether files can be cloned there,
 * or from there into the target directory of POLICY, and what is known about it.
 * The same goes to JSONL if it is open; if that is standard output, nothing else
 * does.
 *
 * Returns the exit status: 0 if they can be cloned for all operands.
 */
int probe_view(const struct policy *policy, const struct operands *operands,
	       struct jsonl *jsonl);
