/* SPDX-License-Identifier: BSD-2-Clause */
#include "oddacl.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

#include "oddrule.h"

#define KEPT "user.odd."

const char *odd_acl_kept(const char *real, const char *name,
			 char buf[static 300])
{
	if (!odd_rule_find(RULE_ACLS, real) ||
	    strncmp(name, "system.", 7) != 0 ||
	    strncmp(name, "system.posix_acl", 16) == 0)
		return name;
	(void)snprintf(buf, 300, KEPT "%s", name);
	return buf;
}

/* Linux' SMB client gives it to who knows its name. */
static bool is_unlisted(const char *name)
{
	return strcmp(name, "system.cifs_acl") == 0;
}

ssize_t odd_acl_shown(const char *real, char *list, ssize_t n)
{
	const size_t prefix = strlen(KEPT);
	char *out = list;

	if (!odd_rule_find(RULE_ACLS, real))
		return n;
	for (const char *p = list; p < list + n;) {
		size_t len = strlen(p) + 1;
		size_t skipped = strncmp(p, KEPT, prefix) == 0 ? prefix : 0;

		if (skipped && is_unlisted(p + skipped))
			skipped = len;
		memmove(out, p + skipped, len - skipped);
		out += len - skipped;
		p += len;
	}
	return out - list;
}

void odd_acl_mode_set(const char *real)
{
	if (odd_rule_find(RULE_ACLS, real))
		(void)lremovexattr(real, KEPT "system.nfs4_acl");
}
