/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "item.h"

/*
 * Copy ITEM's source, a directory, and all that is in it.  What can't be
 * copied is told and counted, and the rest is done.
 *
 * Both trees are walked by descriptors, from each directory to the next by a
 * name of one component that is not followed if it is a symbolic link, unless
 * the policy says so: what is swapped for a link meanwhile leads nowhere.  The
 * number of descriptors doesn't grow with the depth.
 *
 * A directory gets its attributes when all in it is done.
 */
void tree_copy(struct run *run, struct item *item);
