/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every call that can fail, in front of the real one (ld --wrap): counted,
 * told, and made to fail if it is its turn.  The program knows nothing of it.
 *
 * What a call does besides failing is done here too where the real one does
 * it: a close(2) that fails has closed.
 */
#include "failcall.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

static struct shot plan;
static struct call_log own_log;
static struct call_log *call_log = &own_log;
static enum call_who who = WHO_PROGRAM;

/* Descriptors that are looked at. */
#define N_FDS 256

static struct pollfd at_first[N_FDS];

long __real_syscall(long number, ...);

struct call_log *failcall_log(void)
{
	return call_log;
}

/* Count a call of KIND.  Is it the one, or with LATER one after it? */
static bool is_turn(enum call_kind kind, bool later)
{
	/* Threads count together. */
	unsigned n =
		__atomic_fetch_add(&call_log->by[who].n, 1, __ATOMIC_RELAXED);

	if (n < CALL_LOG_MAX)
		call_log->by[who].kind[n] = (unsigned char)kind;
	if (who == plan.who && n + 1 == plan.n) {
		call_log->hit = kind;
		return true;
	}
	return later && call_log->hit == kind;
}

/* Count a call of KIND.  Returns true, with errno, if it is to fail. */
static bool fails(enum call_kind kind)
{
	bool later = plan.how == HOW_STICKY || plan.how == HOW_SHORTS ||
		     plan.how == HOW_GROWNS;

	if (!is_turn(kind, later))
		return false;
	if (plan.how == HOW_KILL)
		(void)kill(getpid(), SIGKILL);
	if (plan.how == HOW_TERM || plan.how == HOW_INTR)
		(void)kill(getpid(), SIGTERM);

	errno = plan.how == HOW_INTR ? EINTR : plan.err;
	return plan.how == HOW_ONCE || plan.how == HOW_STICKY ||
	       plan.how == HOW_INTR;
}

/* The same for a transfer of *LEN bytes, which may become fewer. */
static bool fails_or_shortens(enum call_kind kind, size_t *len)
{
	unsigned before = call_log->hit;

	if (fails(kind))
		return true;
	if (*len > 1 &&
	    ((plan.how == HOW_SHORT && before != call_log->hit) ||
	     (plan.how == HOW_SHORTS && call_log->hit == (unsigned)kind)))
		*len /= 2;
	if (plan.how == HOW_ENDS && before != call_log->hit)
		*len = 0;
	return false;
}

/* clang-format off */
/* Weak: not every C library has all of them. */
#define DECLARE(type, name, ...)                              \
	type __real_##name(__VA_ARGS__) __attribute__((weak)); \
	type __wrap_##name(__VA_ARGS__);                       \
	type __wrap_##name(__VA_ARGS__)

