/* SPDX-License-Identifier: BSD-2-Clause */
#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

#include "base.h"
#include "interrupt.h"
#include "procfd.h"

#if FD_CWD != AT_FDCWD
#error "FD_CWD is to be AT_FDCWD"
#endif

/* Did the call fail with EINTR, and may it be repeated? */
static bool again(void)
{
	return errno == EINTR && !interrupted();
}

static int flags_of(unsigned how)
{
	int flags = O_CLOEXEC | O_NOCTTY;

	if (how & FD_PATH)
		flags |= O_PATH;
	else if (how & FD_WRITE)
		flags |= how & FD_READ ? O_RDWR : O_WRONLY;
	else
		flags |= O_RDONLY;
	if (how & FD_DIRECTORY)
		flags |= O_DIRECTORY;
	if (how & FD_NOFOLLOW)
		flags |= O_NOFOLLOW;
	if (how & FD_NO_WAIT)
		flags |= O_NONBLOCK;
	if (how & (FD_NO_ATIME | FD_UNSEEN))
		flags |= O_NOATIME;
	return flags;
}

static int open_at(fd_t dir, const char *name, int flags, mode_t mode,
		   fd_t *ret)
{
	int fd;

	do
		fd = openat(dir, name, flags, mode);
	while (fd < 0 && again());
	if (fd < 0)
		return -errno;

	*ret = fd;
	return 0;
}

int fd_open_at(fd_t dir, const char *name, unsigned how, fd_t *ret)
{
	int r = open_at(dir, name, flags_of(how), 0, ret);

	/* It is another user's file. */
	if (r == -EPERM && how & FD_NO_ATIME)
		r = open_at(dir, name, flags_of(how & ~(unsigned)FD_NO_ATIME),
			    0, ret);
	return r;
}

int fd_reopen(fd_t fd, unsigned how, fd_t *ret)
{
	return open_at(FD_CWD, procfd_of(fd).path, flags_of(how), 0, ret);
}

int fd_open_parent(fd_t fd, fd_t *ret)
{
	char path[PATH_MAX];
	ssize_t n = readlinkat(FD_CWD, procfd_of(fd).path, path, sizeof(path));
	char *slash;

	if (n < 0)
		return -errno;
	slash = memrchr(path, '/', (size_t)n);
	if ((size_t)n == sizeof(path) || !slash)
		return -ENOENT;
	slash[1] = '\0';
	return fd_open_at(FD_CWD, path, FD_PATH | FD_DIRECTORY, ret);
}

/*
 * Where to cut PATH so that its first part has at most MOST bytes, or one
 * component if that is longer.  NULL: no cut is needed.
 */
static char *cut_of(char *path, size_t most)
{
	char *slash;

	if (strlen(path) <= most)
		return NULL;
	slash = memrchr(path, '/', most + 1);
	return slash ? slash : strchr(path, '/');
}

/* Open PATH part by part; PATH is overwritten. */
static int open_in_steps(char *path, size_t most, unsigned how, fd_t *ret)
{
	_cleanup_(fd_closep) fd_t dir = FD_CWD;
	char *cut;

	while ((cut = cut_of(path, most))) {
		fd_t next = FD_NONE;
		int r;

		*cut = '\0';
		r = fd_open_at(dir, *path ? path : "/", FD_PATH | FD_DIRECTORY,
			       &next);
		if (r < 0)
			return r;
		fd_closep(&dir);
		dir = next;
		path = cut + 1 + strspn(cut + 1, "/");
	}
	return fd_open_at(dir, *path ? path : ".", how, ret);
}

int fd_open_long(const char *path, unsigned how, fd_t *ret)
{
	_cleanup_(freep) char *copy = strdup(path);
	int r = copy ? open_in_steps(copy, PATH_MAX - 1, how, ret) : -ENOMEM;

	if (r != -ELOOP)
		return r;
	/* More links than one lookup follows: resolve one at a time. */
	memcpy(copy, path, strlen(path) + 1);
	return open_in_steps(copy, 0, how, ret);
}

int fd_create_at(fd_t dir, const char *name, uint32_t mode, fd_t *ret)
{
	return open_at(dir, name, flags_of(FD_WRITE) | O_CREAT | O_EXCL, mode,
		       ret);
}

