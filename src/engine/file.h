/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "entry.h"

/* Nothing is done; but if the caller begins again, it may be. */
enum {
	FILE_AGAIN = 2
};

/*
 * Make a regular file with the content and attributes of ENTRY's source, or
 * write them into an existing file.  For DEST_IN_PLACE, OLD describes that
 * file.  If it can't be opened and -f was given, DEST_IN_PLACE becomes
 * DEST_BESIDE.
 *
 * Returns 0 with ENTRY->out filled; -errno with *RETERR; or FILE_AGAIN if the
 * destination has appeared, vanished or been replaced, so that the caller must
 * examine it again, or if the file system has refused to give a complete file
 * its name, so that it will be made in a plainer way.
 */
int file_copy(struct run *run, struct entry *entry, const struct file_info *old,
	      struct fault *reterr);
