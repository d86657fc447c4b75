/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The quota of this process's control group and of all groups above it.  They
 * are looked up at their usual mount point, which saves reading the list of
 * mounts.  In a container, the path that the kernel reports may not exist; then
 * the root of the mount is the container's own group.
 */
#include "cpuquota.h"

#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base.h"
#include "fd.h"
#include "thread.h"

#define ROOT "/sys/fs/cgroup"

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

/* Read the file at PATH, or its beginning, as a string. */
static bool read_text(const char *path, char *buf, size_t size)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	size_t n;

	if (fd_open_at(FD_CWD, path, FD_READ, &fd) < 0 ||
	    fd_read(fd, 0, buf, size - 1, &n) < 0)
		return false;
	buf[n] = '\0';
	return true;
}

/* The same for NAME in DIR. */
static bool read_text_in(const char *dir, const char *name, char *buf,
			 size_t size)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= PATH_MAX)
		return false;
	return read_text(path, buf, size);
}

/* The quota of the group DIR in version 2. */
static unsigned quota_of(const char *dir)
{
	char text[64];

	if (!read_text_in(dir, "cpu.max", text, sizeof(text)))
		return CPUQUOTA_NONE;
	return cpuquota_of_max(text);
}

/* The same in version 1. */
static unsigned quota_of_v1(const char *dir)
{
	char quota[32];
	char period[32];

	if (!read_text_in(dir, "cpu.cfs_quota_us", quota, sizeof(quota)) ||
	    quota[0] == '-' ||
	    !read_text_in(dir, "cpu.cfs_period_us", period, sizeof(period)))
		return CPUQUOTA_NONE;
	return cpuquota_processors(quota, period);
}

/* The lowest quota of GROUP, below MOUNT, and of the groups above it. */
static unsigned lowest(const char *mount, const char *group,
		       unsigned (*quota)(const char *dir))
{
	unsigned least = CPUQUOTA_NONE;
	size_t root = strlen(mount);
	char dir[PATH_MAX];
	int len = snprintf(dir, sizeof(dir), "%s%s", mount, group);

	/* "/..": the group is outside this namespace, and not visible. */
	if (len >= PATH_MAX || strstr(group, "/.."))
		return quota(mount);
	while (least > 1) {
		unsigned n = quota(dir);

		if (n < least)
			least = n;
		if (strlen(dir) <= root + 1)
			break;
		*strrchr(dir, '/') = '\0';
	}
	return least;
}

unsigned thread_quota(void)
{
	char text[PATH_MAX];
	_cleanup_(freep) char *group = NULL;
	int scheduler = sched_getscheduler(0);

	/* Only the fair scheduler has quotas. */
	if (scheduler == SCHED_FIFO || scheduler == SCHED_RR ||
	    !read_text("/proc/self/cgroup", text, sizeof(text)))
		return CPUQUOTA_NONE;

	group = cpuquota_group(text, "cpu");
	if (group)
		return lowest(ROOT "/cpu", group, quota_of_v1);
	group = cpuquota_group(text, NULL);
	return group ? lowest(ROOT, group, quota_of) : CPUQUOTA_NONE;
}
