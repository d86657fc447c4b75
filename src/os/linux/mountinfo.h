/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

struct mount;

/*
 * Reading what the files of /proc say about mounts, for mount.c.  proc_pid_fdinfo(5),
 * proc_pid_mountinfo(5).
 */

/* The mount of FDINFO, a text of /proc/self/fdinfo; NULL if there is none. */
const char *mountinfo_id(const char *fdinfo);

/*
 * Find the mount ID, which ends in a character that is no digit, in TEXT, which
 * is overwritten.
 *
 * Returns 0 with the strings of *RET inside TEXT, and its text left NULL; or
 * -ENOENT.
 */
int mountinfo_find(char *text, const char *id, struct mount *ret);
