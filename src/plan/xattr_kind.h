/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What becomes of an extended attribute when its file is copied; xattr(7). */
enum xattr_kind {
	XATTR_PLAIN,	  /* copied as it is, with PRESERVE_XATTR */
	XATTR_POSIX_ACL,  /* an ACL that all of Linux knows: with the mode */
	XATTR_SERVER_ACL, /* one of another kind, that few file systems know:
			     copied as it is, but with the mode */
	XATTR_LEFT,	  /* not copied: it is about the source alone */
};

/* The kind of the attribute NAME. */
enum xattr_kind xattr_kind(const char *name);

/*
 * Does the ACL NAME with the LEN bytes VALUE name nobody but the three classes
 * that the mode bits are for?  Servers of NFS show such a list for each file;
 * where it can't be kept, the mode says the same.  False if that isn't known.
 *
 * RFC 8881, section 6.2.1 (nfsace4) and 6.4 (the three special names).
 */
bool xattr_is_mode_only(const char *name, const char *value, size_t len);
