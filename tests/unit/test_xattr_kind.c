/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"
#include "check.h"
#include "xattr_kind.h"

static void kinds(void)
{
	static const struct {
		const char *name;
		enum xattr_kind kind;
	} rows[] = {
		{ "user.x", XATTR_PLAIN },
		{ "user.Beagle.x", XATTR_PLAIN },
		{ "security.capability", XATTR_PLAIN },
		{ "security.selinuxlike", XATTR_PLAIN },
		{ "trusted.overlay.opaque", XATTR_PLAIN },
		{ "trusted.overlay.redirect", XATTR_PLAIN },
		{ "btrfs.compression", XATTR_PLAIN },
		/* Nobody is to lose what nobody has heard of. */
		{ "system.unheard_of", XATTR_PLAIN },
		{ "system.posix_acl_access", XATTR_POSIX_ACL },
		{ "system.posix_acl_default", XATTR_POSIX_ACL },
		{ "system.nfs4_acl", XATTR_SERVER_ACL },
		{ "system.nfs4_dacl", XATTR_SERVER_ACL },
		{ "system.nfs4_sacl", XATTR_SERVER_ACL },
		{ "system.cifs_acl", XATTR_SERVER_ACL },
		{ "system.cifs_ntsd", XATTR_SERVER_ACL },
		{ "system.cifs_ntsd_full", XATTR_SERVER_ACL },
		{ "system.smb3_acl", XATTR_SERVER_ACL },
		{ "system.smb3_ntsd_full", XATTR_SERVER_ACL },
		{ "system.richacl", XATTR_SERVER_ACL },
		{ "trusted.SGI_ACL_FILE", XATTR_LEFT },
		{ "security.evm", XATTR_LEFT },
		{ "security.selinux", XATTR_LEFT },
		{ "afs.acl", XATTR_LEFT },
		{ "", XATTR_PLAIN },
	};

	for (size_t i = 0; i < countof(rows); i++)
		check(xattr_kind(rows[i].name) == rows[i].kind);
}

#define N(c)  "\0\0\0" c /* the number of that byte */
#define ACL   "system.nfs4_acl"
#define DACL  "system.nfs4_dacl"
#define OWNER N("\6") "OWNER@\0\0"
#define GROUP N("\6") "GROUP@\0\0"
#define ALL   N("\11") "EVERYONE@\0\0\0"
/* To allow something, and to deny it. */
#define ALLOW(who) N("\0") N("\0") "\0\26\1\207" who
#define DENY(who)  N("\1") N("\100") "\0\0\0\2" who

static void mode_only(void)
{
	static const struct {
		const char *name;
		const char *value;
		size_t len;
		bool is;
	} rows[] = {
#define ROW(name, value, is) { name, value, sizeof(value) - 1, is }
		ROW(ACL, N("\3") ALLOW(OWNER) ALLOW(GROUP) ALLOW(ALL), true),
		ROW(ACL, N("\2") DENY(GROUP) ALLOW(ALL), true),
		ROW(ACL, N("\0"), true),
		ROW(DACL, N("\1") N("\1") ALLOW(ALL), true),
		/* Somebody is named. */
		ROW(ACL, N("\2") ALLOW(OWNER) ALLOW(N("\5") "bob@x\0\0\0"),
		    false),
		/* What is made in the directory gets it. */
		ROW(ACL, N("\1") N("\0") N("\3") N("\1") OWNER, false),
		/* An alarm, no permission. */
		ROW(ACL, N("\1") N("\3") N("\0") N("\1") OWNER, false),
		/* Cut, too long, or nothing. */
		ROW(ACL, N("\1") N("\0") N("\0") N("\1") N("\6") "OWNE", false),
		ROW(ACL, N("\2") ALLOW(OWNER), false),
		ROW(ACL, N("\1") ALLOW(OWNER) "\0", false),
		ROW(ACL, "\377\377\377\377" ALLOW(OWNER), false),
		ROW(ACL, N("\1") N("\0") N("\0") N("\1") "\377\377\377\377",
		    false),
		ROW(ACL, "", false),
		/* Another format, or nobody knows. */
		ROW("system.nfs4_sacl", N("\0"), false),
		ROW("system.cifs_acl", N("\0"), false),
#undef ROW
	};

	for (size_t i = 0; i < countof(rows); i++)
		check(xattr_is_mode_only(rows[i].name, rows[i].value,
					 rows[i].len) == rows[i].is);
}

int main(void)
{
	test(kinds);
	test(mode_only);
	return tests_end();
}