/* A call that fails by returning BAD and has no other trait. */
#define PLAIN(type, name, kind, bad, params, args) \
	DECLARE(type, name, UNWRAP params)         \
	{                                          \
		if (fails(KIND_##kind))            \
			return bad;                \
		return __real_##name args;         \
	}
#define UNWRAP(...) __VA_ARGS__

/* A transfer of LEN bytes. */
#define TRANSFER(name, kind, params, args)                  \
	DECLARE(ssize_t, name, UNWRAP params)               \
	{                                                   \
		if (fails_or_shortens(KIND_##kind, &len))   \
			return -1;                          \
		return __real_##name args;                  \
	}

/* One that opens: the mode is there only if it is looked at. */
#define OPENS(name, params, last, args)    \
	DECLARE(int, name, UNWRAP params, ...)      \
	{                                  \
		va_list ap;                \
		mode_t mode;               \
                                           \
		va_start(ap, last);        \
		mode = va_arg(ap, mode_t); \
		va_end(ap);                \
		if (fails(KIND_openat))    \
			return -1;         \
		return __real_##name args; \
	}

OPENS(open, (const char *path, int flags), flags, (path, flags, mode))
OPENS(open64, (const char *path, int flags), flags, (path, flags, mode))
OPENS(openat, (int dir, const char *path, int flags), flags, (dir, path, flags, mode))
OPENS(openat64, (int dir, const char *path, int flags), flags, (dir, path, flags, mode))
PLAIN(int, __open_2, openat, -1, (const char *path, int flags), (path, flags))
PLAIN(int, __open64_2, openat, -1, (const char *path, int flags), (path, flags))
PLAIN(int, __openat_2, openat, -1, (int dir, const char *path, int flags), (dir, path, flags))
PLAIN(int, __openat64_2, openat, -1, (int dir, const char *path, int flags), (dir, path, flags))

TRANSFER(read, read, (int fd, void *buf, size_t len), (fd, buf, len))
TRANSFER(__read_chk, read, (int fd, void *buf, size_t len, size_t size), (fd, buf, len, size))
TRANSFER(pread, read, (int fd, void *buf, size_t len, off_t off), (fd, buf, len, off))
TRANSFER(pread64, read, (int fd, void *buf, size_t len, off_t off), (fd, buf, len, off))
TRANSFER(__pread_chk, read, (int fd, void *buf, size_t len, off_t off, size_t size), (fd, buf, len, off, size))
TRANSFER(__pread64_chk, read, (int fd, void *buf, size_t len, off_t off, size_t size), (fd, buf, len, off, size))
TRANSFER(write, write, (int fd, const void *buf, size_t len), (fd, buf, len))
TRANSFER(pwrite, write, (int fd, const void *buf, size_t len, off_t off), (fd, buf, len, off))
TRANSFER(pwrite64, write, (int fd, const void *buf, size_t len, off_t off), (fd, buf, len, off))
/* The kernel's, with its 6 parameters. */
TRANSFER(copy_file_range, copy_file_range, (int src, off_t *src_off, int dst, off_t *dst_off, size_t len, unsigned flags), (src, src_off, dst, dst_off, len, flags))

PLAIN(off_t, lseek, lseek, -1, (int fd, off_t off, int whence), (fd, off, whence))
PLAIN(off_t, lseek64, lseek, -1, (int fd, off_t off, int whence), (fd, off, whence))
PLAIN(int, ftruncate, ftruncate, -1, (int fd, off_t len), (fd, len))
PLAIN(int, ftruncate64, ftruncate, -1, (int fd, off_t len), (fd, len))
PLAIN(int, fallocate, fallocate, -1, (int fd, int mode, off_t off, off_t len), (fd, mode, off, len))
PLAIN(int, fallocate64, fallocate, -1, (int fd, int mode, off_t off, off_t len), (fd, mode, off, len))
PLAIN(int, posix_fadvise, posix_fadvise, errno, (int fd, off_t off, off_t len, int advice), (fd, off, len, advice))
PLAIN(int, posix_fadvise64, posix_fadvise, errno, (int fd, off_t off, off_t len, int advice), (fd, off, len, advice))

PLAIN(int, fstat, fstat, -1, (int fd, struct stat *st), (fd, st))
PLAIN(int, fstat64, fstat, -1, (int fd, struct stat *st), (fd, st))
/* Clones that grow are a thing of SMB. */
#define STATFS(name)                                                           \
	int __wrap_##name(int fd, struct statfs *fs);                          \
	int __real_##name(int fd, struct statfs *fs);                          \
	int __wrap_##name(int fd, struct statfs *fs)                           \
	{                                                                      \
		int r;                                                         \
                                                                               \
		if (fails(KIND_fstatfs))                                       \
			return -1;                                             \
		r = __real_##name(fd, fs);                                     \
		if (plan.how == HOW_GROWN || plan.how == HOW_GROWNS)           \
			fs->f_type = SMB2_SUPER_MAGIC;                         \
		return r;                                                      \
	}

STATFS(fstatfs)
STATFS(fstatfs64)
PLAIN(int, statfs, statfs, -1, (const char *path, struct statfs *fs), (path, fs))
PLAIN(int, statfs64, statfs, -1, (const char *path, struct statfs *fs), (path, fs))
PLAIN(int, statx, statx, -1, (int dir, const char *name, int flags, unsigned mask, struct statx *st), (dir, name, flags, mask, st))
PLAIN(int, fstatat, fstatat, -1, (int dir, const char *name, struct stat *st, int flags), (dir, name, st, flags))
PLAIN(int, fstatat64, fstatat, -1, (int dir, const char *name, struct stat *st, int flags), (dir, name, st, flags))
PLAIN(int, faccessat, faccessat, -1, (int dir, const char *name, int mode, int flags), (dir, name, mode, flags))
PLAIN(int, fchmod, fchmod, -1, (int fd, mode_t mode), (fd, mode))
PLAIN(int, fchown, fchown, -1, (int fd, uid_t uid, gid_t gid), (fd, uid, gid))
PLAIN(int, fchownat, fchownat, -1, (int dir, const char *name, uid_t uid, gid_t gid, int flags), (dir, name, uid, gid, flags))
PLAIN(int, futimens, futimens, -1, (int fd, const struct timespec *t), (fd, t))
PLAIN(int, utimensat, utimensat, -1, (int dir, const char *name, const struct timespec *t, int flags), (dir, name, t, flags))
PLAIN(ssize_t, flistxattr, flistxattr, -1, (int fd, char *list, size_t size), (fd, list, size))
PLAIN(ssize_t, fgetxattr, fgetxattr, -1, (int fd, const char *name, void *value, size_t size), (fd, name, value, size))
PLAIN(int, fsetxattr, fsetxattr, -1, (int fd, const char *name, const void *value, size_t size, int flags), (fd, name, value, size, flags))
PLAIN(int, fremovexattr, fremovexattr, -1, (int fd, const char *name), (fd, name))
PLAIN(ssize_t, listxattr, flistxattr, -1, (const char *path, char *list, size_t size), (path, list, size))
PLAIN(ssize_t, getxattr, fgetxattr, -1, (const char *path, const char *name, void *value, size_t size), (path, name, value, size))
PLAIN(int, setxattr, fsetxattr, -1, (const char *path, const char *name, const void *value, size_t size, int flags), (path, name, value, size, flags))
PLAIN(int, removexattr, fremovexattr, -1, (const char *path, const char *name), (path, name))
PLAIN(ssize_t, llistxattr, flistxattr, -1, (const char *path, char *list, size_t size), (path, list, size))
PLAIN(ssize_t, lgetxattr, fgetxattr, -1, (const char *path, const char *name, void *value, size_t size), (path, name, value, size))
PLAIN(int, lsetxattr, fsetxattr, -1, (const char *path, const char *name, const void *value, size_t size, int flags), (path, name, value, size, flags))
PLAIN(int, lremovexattr, fremovexattr, -1, (const char *path, const char *name), (path, name))
PLAIN(int, unshare, unshare, -1, (int what), (what))
PLAIN(int, fchdir, fchdir, -1, (int fd), (fd))
PLAIN(int, chmod, fchmod, -1, (const char *path, mode_t mode), (path, mode))
PLAIN(int, getrlimit, getrlimit, -1, (int what, struct rlimit *limit), (what, limit))
PLAIN(int, getrlimit64, getrlimit, -1, (int what, struct rlimit *limit), (what, limit))
PLAIN(int, pthread_create, thread, errno, (pthread_t *id, const pthread_attr_t *attr, void *(*run)(void *), void *arg), (id, attr, run, arg))

PLAIN(int, unlinkat, unlinkat, -1, (int dir, const char *name, int flags), (dir, name, flags))
PLAIN(int, renameat, renameat, -1, (int from_dir, const char *from, int to_dir, const char *to), (from_dir, from, to_dir, to))
PLAIN(int, renameat2, renameat2, -1, (int from_dir, const char *from, int to_dir, const char *to, unsigned flags), (from_dir, from, to_dir, to, flags))
PLAIN(int, linkat, linkat, -1, (int from_dir, const char *from, int to_dir, const char *to, int flags), (from_dir, from, to_dir, to, flags))
PLAIN(int, mknodat, mknodat, -1, (int dir, const char *name, mode_t mode, dev_t dev), (dir, name, mode, dev))
PLAIN(int, symlinkat, symlinkat, -1, (const char *target, int dir, const char *name), (target, dir, name))
PLAIN(ssize_t, readlinkat, readlinkat, -1, (int dir, const char *name, char *buf, size_t size), (dir, name, buf, size))
PLAIN(ssize_t, __readlinkat_chk, readlinkat, -1, (int dir, const char *name, char *buf, size_t size, size_t max), (dir, name, buf, size, max))
PLAIN(int, mkdirat, mkdirat, -1, (int dir, const char *name, mode_t mode), (dir, name, mode))
PLAIN(FILE *, fopen, fopen, NULL, (const char *path, const char *mode), (path, mode))
PLAIN(FILE *, fopen64, fopen, NULL, (const char *path, const char *mode), (path, mode))
PLAIN(ssize_t, getdents64, getdents, -1, (int fd, void *buf, size_t size), (fd, buf, size))

PLAIN(int, poll, poll, -1, (struct pollfd *v, nfds_t n, int ms), (v, n, ms))
PLAIN(int, __poll_chk, poll, -1, (struct pollfd *v, nfds_t n, int ms, size_t size), (v, n, ms, size))
PLAIN(int, ppoll, poll, -1, (struct pollfd *v, nfds_t n, const struct timespec *t, const sigset_t *mask), (v, n, t, mask))
PLAIN(int, __ppoll_chk, poll, -1, (struct pollfd *v, nfds_t n, const struct timespec *t, const sigset_t *mask, size_t size), (v, n, t, mask, size))
PLAIN(int, pipe2, pipe2, -1, (int *fds, int flags), (fds, flags))
PLAIN(int, close_range, close_range, -1, (unsigned first, unsigned last, int flags), (first, last, flags))
PLAIN(pid_t, waitpid, waitpid, -1, (pid_t pid, int *status, int flags), (pid, status, flags))
PLAIN(int, setpriority, setpriority, -1, (__priority_which_t which, id_t who_id, int value), (which, who_id, value))
PLAIN(pid_t, tcgetpgrp, tcgetpgrp, -1, (int fd), (fd))
PLAIN(int, sigtimedwait, sigtimedwait, -1, (const sigset_t *set, siginfo_t *info, const struct timespec *t), (set, info, t))
PLAIN(ssize_t, getrandom, getrandom, -1, (void *buf, size_t size, unsigned flags), (buf, size, flags))

PLAIN(void *, malloc, malloc, NULL, (size_t size), (size))
PLAIN(void *, calloc, malloc, NULL, (size_t n, size_t size), (n, size))
PLAIN(void *, realloc, malloc, NULL, (void *p, size_t size), (p, size))
PLAIN(void *, reallocarray, malloc, NULL, (void *p, size_t n, size_t size), (p, n, size))
PLAIN(void *, aligned_alloc, malloc, NULL, (size_t align, size_t size), (align, size))
PLAIN(char *, strdup, malloc, NULL, (const char *s), (s))
PLAIN(char *, strndup, malloc, NULL, (const char *s, size_t n), (s, n))
/* clang-format on */

/* The descriptor is gone all the same, close(2). */
DECLARE(int, close, int fd)
{
	bool failed = fails(KIND_close);
	int err = errno;
	int r = __real_close(fd);

	if (!failed)
		return r;
	errno = err;
	return -1;
}

/*
 * What getc_unlocked(3) is made of.  A stream remembers that it has failed, and
 * who reads it looks at that: so it is to fail really.
 */
static int fail_stream(FILE *f, int (*real)(FILE *))
{
	int err = errno;
	int fd = (int)__real_syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY);
	int c;

	(void)__real_syscall(SYS_dup3, fd, fileno(f), 0);
	(void)__real_syscall(SYS_close, fd);
	c = real(f);
	errno = err;
	return c;
}

DECLARE(int, __uflow, FILE *f)
{
	return fails(KIND_getc) ? fail_stream(f, __real___uflow)
				: __real___uflow(f);
}

DECLARE(int, getc_unlocked, FILE *f)
{
	return fails(KIND_getc) ? fail_stream(f, __real_getc_unlocked)
				: __real_getc_unlocked(f);
}

DECLARE(int, clock_gettime, clockid_t id, struct timespec *t)
{
	static _Atomic time_t passed;
	int r = __real_clock_gettime(id, t);

	if (id == CLOCK_MONOTONIC_COARSE && getenv("FAILCALL_FAST"))
		t->tv_sec += passed++;
	return r;
}

/*
 * Nobody's time is to be lost, but for a tick of the clock: how often that is
 * waited for is not the same in each run.
 */
DECLARE(int, nanosleep, const struct timespec *t, struct timespec *left)
{
	if (t->tv_sec == 0 && t->tv_nsec < 20000000)
		return __real_nanosleep(t, left);
	if (!fails(KIND_nanosleep))
		return 0;
	if (left)
		*left = *t;
	return -1;
}

DECLARE(pid_t, fork, void)
{
	pid_t pid;

	if (fails(KIND_fork))
		return -1;
	pid = __real_fork();
	if (pid == 0)
		who = WHO_CHILD;
	return pid;
}

/* Of the calls that the C library has no function for: fchmodat2(2). */
DECLARE(long, syscall, long number, ...)
{
	va_list ap;
	long v[4];

	va_start(ap, number);
	for (int i = 0; i < 4; i++)
		v[i] = va_arg(ap, long);
	va_end(ap);
	if (fails(KIND_fchmod))
		return -1;
	return __real_syscall(number, v[0], v[1], v[2], v[3]);
}

static int control_file(int (*real)(int, int, ...), int fd, int op, long arg)
{
	if (fails(KIND_fcntl))
		return -1;
	return real(fd, op, arg);
}

DECLARE(int, fcntl, int fd, int op, ...)
{
	va_list ap;
	long arg;

	va_start(ap, op);
	arg = va_arg(ap, long);
	va_end(ap);
	return control_file(__real_fcntl, fd, op, arg);
}

DECLARE(int, fcntl64, int fd, int op, ...)
{
	va_list ap;
	long arg;

	va_start(ap, op);
	arg = va_arg(ap, long);
	va_end(ap);
	return control_file(__real_fcntl64, fd, op, arg);
}

int __wrap_asprintf(char **ret, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int __wrap___asprintf_chk(char **ret, int flag, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

DECLARE(int, asprintf, char **ret, const char *format, ...)
{
	va_list ap;
	int r;

	if (fails(KIND_malloc))
		return -1;
	va_start(ap, format);
	r = vasprintf(ret, format, ap);
	va_end(ap);
	return r;
}

DECLARE(int, __asprintf_chk, char **ret, int flag, const char *format, ...)
{
	va_list ap;
	int r;

	(void)flag;
	if (fails(KIND_malloc))
		return -1;
	va_start(ap, format);
	r = vasprintf(ret, format, ap);
	va_end(ap);
	return r;
}

int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);

/* With struct xfs_fsop_geom_v4, which is not among the headers of Linux. */
#define XFS_GET_GEOMETRY _IOR('X', 124, char[112])

static enum call_kind kind_of_ioctl(unsigned long request)
{
	switch (request) {
	case FICLONE:
		return KIND_FICLONE;
	case FICLONERANGE:
		return KIND_FICLONERANGE;
	case FS_IOC_GETFLAGS:
		return KIND_FS_IOC_GETFLAGS;
	case FS_IOC_SETFLAGS:
		return KIND_FS_IOC_SETFLAGS;
	case XFS_GET_GEOMETRY:
		return KIND_XFS_GET_GEOMETRY;
	case TIOCGWINSZ:
		return KIND_TIOCGWINSZ;
	default:
		return KIND_NONE;
	}
}

/* What is used here must not be what is wrapped: that would be counted. */
static __u64 size_of(int fd)
{
	struct statx st;

	if (__real_statx(fd, "", AT_EMPTY_PATH, STATX_SIZE, &st) < 0)
		return 0;
	return st.stx_size;
}

/* How a clone that goes wrong ends: as it does where it isn't made at all. */
static int fail_clone(bool has_length)
{
	errno = plan.err;
	if (plan.how != HOW_PARTLY)
		return -1;
	/* The kernel compares only if the length was given. */
	errno = EINVAL;
	return has_length ? -1 : 0;
}

/* Does the clock tick too slowly for what is written now to show in ST's time? */
static bool is_of_this_tick(const struct statx *st)
{
	struct timespec now;
	long long ns;

	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	ns = (now.tv_sec - st->stx_mtime.tv_sec) * 1000000000LL + now.tv_nsec -
	     st->stx_mtime.tv_nsec;
	return ns < 10000000;
}

static void set_mtime(int fd, const struct statx *st)
{
	const struct timespec t[] = {
		{ .tv_nsec = UTIME_OMIT },
		{ st->stx_mtime.tv_sec, st->stx_mtime.tv_nsec },
	};

	(void)syscall(SYS_utimensat, fd, NULL, t, 0);
}

/* A clone that goes wrong in a way of its own.  Returns what ioctl would. */
static int spoil_clone(int dst, const struct file_clone_range *range)
{
	int src = (int)range->src_fd;
	struct file_clone_range part = *range;
	struct statx before;

	if (part.src_length == 0)
		part.src_length = size_of(src) - part.src_offset;
	if (plan.how == HOW_GROWN || plan.how == HOW_GROWNS) {
		__u64 end = part.dest_offset + part.src_length;

		if (size_of(dst) < end)
			(void)__real_syscall(SYS_ftruncate, dst, (long)end);
		return fail_clone(range->src_length > 0);
	}
	/* The first half, in blocks. */
	part.src_length = part.src_length / 2 / 4096 * 4096;
	(void)statx(dst, "", AT_EMPTY_PATH, STATX_MTIME, &before);
	if (part.src_length > 0 && __real_ioctl(dst, FICLONERANGE, &part) < 0)
		return -1;
	if (plan.how == HOW_TICK && is_of_this_tick(&before))
		set_mtime(dst, &before);
	/* Half of a block is made neither by that length nor without it. */
	return fail_clone(range->src_length > 0 || part.src_length == 0);
}

/*
 * Btrfs since Linux 6.18.50 and 7.2: with NOCOW a regular file loses its
 * checksums, and it does not get them back with the flag taken away.  Nothing
 * shows that but clones between such a file and one that has checksums: they
 * are refused.  Older kernels, which tests run on too, are made to do the same;
 * an attribute of the file remembers it.
 */
#define NO_CHECKSUMS "trusted.nodatasum"

static bool has_nocow(int fd)
{
	int flags = 0;

	return __real_ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 &&
	       flags & FS_NOCOW_FL;
}

static bool has_checksums(int fd)
{
	return !has_nocow(fd) &&
	       __real_syscall(SYS_fgetxattr, fd, NO_CHECKSUMS, NULL, 0L) < 0;
}

static bool is_regular(int fd)
{
	struct statx st;

	return __real_statx(fd, "", AT_EMPTY_PATH, STATX_TYPE, &st) == 0 &&
	       S_ISREG(st.stx_mode);
}

static int really_ioctl(int fd, unsigned long request, void *arg)
{
	bool had_nocow;
	int src = -1;
	int r;

	if (request == FICLONE)
		src = (int)(intptr_t)arg;
	if (request == FICLONERANGE)
		src = (int)((const struct file_clone_range *)arg)->src_fd;
	if (src >= 0 && has_checksums(src) != has_checksums(fd)) {
		errno = EINVAL;
		return -1;
	}
	if (request != FS_IOC_SETFLAGS)
		return __real_ioctl(fd, request, arg);
	had_nocow = has_nocow(fd);
	r = __real_ioctl(fd, request, arg);
	if (r == 0 && had_nocow && !has_nocow(fd) && is_regular(fd))
		(void)__real_syscall(SYS_fsetxattr, fd, NO_CHECKSUMS, "", 0L,
				     0L);
	return r;
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	enum call_kind kind = kind_of_ioctl(request);
	unsigned before = call_log->hit;
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);

	if (fails(kind))
		return -1;
	if (plan.how >= HOW_PARTLY && call_log->hit == (unsigned)kind &&
	    (plan.how == HOW_GROWNS || before != call_log->hit)) {
		const struct file_clone_range whole = {
			.src_fd = (int)(intptr_t)arg,
		};

		if (kind == KIND_FICLONE)
			return spoil_clone(fd, &whole);
		if (kind == KIND_FICLONERANGE)
			return spoil_clone(fd, arg);
	}
	return really_ioctl(fd, request, arg);
}

static void parse_plan(const char *text)
{
	unsigned long v[4] = { 0 };

	for (int i = 0; text && i < 4; i++) {
		char *end;

		v[i] = strtoul(text, &end, 10);
		text = *end == ':' ? end + 1 : NULL;
	}
	plan.who = (enum call_who)v[0];
	plan.n = (unsigned)v[1];
	plan.how = (enum call_how)v[2];
	plan.err = (int)v[3];
}

/* sanitizer/lsan_interface.h; where there is no leak sanitizer it is NULL. */
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

/* Begin another process for each byte from FD.  Returns in these only. */
static void serve(int fd, struct call_log *log)
{
	char byte;

	/* What the leak check of each process looks at need not be faulted in. */
	if (__lsan_do_recoverable_leak_check)
		(void)__lsan_do_recoverable_leak_check();
	/* What a program that was killed leaves behind is waited for, too. */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	while (__real_read(fd, &byte, 1) == 1) {
		int result = 0;
		int status;
		pid_t gone;
		pid_t pid = __real_fork();

		if (pid == 0) {
			/* So that all of it can be killed. */
			(void)setpgid(0, 0);
			(void)__real_close(fd);
			plan = log->shot;
			return;
		}
		log->pid = pid;
		while ((gone = __real_waitpid(-1, &status, 0)) > 0)
			if (gone == pid)
				result = status;
		if (pid < 0 || __real_write(fd, &result, sizeof(result)) < 0)
			break;
	}
	_exit(0);
}

/* Which descriptors are open?  Those that aren't have POLLNVAL. */
static void look_at_fds(struct pollfd ret[N_FDS])
{
	for (int fd = 0; fd < N_FDS; fd++)
		ret[fd] = (struct pollfd){ .fd = fd };
	if (__real_poll(ret, N_FDS, 0) < 0)
		_exit(125);
}

/* Before main(): what comes after it is counted. */
__attribute__((constructor)) static void begin(void)
{
	const char *log_fd = getenv("FAILCALL_LOG");
	const char *serve_fd = getenv("FAILCALL_SERVE");
	struct call_log *map;

	parse_plan(getenv("FAILCALL"));
	if (!log_fd)
		return;
	map = mmap(NULL, sizeof(*map), PROT_READ | PROT_WRITE, MAP_SHARED,
		   atoi(log_fd), 0);
	if (map == MAP_FAILED)
		_exit(125);
	if (serve_fd)
		serve(atoi(serve_fd), map);
	call_log = map;
	look_at_fds(at_first);
}

/* After main(). */
__attribute__((destructor)) static void end(void)
{
	struct pollfd now[N_FDS];

	if (who != WHO_PROGRAM || call_log == &own_log)
		return;
	look_at_fds(now);
	/* The standard ones are opened to be held. */
	for (int fd = 3; fd < N_FDS; fd++)
		call_log->n_left_open += !(now[fd].revents & POLLNVAL) &&
					 at_first[fd].revents & POLLNVAL;
}
