/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * System calls for which musl, or glibc before 2.34, may have no function.  A
 * libc that has the function also defines the macro that is tested here.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* FIXME: remove when musl 1.2.5 is the floor. */
#ifndef STATX_BTIME
#include <linux/stat.h>

/* statx(2) */
static inline int statx(int dir, const char *name, int flags, unsigned mask,
			struct statx *ret)
{
	return (int)syscall(SYS_statx, dir, name, flags, mask, ret);
}
#endif

/* FIXME: remove when no musl lacks it: 1.2.5 does. */
#ifndef RENAME_NOREPLACE
#include <linux/fs.h>

/* renameat2(2) */
static inline int renameat2(int from_dir, const char *from, int to_dir,
			    const char *to, unsigned flags)
{
	return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}
#endif

/* FIXME: remove when glibc 2.34 is the floor, and no musl lacks it. */
#ifndef CLOSE_RANGE_CLOEXEC
/* close_range(2) */
static inline int close_range(unsigned first, unsigned last, int flags)
{
	return (int)syscall(SYS_close_range, first, last, flags);
}
#endif

/* getdents(2) has its other name in musl. */
#ifndef __GLIBC__
#define getdents64 getdents
#endif
