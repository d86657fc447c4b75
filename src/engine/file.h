/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "entry.h"

/* The destination is no longer the file about which the decision was made. */
enum {
	FILE_CHANGED = 2
};

/*
 * Make a regular file with the content and attributes of ENTRY's source, or
 * write them into an existing file.  For MAKING_IN_PLACE, OLD describes that
 * file.  If it can't be opened and -f was given, MAKING_IN_PLACE becomes
 * MAKING_BESIDE.
 *
 * Returns 0 with ENTRY->out filled; FILE_CHANGED with nothing done if the
 * destination has appeared, vanished or been replaced, so that the caller must
 * examine it again; or -errno with *RETERR.
 */
int file_copy(struct run *run, struct entry *entry, const struct file_info *old,
	      struct fault *reterr);
