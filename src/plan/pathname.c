/* SPDX-License-Identifier: BSD-2-Clause */
#include "pathname.h"

#include <stdlib.h>
#include <string.h>

/* The length of PATH without trailing slashes; a leading one stays. */
static size_t stripped_length(const char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	return len;
}

/* Where the last component starts in the first LEN bytes of PATH. */
static size_t last_start(const char *path, size_t len)
{
	size_t start = len;

	while (start > 0 && path[start - 1] != '/')
		start--;
	return start == len && len > 0 ? start - 1 : start; /* the root */
}

void pathname_strip(char *path)
{
	path[stripped_length(path)] = '\0';
}

char *pathname_last(const char *path)
{
	size_t len = stripped_length(path);
	size_t start = last_start(path, len);

	return strndup(path + start, len - start);
}

char *pathname_parent(const char *path)
{
	return strndup(path, last_start(path, stripped_length(path)));
}

char *pathname_join(const char *dir, const char *rest)
{
	size_t n_dir = strlen(dir);
	size_t n_rest;
	char *path;

	while (*rest == '/')
		rest++;
	n_rest = strlen(rest) + 1;

	path = malloc(n_dir + 1 + n_rest);
	if (!path)
		return NULL;
	memcpy(path, dir, n_dir);
	if (n_dir > 0 && dir[n_dir - 1] != '/')
		path[n_dir++] = '/';
	memcpy(path + n_dir, rest, n_rest);
	return path;
}
