/* SPDX-License-Identifier: BSD-2-Clause */
#include "xattr_kind.h"

#include <stdint.h>
#include <string.h>

#include "base.h"

/* A name that ends in '*' matches all names with that prefix. */
static const struct {
	const char *name;
	enum xattr_kind kind;
} rows[] = {
	{ "system.posix_acl_access", XATTR_POSIX_ACL },
	{ "system.posix_acl_default", XATTR_POSIX_ACL },

	/* Linux' NFS client: the ACL; since 5.18 also as two parts. */
	{ "system.nfs4_acl", XATTR_SERVER_ACL },
	{ "system.nfs4_dacl", XATTR_SERVER_ACL },
	{ "system.nfs4_sacl", XATTR_SERVER_ACL },
	/* The same ACL on local disks: patches for ext4, and for OpenZFS. */
	{ "system.nfs4acl", XATTR_SERVER_ACL },
	{ "system.nfs4_acl_xdr", XATTR_SERVER_ACL },
	{ "system.richacl", XATTR_SERVER_ACL },
	/* Linux' SMB client: the ACL; with the owner; the whole descriptor. */
	{ "system.cifs_acl", XATTR_SERVER_ACL },
	{ "system.cifs_ntsd", XATTR_SERVER_ACL },
	{ "system.cifs_ntsd_full", XATTR_SERVER_ACL },
	{ "system.smb3_acl", XATTR_SERVER_ACL },
	{ "system.smb3_ntsd*", XATTR_SERVER_ACL },
	/* NTFS: NTFS-3G and the kernel's driver. */
	{ "system.ntfs_acl", XATTR_SERVER_ACL },
	{ "system.ntfs_security", XATTR_SERVER_ACL },

	/* XFS shows root the POSIX ACLs under these names as well. */
	{ "trusted.SGI_*", XATTR_LEFT },
	/* A signature of this inode, which only the kernel may write. */
	{ "security.evm", XATTR_LEFT },
	/* SELinux contexts have their own options and rules. */
	{ "security.selinux", XATTR_LEFT },
	/* Where an AFS server stores the file. */
	{ "afs.*", XATTR_LEFT },
	/* All others are data.  So is trusted.overlay.*: without it, files
	 * deleted in an upper layer appear again. */
};

static bool matches(const char *row, const char *name)
{
	size_t len = strlen(row);

	if (row[len - 1] == '*')
		return strncmp(row, name, len - 1) == 0;
	return strcmp(row, name) == 0;
}

enum xattr_kind xattr_kind(const char *name)
{
	for (size_t i = 0; i < countof(rows); i++)
		if (matches(rows[i].name, name))
			return rows[i].kind;
	return XATTR_PLAIN;
}

/* A sequence of numbers and strings, encoded as XDR (RFC 4506). */
struct xdr {
	const char *at;
	size_t left;
	bool is_bad; /* it ended too early */
};

static uint32_t xdr_number(struct xdr *x)
{
	unsigned char b[4];

	if (x->left < sizeof(b)) {
		x->is_bad = true;
		return 0;
	}
	memcpy(b, x->at, sizeof(b));
	x->at += sizeof(b);
	x->left -= sizeof(b);
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	       (uint32_t)b[2] << 8 | b[3];
}

/* Is the next element, a string, one of WORDS?  The last of these is NULL. */
static bool xdr_is_among(struct xdr *x, const char *const *words)
{
	size_t len = xdr_number(x);
	size_t padded = (len + 3) / 4 * 4;
	bool found = false;

	if (padded > x->left) {
		x->is_bad = true;
		return false;
	}
	for (; *words; words++)
		found |= strlen(*words) == len &&
			 memcmp(*words, x->at, len) == 0;
	x->at += padded;
	x->left -= padded;
	return found;
}

/* Read one entry: who is allowed or denied what. */
static bool is_mode_only(struct xdr *x)
{
	static const char *const classes[] = { "OWNER@", "GROUP@", "EVERYONE@",
					       NULL };
	const uint32_t deny = 1;     /* 0 allows */
	const uint32_t group = 0x40; /* the name is a group's */
	uint32_t type = xdr_number(x);
	uint32_t flags = xdr_number(x);

	(void)xdr_number(x); /* the permissions */
	return xdr_is_among(x, classes) && type <= deny && !(flags & ~group);
}

bool xattr_is_mode_only(const char *name, const char *value, size_t len)
{
	bool has_flags = strcmp(name, "system.nfs4_dacl") == 0;
	struct xdr x = { .at = value, .left = len };
	uint32_t n;

	if (!has_flags && strcmp(name, "system.nfs4_acl") != 0)
		return false;
	/* Flags about the history of the ACL may be lost. */
	if (has_flags)
		(void)xdr_number(&x);
	n = xdr_number(&x);
	for (uint32_t i = 0; i < n; i++)
		if (!is_mode_only(&x) || x.is_bad)
			return false;
	return !x.is_bad && x.left == 0;
}
