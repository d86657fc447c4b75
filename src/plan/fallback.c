/* SPDX-License-Identifier: BSD-2-Clause */
#include "fallback.h"

#include <errno.h>
#include <stddef.h>

#include "base.h"

#define FAIL	 VERDICT_FAIL
#define NEXT	 VERDICT_NEXT
#define FOR_PAIR VERDICT_NEXT_FOR_PAIR
#define WAIT	 VERDICT_WAIT

/*
 * Sources: ioctl_ficlonerange(2), copy_file_range(2), Linux fs/remap_range.c, the
 * file systems.  An errno that is not listed means VERDICT_NEXT: a byte copy
 * will meet a real error itself, while every program that listed the errnos to
 * fall back on had too few of them.  The rows with VERDICT_NEXT have been
 * observed.
 */
static const struct row {
	int err;
	enum verdict clone;
	enum verdict copy_range;
	bool is_early; /* as fallback_is_early() returns it */
} rows[] = {
	/*
	 * ext4, tmpfs, XFS without reflink, NFS before 4.2 (Linux 6.18).  Not
	 * early: Btrfs before 5.6 said it of an inline extent on the way.
	 */
	{ EOPNOTSUPP, FOR_PAIR, FOR_PAIR, false },
	/* No such ioctl: Linux before 4.5, emulated kernels. */
	{ ENOTTY, FOR_PAIR, NEXT, true },
	/* No such call: Linux before 4.5, seccomp filters and emulators. */
	{ ENOSYS, NEXT, FOR_PAIR, true },
	{ EPERM, NEXT, NEXT, true },
	/*
	 * Another file system; before Linux 5.18, another mount as well.  For
	 * copy_file_range(2), different types since 5.19; before 5.3, any two
	 * file systems.
	 */
	{ EXDEV, NEXT, NEXT, true },
	/*
	 * Btrfs: NOCOW or nodatasum differs; or misaligned offsets.  It is also
	 * said of a clone that came out shorter than it was to be.
	 */
	{ EINVAL, NEXT, NEXT, false },
	/* SELinux and other security modules. */
	{ EACCES, NEXT, NEXT, true },
	/* The source is an active swap file. */
	{ ETXTBSY, NEXT, NEXT, true },
	/* The descriptors are valid: SMB between Btrfs subvolumes. */
	{ EBADF, NEXT, NEXT, true },
	/* SMB between two shares, though no file is missing. */
	{ ENOENT, NEXT, NEXT, false },
	/* ZFS 2.2 and 2.3 while blocks of the source are dirty (about 5 s). */
	{ EAGAIN, WAIT, NEXT, false },

	/* A byte copy would need even more of what has run out. */
	{ ENOSPC, FAIL, FAIL, false },
	{ EDQUOT, FAIL, FAIL, false },
	{ ENOMEM, FAIL, FAIL, false },
	/* It may be a limit of one call that reads and writes don't have. */
	{ EFBIG, FAIL, NEXT, false },
	{ EOVERFLOW, FAIL, NEXT, false },
	/* The medium or the file system is damaged: don't copy the damage. */
	{ EIO, FAIL, FAIL, false },
	{ EUCLEAN, FAIL, FAIL, false },
	{ EBADMSG, FAIL, FAIL, false },
	/* The destination can't be written in any way. */
	{ EROFS, FAIL, FAIL, false },
	{ ESTALE, FAIL, FAIL, false },
	/* A signal ends the run. */
	{ EINTR, FAIL, FAIL, false },
	/* A bug of this program. */
	{ EFAULT, FAIL, FAIL, false },
};

static const struct row *row_of(int err)
{
	static const struct row unlisted = { .clone = NEXT,
					     .copy_range = NEXT };

	for (size_t i = 0; i < countof(rows); i++)
		if (rows[i].err == err)
			return &rows[i];
	return &unlisted;
}

enum verdict fallback_judge(enum fallback_op op, int err)
{
	const struct row *row = row_of(err);

	return op == FALLBACK_CLONE ? row->clone : row->copy_range;
}

bool fallback_is_early(int err)
{
	return row_of(err)->is_early;
}

const char *fallback_op_name(enum fallback_op op)
{
	return op == FALLBACK_CLONE ? "FICLONE" : "copy_file_range";
}
