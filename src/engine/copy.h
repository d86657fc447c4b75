/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "entry.h"

/*
 * Make the destination of ENTRY: decide what to do with an existing file, ask
 * the user if requested, make a copy or a link, and report that it was made.
 * The caller reports a fault, and the end.
 *
 * Returns 0 if it was made or rightly skipped; attributes that could not be
 * preserved have been reported and counted.  Or returns -errno with *RETERR;
 * dest.h says what the destination is then.
 */
int copy_one(struct run *run, struct entry *entry, struct fault *reterr);
