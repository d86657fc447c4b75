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

/* The copy of a source that may have other names. */
struct first_copy {
	uint64_t dev;  /* file_info.dev of it */
	uint64_t ino;  /* file_info.ino of it */
	uint64_t left; /* other names of the source that may be met */
	char path[];
};

/*
 * --preserve=links: make a hard link to COPY, an earlier copy of the same
 * source.
 *
 * Also returns 1, with nothing done, if the path is another file by now.
 */
int link_to_copy(struct run *run, struct entry *entry,
		 const struct first_copy *copy, struct fault *reterr);

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
