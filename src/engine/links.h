/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "entry.h"

/*
 * Links in place of copies.  DEST_IN_PLACE is not allowed here.
 *
 * Each returns 0, or -errno with *RETERR and the destination unchanged.
 */

/* -l: make a hard link to ENTRY's source. */
int link_hard(struct run *run, struct entry *entry, struct fault *reterr);

/*
 * --preserve=links: make a hard link to COPY, an earlier copy of the same
 * source.  COPY holds its path, and its device and inode number.
 *
 * Also returns 1, with nothing done, if the path is another file by now.
 */
int link_to_copy(struct run *run, struct entry *entry,
		 const struct inotab_value *copy, struct fault *reterr);

/*
 * -s: may ENTRY become a symbolic link?  A relative path leads to the source
 * only from the working directory.
 *
 * Returns 0, or -EINVAL with *RETERR.
 */
int link_check_symbolic(const struct entry *entry, struct fault *reterr);

/* -s: make a symbolic link to ENTRY's source. */
int link_symbolic(struct run *run, struct entry *entry, struct fault *reterr);

/* Copy ENTRY's source, a symbolic link, with its owner and times. */
int link_copy(struct run *run, struct entry *entry, struct fault *reterr);
