/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "item.h"

/*
 * Make a regular file with the content and attributes of ITEM's source, or
 * write them into what is there.  OLD is what is there, for MAKING_IN_PLACE.
 *
 * Returns 0 with *OUT filled, or -errno with *RETERR.
 */
int file_copy(struct run *run, struct item *item, enum making making,
	      const struct file_info *old, struct outcome *out,
	      struct fault *reterr);
