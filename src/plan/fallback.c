/* SPDX-License-Identifier: BSD-2-Clause */
#include "fallback.h"

#include <errno.h>
#include <stddef.h>

#include "base.h"

struct row {
	int err;
	enum verdict verdict;
};

/*
 * Sources: ioctl_ficlonerange(2), Linux fs/remap_range.c, the file systems.  An
 * errno that is not listed means VERDICT_NEXT: a byte copy will meet a real
 * error itself, while every program that listed the errnos to fall back on had
 * too few of them.  The rows with VERDICT_NEXT have been observed.
 */
static const struct row clone_rows[] = {
	/* ext4, tmpfs, XFS without reflink, NFS before 4.2 (Linux 6.18). */
	{ EOPNOTSUPP, VERDICT_NEXT_FOR_PAIR },
	/* No such ioctl: Linux before 4.5, emulated kernels. */
	{ ENOTTY, VERDICT_NEXT_FOR_PAIR },
	/* Another file system; before Linux 5.18, another mount as well. */
	{ EXDEV, VERDICT_NEXT },
	/* Btrfs: NOCOW or nodatasum differs; or misaligned offsets. */
	{ EINVAL, VERDICT_NEXT },
	/* seccomp filters and emulators. */
	{ ENOSYS, VERDICT_NEXT },
	{ EPERM, VERDICT_NEXT },
	/* SELinux and other security modules. */
	{ EACCES, VERDICT_NEXT },
	/* The source is an active swap file. */
	{ ETXTBSY, VERDICT_NEXT },
	/* The descriptors are valid: SMB between Btrfs subvolumes. */
	{ EBADF, VERDICT_NEXT },
	/* ZFS 2.2 and 2.3 while blocks of the source are dirty (about 5 s). */
	{ EAGAIN, VERDICT_WAIT },

	/* A byte copy would need even more of what has run out. */
	{ ENOSPC, VERDICT_FAIL },
	{ EDQUOT, VERDICT_FAIL },
	{ ENOMEM, VERDICT_FAIL },
	{ EFBIG, VERDICT_FAIL },
	{ EOVERFLOW, VERDICT_FAIL },
	/* The medium or the file system is damaged: don't copy the damage. */
	{ EIO, VERDICT_FAIL },
	{ EUCLEAN, VERDICT_FAIL },
	{ EBADMSG, VERDICT_FAIL },
	/* The destination can't be written in any way. */
	{ EROFS, VERDICT_FAIL },
	{ ESTALE, VERDICT_FAIL },
	/* A signal ends the run. */
	{ EINTR, VERDICT_FAIL },
	/* A bug of this program. */
	{ EFAULT, VERDICT_FAIL },
};

/*
 * copy_file_range(2).  Unlike the table above, EFBIG means the next way: it may
 * be a limit of this call that reads and writes don't have.
 */
static const struct row copy_range_rows[] = {
	/* Linux before 4.5. */
	{ ENOSYS, VERDICT_NEXT_FOR_PAIR },
	{ EOPNOTSUPP, VERDICT_NEXT_FOR_PAIR },
	/*
	 * Different types, since Linux 5.19; before 5.3, any two file systems.
	 */
	{ EXDEV, VERDICT_NEXT },
	{ EINVAL, VERDICT_NEXT },
	{ EPERM, VERDICT_NEXT },
	{ EACCES, VERDICT_NEXT },
	{ ETXTBSY, VERDICT_NEXT },
	{ EBADF, VERDICT_NEXT },
	/* SMB between two shares, though no file is missing. */
	{ ENOENT, VERDICT_NEXT },
	/* A limit of the call on some file systems. */
	{ EFBIG, VERDICT_NEXT },

	{ ENOSPC, VERDICT_FAIL },
	{ EDQUOT, VERDICT_FAIL },
	{ ENOMEM, VERDICT_FAIL },
	{ EIO, VERDICT_FAIL },
	{ EUCLEAN, VERDICT_FAIL },
	{ EBADMSG, VERDICT_FAIL },
	{ EROFS, VERDICT_FAIL },
	{ ESTALE, VERDICT_FAIL },
	{ EINTR, VERDICT_FAIL },
	{ EFAULT, VERDICT_FAIL },
};

static const struct {
	const char *name;
	const struct row *rows;
	size_t n_rows;
} ops[] = {
	[FALLBACK_CLONE] = { "FICLONE", clone_rows, countof(clone_rows) },
	[FALLBACK_COPY_RANGE] = { "copy_file_range", copy_range_rows,
				  countof(copy_range_rows) },
};

enum verdict fallback_judge(enum fallback_op op, int err)
{
	for (size_t i = 0; i < ops[op].n_rows; i++)
		if (ops[op].rows[i].err == err)
			return ops[op].rows[i].verdict;

	return VERDICT_NEXT;
}

/*
 * Not EOPNOTSUPP, which Btrfs before 5.6 said of an inline extent on the way; nor
 * EINVAL, which is said of a clone that came out shorter than it was to be.
 */
static const int early[] = {
	EXDEV, ENOTTY, ENOSYS, EPERM, EACCES, EBADF, ETXTBSY,
};

bool fallback_is_early(int err)
{
	for (size_t i = 0; i < countof(early); i++)
		if (early[i] == err)
			return true;

	return false;
}

const char *fallback_op_name(enum fallback_op op)
{
	return ops[op].name;
}
