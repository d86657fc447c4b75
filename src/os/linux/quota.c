/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The quota of this process's control group and of all groups above it.  They
 * are looked up at their usual mount point, which saves reading the list of
 * mounts.  In a container, the path that the kernel reports may not exist; then
 * the root of the mount is the container's own group.
 */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base.h"
#include "cpuquota.h"
#include "fd.h"
#include "thread.h"

#define ROOT "/sys/fs/cgroup"

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
