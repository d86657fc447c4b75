/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "existing.h"
#include "links.h"

/*
 * --dry-run: what takes the place of making.  It meets the faults that can be
 * known without making anything, and fills entry->out.plan.  What was judged
 * before (existing.h) is judged as in any run.
 */

/*
 * Would ENTRY be made, with OLD in its place?
 *
 * Returns 0 with ENTRY->making and ENTRY->made as if it was, or -errno with
 * *RETERR.
 */
int rehearsal_make(struct run *run, struct entry *entry,
		   const struct existing *old, struct fault *reterr);

/* The same for a hard link to COPY, an earlier copy of the same source. */
int rehearsal_link(struct run *run, struct entry *entry,
		   const struct first_copy *copy, struct fault *reterr);
