/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "item.h"

/* What has the name is not what was judged. */
enum {
	FILE_CHANGED = 2
};

/*
 * Make a regular file with the content and attributes of ITEM's source, or
 * write them into what is there.  OLD is what is there, for MAKING_IN_PLACE,
 * which becomes MAKING_BESIDE if it can't be opened and -f has it replaced.
 *
 * Returns 0 with ITEM->out filled; FILE_CHANGED with nothing done, if something
 * has the name that had it not, or the other way round, so that it is to be
 * looked at again; or -errno with *RETERR.
 */
int file_copy(struct run *run, struct item *item, const struct file_info *old,
	      struct fault *reterr);
