/* SPDX-License-Identifier: BSD-2-Clause */
#include "backup.h"

#include <string.h>

uint64_t backup_number(const char *name, const char *entry)
{
	size_t len = strlen(name);
	uint64_t n = 0;
	const char *p;

	if (strncmp(entry, name, len) != 0 ||
	    strncmp(entry + len, ".~", 2) != 0)
		return 0;

	p = entry + len + 2;
	if (*p < '1' || *p > '9')
		return 0;
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(n, (uint64_t)10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*p - '0'), &n))
			return 0;

	return strcmp(p, "~") == 0 ? n : 0;
}

bool backup_is_simple(const char *name, const char *suffix, const char *entry)
{
	size_t len = strlen(name);

	return strncmp(entry, name, len) == 0 &&
	       strcmp(entry + len, suffix) == 0;
}