int fd_create_unnamed(fd_t dir, unsigned how, uint32_t mode, fd_t *ret)
{
	int r = open_at(dir, ".", flags_of(how) | O_TMPFILE, mode, ret);

	/* Before Linux 3.11, the directory itself is opened. */
	return r == -EISDIR ? -EOPNOTSUPP : r;
}

int fd_create_through(fd_t dir, const char *name, uint32_t mode, fd_t *ret)
{
	return open_at(dir, name, flags_of(FD_WRITE) | O_CREAT, mode, ret);
}

int fd_close(fd_t fd)
{
	/* On Linux the descriptor is closed even after EINTR: close(2). */
	if (close(fd) < 0 && errno != EINTR)
		return -errno;
	return 0;
}

int fd_twin(fd_t fd, fd_t *ret)
{
	*ret = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return *ret < 0 ? -errno : 0;
}

int fd_flush(fd_t fd)
{
	fd_t twin;
	int r = fd_twin(fd, &twin);

	return r < 0 ? r : fd_close(twin);
}

void fd_closep(fd_t *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = FD_NONE;
}

int fd_read(fd_t fd, uint64_t off, void *buf, size_t len, size_t *ret_n)
{
	ssize_t n;

	do
		n = off == FD_STREAM ? read(fd, buf, len)
				     : pread(fd, buf, len, (off_t)off);
	while (n < 0 && again());
	if (n < 0)
		return -errno;

	*ret_n = (size_t)n;
	return 0;
}

int fd_write(fd_t fd, uint64_t off, const void *buf, size_t len)
{
	const char *p = buf;

	while (len > 0) {
		ssize_t n = off == FD_STREAM ? write(fd, p, len)
					     : pwrite(fd, p, len, (off_t)off);

		if (n < 0 && again())
			continue;
		if (n < 0)
			return -errno;
		if (n == 0) /* no known device does this; never loop on it */
			return -EIO;
		p += n;
		len -= (size_t)n;
		if (off != FD_STREAM)
			off += (uint64_t)n;
	}
	return 0;
}

int fd_truncate(fd_t fd, uint64_t len)
{
	int r;

	do
		r = ftruncate(fd, (off_t)len);
	while (r < 0 && again());
	return r < 0 ? -errno : 0;
}

int fd_sync(fd_t fd)
{
	int r;

	do
		r = fsync(fd);
	while (r < 0 && again());
	return r < 0 ? -errno : 0;
}

int fd_punch_hole(fd_t fd, struct range range)
{
	int r;

	do
		r = fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			      (off_t)range.off, (off_t)range.len);
	while (r < 0 && again());
	return r < 0 ? -errno : 0;
}

uint64_t fd_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) < 0 ||
	    limit.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	return limit.rlim_cur;
}

unsigned fd_columns(fd_t fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col > 0 ? size.ws_col : 80;
}

unsigned fd_room(void)
{
	_cleanup_(fd_closep) fd_t next = FD_NONE;
	struct rlimit limit;

	/* The lowest free descriptor: all below it are open. */
	if (fd_twin(0, &next) < 0)
		return 0;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur > UINT_MAX)
		return UINT_MAX;
	return (unsigned)limit.rlim_cur - (unsigned)next;
}

void fd_advise_sequential(fd_t fd)
{
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
}

/*
 * Occupy a descriptor with something that can't be read, written, or opened
 * again through /dev/stdin: a symbolic link, opened with O_PATH.  Without /proc
 * there is no /dev/stdin either, and any directory will do.
 */
static int open_stopper(void)
{
	int fd = open("/proc/self/exe", O_PATH | O_NOFOLLOW);

	return fd < 0 ? open("/", O_PATH) : fd;
}

int fd_guard_standard(void)
{
	struct pollfd p[] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };
	int r;

	/* One call finds out which of the three are closed. */
	do
		r = poll(p, 3, 0);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return -errno;
	for (int i = 0; i < 3; i++) {
		if (!(p[i].revents & POLLNVAL))
			continue;
		/* All lower descriptors are open: this becomes number i. */
		if (open_stopper() < 0)
			return -errno;
	}
	return 0;
}
