/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "judge.h"

/*
 * What may be there after a run of a scenario with RESULT_RANGES, byte by
 * byte.
 */

/*
 * Work out what the ranges make of the old file, which is there, as is the
 * source.  Before the runs of a scenario.
 */
void ranges_expect(const struct trial *t);

/* The same for one whose ranges are refused: nothing is to come of them. */
void ranges_expect_nothing(const struct trial *t);

/*
 * Is the file that was written into what the ranges make of it, sharing what
 * can be shared?
 *
 * Returns NULL, or what is wrong.
 */
const char *ranges_judge_done(const struct trial *t);

/*
 * The same after a run that has failed.  What may be there: ranges that are
 * done, in their order, and of the next one each byte may be new or old; no
 * byte elsewhere, no length that none of this has.  So it is too for a range
 * that overlaps itself: a byte is written once, as memmove(3) does.  What the
 * program says of it must be true.
 */
const char *ranges_judge_stopped(const struct trial *t);
