/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "item.h"

/*
 * How coarse are the times of DST, which has the name of ITEM, or which that leads
 * to?  Where the file system isn't known, the times of DST and of the directory
 * show it.
 *
 * Returns nanoseconds, as for timestamp_cut(); in doubt 1.
 */
uint64_t times_step(const struct item *item, const struct file_info *dst);
