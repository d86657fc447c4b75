/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "attrs.h"

/*
 * Extended attributes of a copy, and what is stored as such: ACLs.  Which is
 * which is in plan/xattr_kind.h.
 */
struct xattrs {
	struct run *run;
	const struct job *job;
	const struct source *src;
	const struct attrs_dst *dst;
	bool is_owned; /* DST's owner and group are as they should be */
	/* from here on xattrs_apply()'s */
	char *names;	 /* owned: what the source has, each with its NUL */
	size_t len;	 /* bytes of them */
	uint64_t copied; /* bytes of names and values so far */
	bool serves_acl; /* an ACL was set that a new mode would change */
};

/*
 * Give X->dst those attributes and ACLs of X->src that the policy preserves.
 * What can't be kept is told, and counted if it was asked for.
 *
 * Returns the mode bits that may be set now; 0 if the mode is not to be tried.
 * With an ACL those of the group are its mask: where it is not the source's
 * they would let in whom the source keeps out.
 */
uint32_t xattrs_apply(struct xattrs *x);

/*
 * The same for a symbolic link, DST->name in DST->dir, which has no mode and no
 * ACL.
 */
void xattrs_apply_link(struct run *run, const struct job *job,
		       const struct source *src, const struct attrs_dst *dst);

/* The mode was set, with X->serves_acl: set those ACLs once more. */
void xattrs_after_mode(const struct xattrs *x);

/* Free what it holds.  For _cleanup_. */
void xattrs_release(struct xattrs *x);
