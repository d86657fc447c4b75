/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "attrs_dst.h"
#include "run.h"
#include "source.h"

/*
 * Set the attributes of a copy: owner, extended attributes, ACL, mode, times.
 * In this order, no step undoes an earlier one.  A new file is private until
 * the end.  Set-id bits are preserved only if owner and group are the source's.
 */

/*
 * The mode with which to create a copy of SRC: the final one, or a private one
 * if attrs_apply() sets the final one later.
 */
uint32_t attrs_first_mode(const struct policy *policy,
			  const struct file_info *src);

/*
 * Do what must be done while DST is still empty: read SRC's inode flags, and if
 * DST is new, set those preserved flags that can't be set later.
 */
void attrs_before_data(const struct run *run, struct source *src,
		       const struct attrs_dst *dst);

/*
 * Give DST those attributes of SRC that the policy preserves.  If one can't be
 * preserved, report and count it by the rules of cp(1), and continue.
 *
 * Returns the inode flags that the caller must set by attrs_set_late() after
 * all other changes to the file; for most files 0.
 */
uint32_t attrs_apply(struct run *run, const struct job *job,
		     const struct source *src, const struct attrs_dst *dst);

/* Add the flags LATE to FD. */
void attrs_set_late(struct run *run, const struct job *job, fd_t fd,
		    uint32_t late);

/*
 * The same as attrs_apply() for NAME in DIR, a symbolic link: owner and times,
 * and extended attributes if the source is a symbolic link, too.
 */
void attrs_apply_link(struct run *run, const struct job *job,
		      const struct source *from, fd_t dir, const char *name);
