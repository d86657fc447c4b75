/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "attrs_dst.h"
#include "run.h"
#include "source.h"

/*
 * Extended attributes of a copy, including ACLs, which are stored as such.
 * plan/xattr_kind.h tells which are which.
 */
struct xattrs {
	struct run *run;
	const struct job *job;
	const struct source *src;
	const struct attrs_dst *dst;
	bool is_owned; /* DST's owner and group are as they should be */
	/* The members below belong to xattrs_apply(): */
	char *names;	      /* owned: the source's names, each with its NUL */
	size_t len;	      /* bytes in names */
	uint64_t copied;      /* bytes of names and values copied so far */
	bool serves_acl;      /* an ACL was set that a new mode would change */
	const char *unlisted; /* one that isn't among names */
};

/*
 * Give X->dst those attributes and ACLs of X->src that the policy preserves.
 * If one can't be preserved, report it, and count it if it was requested.
 *
 * Returns the mode bits that may be set now; 0 if the mode must not be set.
 * With an ACL, the group bits are its mask.  If the ACL is not the source's,
 * they would admit users whom the source excludes.
 */
uint32_t xattrs_apply(struct xattrs *x);

/* The same for a symbolic link, by DST's name: it has no mode and no ACL. */
void xattrs_apply_link(struct run *run, const struct job *job,
		       const struct source *src, const struct attrs_dst *dst);

/* After setting the mode, with X->serves_acl: set those ACLs again. */
void xattrs_after_mode(const struct xattrs *x);

/* Free what it holds.  For _cleanup_. */
void xattrs_release(struct xattrs *x);
