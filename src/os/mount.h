/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"

/* A mount; all strings are in TEXT. */
struct mount {
	char *text;	     /* owned; NULL: nothing is known */
	const char *device;  /* the number of its file system: "8:1" */
	const char *point;   /* where it is mounted */
	const char *type;    /* its file system: "xfs", "fuse.sshfs" */
	const char *source;  /* what is mounted: a device, a server, a word */
	const char *options; /* of the mount, separated by commas */
	const char *fs_options; /* the same, of the file system */
};

/*
 * Find the mount that FD, which may have been opened with FD_PATH, was opened
 * on.
 *
 * Returns 0 with *RET to be passed to mount_release(), or -errno: -ENOENT
 * without /proc, or if the mount is outside this process's root.
 *
 * proc_pid_mountinfo(5).
 */
int mount_find(fd_t fd, struct mount *ret);

/* Free what MOUNT holds.  For _cleanup_. */
void mount_release(struct mount *mount);
