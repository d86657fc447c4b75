/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "item.h"

/*
 * Links in place of copies.  MAKING_IN_PLACE has no meaning here.
 *
 * Each returns 0, or -errno with *RETERR and the destination as it was.
 */

/* -l: one more name for ITEM's source. */
int link_hard(struct run *run, struct item *item, struct fault *reterr);

/*
 * --preserve=links: one more name for COPY, which was made of the same source
 * before: its path and what file it is.
 *
 * Returns also 1, with nothing done, if that path is another file's by now.
 */
int link_to_copy(struct run *run, struct item *item,
		 const struct inotab_value *copy, struct fault *reterr);

/*
 * -s: may ITEM be a symbolic link?  One to a relative path leads to its source
 * only from where we stand.
 *
 * Returns 0, or -EINVAL with *RETERR.
 */
int link_check_symbolic(const struct item *item, struct fault *reterr);

/* -s: a symbolic link that leads to ITEM's source. */
int link_symbolic(struct run *run, struct item *item, struct fault *reterr);

/* A copy of a source that is a symbolic link, with owner and times. */
int link_copy(struct run *run, struct item *item, struct fault *reterr);
