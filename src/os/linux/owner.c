/* SPDX-License-Identifier: BSD-2-Clause */
#include "meta.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base.h"

/* Read PATH, or as much of it as BUF can hold, as a string. */
static int read_all(const char *path, char *buf, size_t size)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	size_t len = 0;
	size_t n = 1;
	int r = fd_open_at(FD_CWD, path, FD_READ, &fd);

	while (r == 0 && n > 0 && len < size - 1) {
		r = fd_read(fd, FD_STREAM, buf + len, size - 1 - len, &n);
		if (r == 0)
			len += n;
	}
	buf[len] = '\0';
	return r;
}

/* Does MAP contain UID?  Its lines are: first user, another number, count. */
static bool has_user(const char *map, unsigned long uid)
{
	while (*map) {
		char *end;
		unsigned long first = strtoul(map, &end, 10);
		unsigned long n;

		(void)strtoul(end, &end, 10);
		n = strtoul(end, &end, 10);
		if (uid >= first && uid - first < n)
			return true;
		map = end + strcspn(end, "\n");
		map += strspn(map, "\n");
	}
	return false;
}

/* Is UID the overflow user ID, which stands for all unmapped users? */
static bool is_nobody_here(uint32_t uid)
{
	/* At most 340 lines. */
	char buf[12288];

	if (read_all("/proc/sys/kernel/overflowuid", buf, sizeof(buf)) < 0 ||
	    strtoul(buf, NULL, 10) != uid)
		return false;
	return read_all("/proc/self/uid_map", buf, sizeof(buf)) == 0 &&
	       *buf != '\0' && !has_user(buf, uid);
}

bool meta_is_own(struct owner owner)
{
	return owner.user == geteuid();
}

bool meta_is_trusted(struct owner owner)
{
	return owner.user == 0 || owner.user == geteuid() ||
	       is_nobody_here(owner.user);
}
