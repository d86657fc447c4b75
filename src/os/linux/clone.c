/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * While it clones, the kernel checks for fatal signals only (Linux 6.18,
 * fs/btrfs/reflink.c, fs/xfs/xfs_reflink.c), and a signal with a handler is not
 * fatal.  SIGKILL is.  So a child process makes a long clone: it can be killed,
 * while this process lives on to clean up.  A thread would not do.  It can't be
 * killed alone, and while the clone holds its lock, the destination can't even
 * be unlinked.
 */
#include "clone.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base.h"
#include "interrupt.h"
#include "keep_only.h"

/*
 * Most bytes per call.  With more than 2 GiB, glibc 2.41 and FUSE (up to Linux
 * 6.16) had bugs.  And a signal does not end a call, so it must not take long.
 */
#define COPY_RANGE_MAX ((uint64_t)64 << 20)

/* Did the call fail with EINTR, and may it be repeated?  Twice is safe. */
static bool again(void)
{
	return errno == EINTR && !interrupted();
}

int clone_whole(fd_t src, fd_t dst)
{
	int r;

	do
		r = ioctl(dst, FICLONE, src);
	while (r < 0 && again());
	return r < 0 ? -errno : 0;
}

int clone_range(fd_t src, struct range src_range, fd_t dst, uint64_t dst_off)
{
	struct file_clone_range arg = {
		.src_fd = src,
		.src_offset = src_range.off,
		.src_length = src_range.len,
		.dest_offset = dst_off,
	};
	int r;

	do
		r = ioctl(dst, FICLONERANGE, &arg);
	while (r < 0 && again());
	return r < 0 ? -errno : 0;
}

/* What the child clones. */
struct watched {
	fd_t src;
	struct range src_range;
	fd_t dst;
	uint64_t dst_off;
	const struct clone_watch *watch; /* not for the child */
};

static int clone_here(const struct watched *w)
{
	if (w->src_range.off == 0 && w->src_range.len == 0 && w->dst_off == 0)
		return clone_whole(w->src, w->dst);
	return clone_range(w->src, w->src_range, w->dst, w->dst_off);
}

/*
 * Wait until FD can be read or a terminating signal arrives, and look now and
 * then.  Signals are blocked except inside ppoll(2), so that none is lost between
 * the check and the wait.
 */
static void wait_or_interrupt(fd_t fd, const struct clone_watch *watch)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	/* Another thread may have got the signal: check now and then. */
	const struct timespec tick = { .tv_nsec = 100000000 };
	sigset_t all;
	sigset_t old;
	int r = 0;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	while (r == 0 && !interrupted()) {
		r = ppoll(&p, 1, &tick, &old);
		if (r < 0 && errno == EINTR)
			r = 0;
		if (r == 0)
			watch->look(watch->ctx);
	}
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/* Wait for the child's result; if a terminating signal arrives, kill it. */
static int watch_child(pid_t child, fd_t told, const struct clone_watch *watch)
{
	int result = -EINTR;
	size_t n = 0;
	int r;

	wait_or_interrupt(told, watch);
	if (interrupted())
		(void)kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;

	/* A child that finished before it was killed has sent its result. */
	r = fd_read(told, FD_STREAM, &result, sizeof(result), &n);
	if (r < 0)
		return r;
	return n == sizeof(result) ? result : -EINTR;
}

/*
 * The child: clone, send the result, exit.  It must not use libc's state.
 *
 * It closes the descriptors of other threads.  If they stayed open during the
 * clone, a program that another thread has just copied could not be run
 * (ETXTBSY), and a reader of a pipe would wait for its end.
 */
static _Noreturn void tell_clone(const struct watched *w, fd_t tell)
{
	const fd_t needed[] = { w->src, w->dst, tell };
	int r;

	keep_only(needed, countof(needed));
	r = clone_here(w);
	_exit(write(tell, &r, sizeof(r)) == sizeof(r) ? 0 : 1);
}

static int clone_in_child(const struct watched *w, fd_t told, fd_t *tell)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	pid_t self = getpid();
	pid_t child;

	/* If SIGCHLD were ignored, a dead child's PID could be reused. */
	(void)sigaction(SIGCHLD, &usual, NULL);
	child = fork();
	if (child < 0)
		return clone_here(w);
	if (child == 0) {
		/* Don't outlive the parent. */
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == self)
			tell_clone(w, *tell);
		_exit(1);
	}
	fd_closep(tell);
	return watch_child(child, told, w->watch);
}

int clone_watched(fd_t src, struct range src_range, fd_t dst, uint64_t dst_off,
		  const struct clone_watch *watch)
{
	const struct watched w = { src, src_range, dst, dst_off, watch };
	_cleanup_(fd_closep) fd_t told = FD_NONE;
	_cleanup_(fd_closep) fd_t tell = FD_NONE;
	fd_t ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return clone_here(&w);
	told = ends[0];
	tell = ends[1];
	return clone_in_child(&w, told, &tell);
}

int clone_copy_range(fd_t src, struct range src_range, fd_t dst,
		     uint64_t dst_off, uint64_t *ret_n)
{
	uint64_t len =
		src_range.len < COPY_RANGE_MAX ? src_range.len : COPY_RANGE_MAX;
	off_t src_pos = (off_t)src_range.off;
	off_t dst_pos = (off_t)dst_off;
	ssize_t n;

	do
		n = copy_file_range(src, &src_pos, dst, &dst_pos, len, 0);
	while (n < 0 && again());
	if (n < 0)
		return -errno;

	*ret_n = (uint64_t)n;
	return 0;
}
