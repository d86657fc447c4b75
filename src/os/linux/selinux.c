/* SPDX-License-Identifier: BSD-2-Clause */
#include "selinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <bsd/string.h>

#include "base.h"
#include "meta.h"

/* The extended attribute that holds it. */
#define CONTEXT "security.selinux"

/* As libselinux does; a read-only selinuxfs is that of a container's host. */
bool selinux_is_on(void)
{
	struct statfs fs;

	return statfs("/sys/fs/selinux", &fs) == 0 &&
	       (uint32_t)fs.f_type == SELINUX_MAGIC &&
	       !(fs.f_flags & ST_RDONLY) &&
	       faccessat(AT_FDCWD, "/etc/selinux/config", F_OK, 0) == 0;
}

int selinux_get(fd_t fd, char **ret)
{
	size_t len;

	return meta_get_xattr(&(struct fd_named){ .fd = fd }, CONTEXT, ret,
			      &len);
}

int selinux_set(fd_t fd, const char *context)
{
	return meta_set_xattr(&(struct fd_named){ .fd = fd }, CONTEXT, context,
			      strlen(context) + 1);
}

/* The empty string means no context. */
static int write_for_new(const char *context)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int r = fd_open_at(FD_CWD, "/proc/thread-self/attr/fscreate", FD_WRITE,
			   &fd);

	/* In one call, with the NUL: each write(2) sets a context. */
	if (r == 0 && write(fd, context, strlen(context) + 1) < 0)
		r = -errno;
	return r;
}

int selinux_use_for_new(const char *context)
{
	/* The context set last; one that is too long is not remembered. */
	static _Thread_local struct {
		bool is_known;
		char text[256];
	} now;
	int r;

	if (!context)
		context = "";
	if (now.is_known && strcmp(now.text, context) == 0)
		return 0;
	r = write_for_new(context);
	now.is_known = r == 0 && strlcpy(now.text, context, sizeof(now.text)) <
					 sizeof(now.text);
	return r;
}
