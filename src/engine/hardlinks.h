/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "existing.h"

/*
 * --preserve=links: names that are one file in the source become one file in
 * the copy.  The first is copied, and run->links remembers where; the others
 * become hard links to that.
 */

/*
 * May ENTRY's source have other names that must stay hard links of one file?
 * As in cp, a link that is followed counts as a name: with -H, an operand.
 */
bool hardlinks_concern(const struct run *run, const struct entry *entry);

/*
 * Make ENTRY a hard link to the earlier copy of its source.
 *
 * Returns 0; 1, with nothing done, if there is no such copy, or none any more;
 * or -errno with *RETERR.
 */
int hardlinks_make(struct run *run, struct entry *entry, struct fault *reterr);

/*
 * The existing destination, OLD, stays as it is.  But as in cp, with -u hard
 * links are preserved all the same: it becomes a hard link to the earlier copy,
 * newer or not.  If there is none, later names become hard links to OLD.
 *
 * Returns 0, or -errno with *RETERR.  ENTRY->out says which.
 */
int hardlinks_join(struct run *run, struct entry *entry,
		   const struct existing *old, struct fault *reterr);

/*
 * Remember that ENTRY was made as MADE, for other names of its source.  If it
 * needs inode flags that must come last, hardlinks_finish() sets them, and
 * reports its end.
 *
 * Returns 0 or -ENOMEM.
 */
int hardlinks_note(struct run *run, struct entry *entry,
		   const struct file_info *made);

/*
 * Set ENTRY's inode flags that must come last.  An immutable file can't get
 * hard links: if there may be some, hardlinks_finish() does it.  Failures are
 * reported and counted.
 */
void hardlinks_set_flags(struct run *run, const struct entry *entry);

/*
 * After all entries of the run: set the inode flags that had to wait, and
 * report the end of these entries.
 */
void hardlinks_finish(struct run *run);
