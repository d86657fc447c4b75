/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "entry.h"

/*
 * Make a FIFO, a socket or a device like ENTRY's source, with its attributes.
 * DEST_IN_PLACE is not allowed here.
 *
 * Returns 0, or -errno with *RETERR and the destination unchanged.
 */
int node_copy(struct run *run, struct entry *entry, struct fault *reterr);
