/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "observer.h"
#include "policy.h"

/*
 * What is told while files are copied: -v and --debug lines on standard
 * output, faults on standard error, -i's questions.
 */

/*
 * An observer that tells as POLICY has it.  POLICY is lent for as long as the
 * observer is used.
 */
struct observer report_observer(const struct policy *policy);

/*
 * Write out what standard output still holds.
 *
 * Returns 0, or -errno: something that was printed is lost.
 */
int report_finish(void);
