/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "run.h"
#include "source.h"

/*
 * Attributes of a copy: owner, extended attributes, ACL, mode, times, in that
 * order, so that nothing set before is undone by what follows.  A new file is
 * private until the end; set-id bits are kept only if owner and group are the
 * source's.
 */

/* What the attributes are put on. */
struct attrs_dst {
	fd_t fd;	  /* open for writing, or to look at */
	fd_t dir;	  /* the latter: where it has a name; lent */
	const char *name; /* NULL: not known */
	const struct file_info *info; /* facts from before anything was set */
	bool is_new;		      /* made by this run */
	bool is_opened; /* its owner got more than the umask has */
	bool acl_free;	/* it is known to have no ACL */
	bool flag_free; /* it is known to have no inode flags */
};

/*
 * The mode to create a copy of SRC with: the final one, or a private one
 * where attrs_apply() sets it later.
 */
uint32_t attrs_first_mode(const struct policy *policy,
			  const struct file_info *src);

/*
 * What must be done while DST, if it is new, is still empty: find out SRC's
 * inode flags, and set those to be kept which can't be had later.
 */
void attrs_before_data(const struct run *run, struct source *src,
		       const struct attrs_dst *dst);

/*
 * Give DST those attributes of SRC that the policy preserves.  What can't be
 * kept is told and counted, by the rules of cp(1), and the rest is done.
 *
 * Returns the inode flags that are yet to be set, by attrs_set_late(), when
 * nothing else is to be done to the file: 0 for most.
 */
uint32_t attrs_apply(struct run *run, const struct job *job,
		     const struct source *src, const struct attrs_dst *dst);

/* Give FD the flags LATE too. */
void attrs_set_late(struct run *run, const struct job *job, fd_t fd,
		    uint32_t late);

/*
 * The same for NAME in DIR, a symbolic link: owner and times, and extended
 * attributes if it is the copy of one.
 */
void attrs_apply_link(struct run *run, const struct job *job,
		      const struct source *from, fd_t dir, const char *name);
