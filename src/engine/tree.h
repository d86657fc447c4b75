/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "entry.h"

/*
 * Copy ENTRY's source, a directory, with everything in it.  What can't be copied
 * is reported and counted, and the rest is copied.
 *
 * Both trees are traversed by descriptors: from one directory to the next by a
 * single component, which is not followed if it is a symbolic link, unless the
 * policy allows it.  So a directory that is replaced by a link meanwhile leads
 * nowhere.  The number of open descriptors does not grow with the depth.
 *
 * A directory gets its attributes after everything in it is done.
 */
void tree_copy(struct run *run, struct entry *entry);
