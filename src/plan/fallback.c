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
 * ioctl_ficlonerange(2), Linux fs/remap_range.c and the file systems.  What
 * is not listed is VERDICT_NEXT: a byte copy meets a real error by itself,
 * while a list of "may fall back" has been too short in every program that
 * kept one.  The rows that say VERDICT_NEXT are those that were seen.
 */
static const struct row clone_rows[] = {
	/* ext4, tmpfs, XFS without reflink, NFS before 4.2 (Linux 6.18). */
	{ EOPNOTSUPP, VERDICT_NEXT_FOR_PAIR },
	/* No such ioctl: Linux before 4.5, emulated kernels. */
	{ ENOTTY, VERDICT_NEXT_FOR_PAIR },
	/* Other superblock; Linux before 5.18: other mount of the same. */
	{ EXDEV, VERDICT_NEXT },
	/* NOCOW or nodatasum against neither on Btrfs; geometry. */
	{ EINVAL, VERDICT_NEXT },
	/* seccomp filters and emulators. */
	{ ENOSYS, VERDICT_NEXT },
	{ EPERM, VERDICT_NEXT },
	/* SELinux and other security modules. */
	{ EACCES, VERDICT_NEXT },
	/* The source is an active swap file. */
	{ ETXTBSY, VERDICT_NEXT },
	/* Our descriptors are right; SMB between Btrfs subvolumes says it. */
	{ EBADF, VERDICT_NEXT },
	/* ZFS 2.2 and 2.3 while blocks of the source are dirty (about 5 s). */
	{ EAGAIN, VERDICT_WAIT },

	/* A byte copy needs more of what has run out. */
	{ ENOSPC, VERDICT_FAIL },
	{ EDQUOT, VERDICT_FAIL },
	{ ENOMEM, VERDICT_FAIL },
	{ EFBIG, VERDICT_FAIL },
	{ EOVERFLOW, VERDICT_FAIL },
	/* The medium or the file system is damaged: don't carry it on. */
	{ EIO, VERDICT_FAIL },
	{ EUCLEAN, VERDICT_FAIL },
	{ EBADMSG, VERDICT_FAIL },
	/* No writing there, whatever the way. */
	{ EROFS, VERDICT_FAIL },
	{ ESTALE, VERDICT_FAIL },
	/* A signal asked for the end. */
	{ EINTR, VERDICT_FAIL },
	/* A mistake of ours. */
	{ EFAULT, VERDICT_FAIL },
};

/*
 * copy_file_range(2).  It is told apart from the table above in that reads
 * and writes are of the same kind, so EFBIG may be its own limit only.
 */
static const struct row copy_range_rows[] = {
	/* Linux before 4.5. */
	{ ENOSYS, VERDICT_NEXT_FOR_PAIR },
	{ EOPNOTSUPP, VERDICT_NEXT_FOR_PAIR },
	/* Other kinds of file system, since Linux 5.19; before 5.3 any two. */
	{ EXDEV, VERDICT_NEXT },
	{ EINVAL, VERDICT_NEXT },
	{ EPERM, VERDICT_NEXT },
	{ EACCES, VERDICT_NEXT },
	{ ETXTBSY, VERDICT_NEXT },
	{ EBADF, VERDICT_NEXT },
	/* SMB between two shares; no file is missing. */
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

/* Not EOPNOTSUPP, which Btrfs before 5.6 said of an inline extent on the way. */
static const int early[] = {
	EXDEV, EINVAL, ENOTTY, ENOSYS, EPERM, EACCES, EBADF, ETXTBSY,
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
