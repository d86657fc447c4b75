/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "item.h"

/*
 * Make the destination of ITEM: judge what has its name, ask if that is
 * wanted, make a copy or a link, tell the observer.
 *
 * Returns 0 if it is made or was rightly skipped; attributes that could not
 * be kept have then been told and counted.  Or -errno with *RETERR, and the
 * destination as it was or gone (temp.h says when).
 */
int copy_item(struct run *run, struct item *item, struct fault *reterr);

/*
 * All items of the run are made: what had to wait for that is done.  What can't
 * be done is told and counted.
 */
void copy_finish(struct run *run);
