/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* How an extended attribute is treated when its file is copied; xattr(7). */
enum xattr_kind {
	XATTR_PLAIN,	  /* copied unchanged, with PRESERVE_XATTR */
	XATTR_POSIX_ACL,  /* a POSIX ACL: copied with the mode */
	XATTR_SERVER_ACL, /* an ACL of another kind, which few file systems
			     have: copied unchanged, with the mode */
	XATTR_LEFT,	  /* not copied: it describes the source alone */
};

/* The kind of the attribute NAME. */
enum xattr_kind xattr_kind(const char *name);

/*
 * Does the ACL NAME, whose value is the LEN bytes at VALUE, name only the three
 * classes of the mode bits?  NFS servers show such an ACL for each file; where
 * it can't be preserved, the mode says the same.  Returns false if in doubt.
 *
 * RFC 8881, section 6.2.1 (nfsace4) and 6.4 (the three special names).
 */
bool xattr_is_mode_only(const char *name, const char *value, size_t len);
