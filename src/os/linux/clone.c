/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel looks for fatal signals only while it clones (Linux 6.18,
 * fs/btrfs/reflink.c, fs/xfs/xfs_reflink.c), and a signal with a handler is
 * not fatal.  SIGKILL is: so a long clone is made by a child process, which
 * can be killed while this one lives on to clean up.  A thread would not do:
 * it can't be killed alone, and the destination can't even be unlinked while
 * the clone holds its lock.
 */
#include "clone.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base.h"
#include "interrupt.h"

/*
 * Most bytes a call.  More than 2 GiB went wrong in glibc 2.41 and FUSE (up to
 * Linux 6.16); and a call is not left for a signal, so it must not take long.
 */
#define COPY_RANGE_MAX ((uint64_t)64 << 20)

int clone_whole(fd_t src, fd_t dst)
{
	return ioctl(dst, FICLONE, src) < 0 ? -errno : 0;
}

/* The child: clone, tell the result, end.  Nothing of libc's is touched. */
static _Noreturn void clone_in_child(fd_t src, fd_t dst, fd_t tell)
{
	int r;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	r = clone_whole(src, dst);
	_exit(write(tell, &r, sizeof(r)) == sizeof(r) ? 0 : 1);
}

/*
 * Wait until FD can be read or the end is asked for.  Signals are let in only
 * inside ppoll(2), so that none is lost between the look and the wait.
 */
static void wait_or_interrupt(fd_t fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	sigset_t all;
	sigset_t old;
	int r = 0;

	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &old);
	while (r == 0 && !interrupted()) {
		r = ppoll(&p, 1, NULL, &old);
		if (r < 0 && errno == EINTR)
			r = 0;
	}
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
}

/* Wait for the child's result; if the end is asked for, kill it first. */
static int watch_child(pid_t child, fd_t told)
{
	int result = -EINTR;
	size_t n = 0;
	int r;

	wait_or_interrupt(told);
	if (interrupted())
		(void)kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;

	/* A child that finished before it was killed has told so. */
	r = fd_read(told, FD_STREAM, &result, sizeof(result), &n);
	if (r < 0)
		return r;
	return n == sizeof(result) ? result : -EINTR;
}

int clone_whole_watched(fd_t src, fd_t dst)
{
	_cleanup_(fd_closep) fd_t told = FD_NONE;
	_cleanup_(fd_closep) fd_t tell = FD_NONE;
	fd_t ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return clone_whole(src, dst);
	told = ends[0];
	tell = ends[1];

	child = fork();
	if (child < 0)
		return clone_whole(src, dst);
	if (child == 0)
		clone_in_child(src, dst, tell);

	fd_closep(&tell);
	return watch_child(child, told);
}

int clone_range(fd_t src, struct range src_range, fd_t dst, uint64_t dst_off)
{
	struct file_clone_range arg = {
		.src_fd = src,
		.src_offset = src_range.off,
		.src_length = src_range.len,
		.dest_offset = dst_off,
	};

	return ioctl(dst, FICLONERANGE, &arg) < 0 ? -errno : 0;
}

int clone_copy_range(fd_t src, struct range src_range, fd_t dst,
		     uint64_t dst_off, uint64_t *ret_n)
{
	uint64_t len =
		src_range.len < COPY_RANGE_MAX ? src_range.len : COPY_RANGE_MAX;
	off_t src_pos = (off_t)src_range.off;
	off_t dst_pos = (off_t)dst_off;
	ssize_t n = copy_file_range(src, &src_pos, dst, &dst_pos, len, 0);

	if (n < 0)
		return -errno;

	*ret_n = (uint64_t)n;
	return 0;
}
