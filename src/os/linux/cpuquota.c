/* SPDX-License-Identifier: BSD-2-Clause */
#include "cpuquota.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Is WORD in the N bytes at LIST, a list of words separated by commas? */
static bool has_word(const char *list, size_t n, const char *word)
{
	const size_t len = strlen(word);

	for (size_t i = 0; i + len <= n; i++) {
		bool begins = i == 0 || list[i - 1] == ',';
		bool ends = i + len == n || list[i + len] == ',';

		if (begins && ends && strncmp(list + i, word, len) == 0)
			return true;
	}
	return false;
}

/* The path in LINE ("NUMBER:CONTROLLERS:PATH", N bytes), if it is right. */
static const char *path_in(const char *line, size_t n, const char *controller)
{
	const char *names = memchr(line, ':', n);
	const char *path;

	if (!names++)
		return NULL;
	path = memchr(names, ':', n - (size_t)(names - line));
	if (!path)
		return NULL;
	if (controller ? has_word(names, (size_t)(path - names), controller)
		       : names == path)
		return path + 1;
	return NULL;
}

char *cpuquota_group(const char *text, const char *controller)
{
	const char *end;

	for (; (end = strchr(text, '\n')); text = end + 1) {
		const char *path =
			path_in(text, (size_t)(end - text), controller);

		if (path)
			return strndup(path, (size_t)(end - path));
	}
	return NULL;
}

/* Read the digits at TEXT; false if there are none, or too many. */
static bool read_number(const char *text, uint64_t *ret)
{
	const char *p = text;

	for (*ret = 0; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(*ret, (uint64_t)10, ret) ||
		    __builtin_add_overflow(*ret, (uint64_t)(*p - '0'), ret))
			return false;
	return p > text;
}

unsigned cpuquota_processors(const char *quota, const char *period)
{
	uint64_t q;
	uint64_t p;
	uint64_t n;

	if (!read_number(quota, &q) || !read_number(period, &p) || p == 0)
		return CPUQUOTA_NONE;
	n = q / p + (q % p >= p - q % p);
	if (n > CPUQUOTA_NONE)
		return CPUQUOTA_NONE;
	return n > 0 ? (unsigned)n : 1;
}

unsigned cpuquota_of_max(const char *text)
{
	const char *gap = strchr(text, ' ');

	return gap ? cpuquota_processors(text, gap + 1) : CPUQUOTA_NONE;
}
