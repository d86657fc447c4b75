/* SPDX-License-Identifier: BSD-2-Clause */
#include "pathname.h"

#include <stdlib.h>
#include <string.h>

bool pathname_is_absolute(const char *path)
{
	return path[0] == '/';
}

bool pathname_has_slash(const char *name)
{
	return strchr(name, '/');
}

const char *pathname_relative(const char *path)
{
	return path + strspn(path, "/");
}

size_t pathname_first(const char *path)
{
	return strcspn(path, "/");
}

size_t pathname_stem(const char *path)
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
	path[pathname_stem(path)] = '\0';
}

char *pathname_last(const char *path)
{
	size_t len = pathname_stem(path);
	size_t start = last_start(path, len);

	return strndup(path + start, len - start);
}

char *pathname_parent(const char *path)
{
	return strndup(path, last_start(path, pathname_stem(path)));
}

char *pathname_join(const char *dir, const char *rest)
{
	size_t n_dir = strlen(dir);
	size_t n_rest;
	char *path;

	rest = pathname_relative(rest);
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

size_t pathname_count(const char *path, size_t len)
{
	size_t n = 1;

	for (size_t i = 0; i + 1 < len; i++)
		n += path[i] == '/';
	return n;
}

size_t pathname_repeats(const char *path)
{
	size_t n = strlen(path) + 1; /* as if it ended in a slash */
	const char *slash = strchr(path, '/');

	for (; slash; slash = strchr(slash + 1, '/')) {
		size_t period = (size_t)(slash - path) + 1;

		if (period > n / 2)
			break;
		if (n % period == 0 &&
		    memcmp(path, path + period, n - period - 1) == 0)
			return n / period;
	}
	return 1;
}

/* The end of what is N bytes of TEXT, without its last part. */
static size_t drop_part(const char *text, size_t n)
{
	while (n > 0 && text[n - 1] != '/')
		n--;
	return n > 1 ? n - 1 : n;
}

char *pathname_plain(const char *path)
{
	char *out = malloc(strlen(path) + 2);
	size_t depth = 0;
	size_t n = 0;

	if (!out)
		return NULL;
	if (pathname_is_absolute(path))
		out[n++] = '/';
	for (const char *p = pathname_relative(path); *p;) {
		size_t len = pathname_first(p);
		bool up = len == 2 && p[0] == '.' && p[1] == '.';

		if (up && depth > 0) {
			n = drop_part(out, n);
			depth--;
		} else if (len != 1 || p[0] != '.') {
			if (n > 0 && out[n - 1] != '/')
				out[n++] = '/';
			memcpy(out + n, p, len);
			n += len;
			depth += !up;
		}
		p = pathname_relative(p + len);
	}
	out[n] = '\0';
	return out;
}
