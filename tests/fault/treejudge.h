/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "judge.h"

/* judge_good() and judge_shot() for scenarios with RESULT_TREES. */

/*
 * Is what the run without a failure has made of the trees what they are?
 *
 * Returns NULL, or what is wrong.
 */
const char *treejudge_good(const struct trial *t);

/*
 * May the trees be what they are after T, whose way to end is right?
 *
 * Returns NULL, or what is wrong.
 */
const char *treejudge_shot(const struct trial *t);
