/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "entry.h"

/*
 * The step in which DST's file system stores times.  DST is the file with
 * ENTRY's name, or what that resolves to.  If the file system isn't known, the
 * times of DST and of its directory show the step.
 *
 * Returns nanoseconds, as for timestamp_cut(); 1 if in doubt.
 */
uint64_t time_step_of(const struct entry *entry, const struct file_info *dst);
