/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fault.h"
#include "policy.h"

/*
 * What cp would have said of FAULT.  cp removes an existing file, or renames it
 * to its backup, before it makes the new one: where names can't be changed, it
 * fails in that.  This program makes the new file first, so another step fails;
 * but scripts read cp's messages.  What cp doesn't open, it fails to make.
 *
 * Returns FAULT, with the step and the errno that cp's message is about.
 */
struct fault cp_fault(const struct policy *policy, const struct fault *fault);
