/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "range.h"

/* An open file.  Only the os floor looks inside. */
typedef int fd_t;

/* No file: the value of an owner that owns none yet. */
#define FD_NONE (-1)
/* In place of a directory: the working directory of the process. */
#define FD_CWD (-100)
/* Standard output, and standard error. */
#define FD_STDOUT 1
#define FD_STDERR 2

/*
 * A file, and one of its names.  If FD was opened with FD_PATH and there is no
 * /proc, old kernels need the name for some calls; a directory needs none.
 */
struct fd_named {
	fd_t fd;
	fd_t dir;	  /* not owned */
	const char *name; /* in DIR, not a symbolic link; NULL: unknown */
};

/* How to open; a set. */
enum fd_how {
	FD_READ = 1 << 0,
	FD_WRITE = 1 << 1,
	FD_PATH = 1 << 2,      /* neither, as O_PATH: only to refer to it */
	FD_DIRECTORY = 1 << 3, /* -ENOTDIR if it is not a directory */
	FD_NOFOLLOW = 1 << 4,  /* -ELOOP for a link; with FD_PATH, open it */
	FD_NO_WAIT = 1 << 5,   /* don't wait for the other end of a FIFO */
	FD_NO_ATIME = 1 << 6,  /* reading it is to leave its access time, where
				  this user may ask for that */
	FD_UNSEEN = 1 << 7,    /* the same, or -EPERM */
};

/*
 * Open NAME relative to the directory DIR.  This never truncates the file and
 * never makes it the controlling terminal; exec closes the descriptor.
 *
 * Returns 0 with *RET, which the caller closes, or -errno of open(2); -EINTR if
 * a terminating signal arrived while it waited (interrupt.h).
 */
int fd_open_at(fd_t dir, const char *name, unsigned how, fd_t *ret);

/*
 * Open the file of FD again; FD may have been opened with FD_PATH.  The result
 * is the same file, even if its name or its inode number has changed.
 *
 * Returns as fd_open_at() does; -ENOENT without /proc.
 *
 * proc_pid_fd(5).
 */
int fd_reopen(fd_t fd, unsigned how, fd_t *ret);

/*
 * Open, with FD_PATH, the directory that contains the file FD, as far as it can
 * be determined: the file may have several names, and may have been moved.
 *
 * Returns 0 with *RET, which the caller closes, or -errno: -ENOENT without
 * /proc.
 *
 * proc_pid_fd(5).
 */
int fd_open_parent(fd_t fd, fd_t *ret);

/*
 * The same for PATH from the working directory.  It may be longer, or pass
 * through more links, than one system call accepts.
 *
 * Returns as fd_open_at() does, or -ENOMEM.
 */
int fd_open_long(const char *path, unsigned how, fd_t *ret);

/*
 * Create the regular file NAME in DIR, which must not exist, with permission
 * bits MODE less the umask, and open it for writing.
 *
 * Returns 0 with *RET, which the caller closes, or -errno of open(2): -EEXIST
 * if the name is taken, even by a dangling link.
 */
int fd_create_at(fd_t dir, const char *name, uint32_t mode, fd_t *ret);

/*
 * Create a regular file without a name on the file system of DIR, with
 * permission bits MODE less the umask, and open it as HOW says.  It can get a
 * name when it is complete (special_hard_link_fd()).  Closing it without one
 * deletes it.
 *
 * Returns 0 with *RET, which the caller closes, or -errno of open(2):
 * -EOPNOTSUPP if the file system has no such files (NFS, SMB, OCFS2).
 *
 * open(2), O_TMPFILE.
 */
int fd_create_unnamed(fd_t dir, unsigned how, uint32_t mode, fd_t *ret);

/*
 * The same as fd_create_at() for the file that NAME, a symbolic link, leads to.
 * If that file exists by now, open it unchanged.
 *
 * Returns as fd_create_at() does, without -EEXIST.
 */
int fd_create_through(fd_t dir, const char *name, uint32_t mode, fd_t *ret);

/*
 * Close FD.  It is closed even after an error.
 *
 * Returns 0, or -errno of close(2): written data may be lost.
 */
int fd_close(fd_t fd);

/*
 * Get the error that closing FD would report, and keep FD open.  Network file
 * systems report failed writes only there.
 *
 * Returns 0 or -errno of dup(2) or close(2).
 */
int fd_flush(fd_t fd);

/*
 * Duplicate FD.
 *
 * Returns 0 with *RET, which the caller closes, or -errno of dup(2).
 */
int fd_twin(fd_t fd, fd_t *ret);

/*
 * How many columns the terminal FD has, 80 if it doesn't say; 0 if FD is no
 * terminal.
 *
 * TIOCGWINSZ(2const).
 */
unsigned fd_columns(fd_t fd);

/*
 * How many more files this process can open.
 *
 * getrlimit(2), RLIMIT_NOFILE.
 */
unsigned fd_room(void);

/* Close *FD if it is open, and set it to FD_NONE.  Not for written files. */
void fd_closep(fd_t *fd);

/* In place of an offset: the current position, for pipes and terminals. */
#define FD_STREAM UINT64_MAX

/*
 * Read up to LEN bytes at OFF into BUF, in one call.
 *
 * Returns 0 with the number of bytes in *RET_N, 0 at the end; or -errno of
 * pread(2), -EINTR only if interrupted().
 */
int fd_read(fd_t fd, uint64_t off, void *buf, size_t len, size_t *ret_n);

/*
 * Write all LEN bytes of BUF at OFF.
 *
 * Returns 0, or -errno of pwrite(2), when some bytes may have been written;
 * -EINTR only if interrupted().
 */
int fd_write(fd_t fd, uint64_t off, const void *buf, size_t len);

/* Set the length of FD to LEN bytes.  Returns 0 or -errno of ftruncate(2). */
int fd_truncate(fd_t fd, uint64_t len);

/*
 * Write what FD holds to stable storage.  Returns 0 or -errno of fsync(2).
 */
int fd_sync(fd_t fd);

/*
 * Free the storage of RANGE, which then reads as zeros.  The length of the file
 * does not change.
 *
 * Returns 0, or -errno of fallocate(2): -EOPNOTSUPP if holes are not supported.
 */
int fd_punch_hole(fd_t fd, struct range range);

/*
 * The largest file that this process may write, in bytes; UINT64_MAX if there
 * is no limit.
 *
 * getrlimit(2), RLIMIT_FSIZE.
 */
uint64_t fd_limit(void);

/* Tell the kernel that FD will be read from start to end.  Can't fail. */
void fd_advise_sequential(fd_t fd);

/*
 * Occupy descriptors 0, 1 and 2 if they are closed, so that no copied file gets
 * a number that messages are written to.  Reading and writing them still fails
 * (-EBADF), and so does opening /dev/stdin and its like.
 *
 * Returns 0 or -errno.
 */
int fd_guard_standard(void);
