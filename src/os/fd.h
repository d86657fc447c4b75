/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "range.h"

/* An open file.  Only this floor looks inside. */
typedef int fd_t;

/* No file: what an owner holds before it owns anything. */
#define FD_NONE (-1)
/* In place of a directory: where the process stands. */
#define FD_CWD (-100)

/* How to open; a set. */
enum fd_how {
	FD_READ = 1 << 0,
	FD_WRITE = 1 << 1,
	FD_PATH = 1 << 2,      /* neither: only to look at and to start from */
	FD_DIRECTORY = 1 << 3, /* -ENOTDIR for all else */
	FD_NOFOLLOW = 1 << 4, /* -ELOOP for a symbolic link; with FD_PATH: it */
	FD_NO_WAIT = 1 << 5,  /* don't wait for the other end of a FIFO */
};

/*
 * Open NAME relative to the directory DIR.  Never truncates, never becomes a
 * controlling terminal, is closed on exec.
 *
 * Returns 0 with *RET the caller's to close, or -errno of open(2); -EINTR if
 * a signal that asks for the end came while waiting (interrupt.h).
 */
int fd_open_at(fd_t dir, const char *name, unsigned how, fd_t *ret);

/*
 * Open what FD, which may have been opened to look at, is open on once more.
 * Whatever has its name by now, and whatever number its file system gives it:
 * it is the same file.
 *
 * Returns as fd_open_at() does; -ENOENT without /proc.
 *
 * proc_pid_fd(5).
 */
int fd_reopen(fd_t fd, unsigned how, fd_t *ret);

/*
 * Open the directory that the file FD is in, as far as that can be known: one of
 * several names may be meant, and the file may have been moved since.  To look
 * at, FD_PATH.
 *
 * Returns 0 with *RET the caller's to close, or -errno: -ENOENT without /proc.
 *
 * proc_pid_fd(5).
 */
int fd_open_parent(fd_t fd, fd_t *ret);

/*
 * Open PATH, which may be longer, or lead through more links, than a path can
 * be: to look at, FD_PATH.  FOLLOW tells whether a link at its end is followed.
 *
 * Returns 0 with *RET the caller's to close, or -errno of open(2), -ENOMEM.
 */
int fd_open_long(const char *path, bool follow, fd_t *ret);

/*
 * Make the regular file NAME in DIR, which must not exist, with permission
 * bits MODE less the umask, and open it for writing.
 *
 * Returns 0 with *RET the caller's to close, or -errno of open(2): -EEXIST
 * for any name that is taken, be it a link to nothing.
 */
int fd_create_at(fd_t dir, const char *name, uint32_t mode, fd_t *ret);

/*
 * Make a regular file in DIR that has no name, to be given one when it is whole
 * (special_hard_link_fd()), with permission bits MODE less the umask, and open
 * it for writing.  It goes with its descriptor.
 *
 * Returns 0 with *RET the caller's to close, or -errno of open(2): -EOPNOTSUPP
 * where there are no such files (NFS, SMB, OCFS2).
 *
 * open(2), O_TMPFILE.
 */
int fd_create_unnamed(fd_t dir, uint32_t mode, fd_t *ret);

/*
 * The same as fd_create_at() for the file that NAME, a symbolic link, leads to.
 * One that is there by now is opened as it is.
 *
 * Returns as fd_create_at() does, without -EEXIST.
 */
int fd_create_through(fd_t dir, const char *name, uint32_t mode, fd_t *ret);

/*
 * Close FD, which is then gone whatever is returned.
 *
 * Returns 0, or -errno of close(2): data that was written may be lost.
 */
int fd_close(fd_t fd);

/*
 * Hear what closing FD would report, and keep it open: on network file systems
 * that is where writing fails.
 *
 * Returns 0 or -errno of dup(2) or close(2).
 */
int fd_flush(fd_t fd);

/*
 * One more descriptor of the file that FD is.
 *
 * Returns 0 with *RET the caller's to close, or -errno of dup(2).
 */
int fd_twin(fd_t fd, fd_t *ret);

/*
 * How many more files this process may open, at most.
 *
 * getrlimit(2), RLIMIT_NOFILE.
 */
unsigned fd_room(void);

/* Close *FD if it is open, leave FD_NONE.  For _cleanup_: not for writers. */
void fd_closep(fd_t *fd);

/*
 * Close every descriptor of this process but the N of KEEP, in any order.  For
 * a child of fork(2) in a program with threads: it asks for no memory.
 *
 * close_range(2).  Where that is not there, those above 65,535 may stay open.
 */
void fd_keep_only(const fd_t *keep, size_t n);

/* In place of an offset: where the file stands, for pipes and terminals. */
#define FD_STREAM UINT64_MAX

/*
 * Read up to LEN bytes at OFF into BUF, once.
 *
 * Returns 0 with *RET_N bytes read, 0 at the end; or -errno of pread(2), and
 * -EINTR only if interrupted().
 */
int fd_read(fd_t fd, uint64_t off, void *buf, size_t len, size_t *ret_n);

/*
 * Write all LEN bytes of BUF at OFF.
 *
 * Returns 0, or -errno of pwrite(2) with some bytes perhaps written; -EINTR
 * only if interrupted().
 */
int fd_write(fd_t fd, uint64_t off, const void *buf, size_t len);

/* Make FD LEN bytes long.  Returns 0 or -errno of ftruncate(2). */
int fd_truncate(fd_t fd, uint64_t len);

/*
 * Give back the storage of RANGE, which then reads as zeros.  The length of
 * the file stays.
 *
 * Returns 0, or -errno of fallocate(2): -EOPNOTSUPP where there are no holes.
 */
int fd_punch_hole(fd_t fd, struct range range);

/*
 * How far a file may be written by this process: bytes, UINT64_MAX if there is
 * no limit.
 *
 * getrlimit(2), RLIMIT_FSIZE.
 */
uint64_t fd_limit(void);

/* Say that FD will be read from start to end.  A hint; can't fail. */
void fd_advise_sequential(fd_t fd);

/*
 * Make sure that descriptors 0, 1 and 2 are taken, so that no file of ours
 * gets a number that messages are written to.  To those that were closed
 * reading and writing stay errors (-EBADF), and opening /dev/stdin and its
 * like too.
 *
 * Returns 0 or -errno.
 */
int fd_guard_standard(void);
