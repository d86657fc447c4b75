/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe_rules.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base.h"

enum probe_verdict probe_judge(enum probe_step step, int err)
{
	if (step == PROBE_DONE)
		return PROBE_YES;
	if (step == PROBE_CLONE || step == PROBE_COMPARE || step == PROBE_SHARE)
		return PROBE_NO;
	/* Whatever writes there is refused. */
	if (step == PROBE_CREATE && err == EROFS)
		return PROBE_NO;
	return PROBE_UNKNOWN;
}

/* In place of a step, an errno or a kind of file system: every one. */
#define ANY (-1)

/* What else must hold. */
enum condition {
	ALWAYS,
	IF_SAME_FS,
	IF_OTHER_FS,
	IF_REFLINK_LESS,
	IF_NFS_42,
};

/* The first row that applies gives the advice. */
static const struct row {
	int step;
	int err;
	int dst;
	enum condition condition;
	enum probe_advice advice;
} rows[] = {
	{ PROBE_FIND, EACCES, ANY, ALWAYS, ADVICE_SEARCH },
	{ PROBE_OPEN, EACCES, ANY, ALWAYS, ADVICE_READ },
	{ PROBE_OPEN, EPERM, ANY, ALWAYS, ADVICE_READ },
	{ PROBE_TYPE, ANY, ANY, ALWAYS, ADVICE_NO_FILE },
	{ PROBE_SAMPLE, ANY, ANY, ALWAYS, ADVICE_NAME_A_FILE },
	{ PROBE_COMPARE, ANY, ANY, ALWAYS, ADVICE_WRONG_BYTES },
	{ PROBE_SHARE, ANY, ANY, ALWAYS, ADVICE_NOT_SHARED },

	/* What fails in the same way in each step. */
	{ ANY, ENOSPC, ANY, ALWAYS, ADVICE_SPACE },
	{ ANY, EDQUOT, ANY, ALWAYS, ADVICE_QUOTA },
	{ ANY, EROFS, ANY, ALWAYS, ADVICE_READ_ONLY },
	{ ANY, EIO, ANY, ALWAYS, ADVICE_DAMAGE },
	{ ANY, EUCLEAN, ANY, ALWAYS, ADVICE_DAMAGE },
	{ ANY, EBADMSG, ANY, ALWAYS, ADVICE_DAMAGE },

	{ PROBE_CREATE, ANY, FS_KERNEL, ALWAYS, ADVICE_KERNEL_FILES },
	{ PROBE_CREATE, EACCES, ANY, ALWAYS, ADVICE_PERMISSION },
	{ PROBE_CREATE, EPERM, ANY, ALWAYS, ADVICE_LOCKED },

	/* ENOTTY: also what has no such call in any version. */
	{ PROBE_CLONE, ENOTTY, ANY, ALWAYS, ADVICE_KERNEL },
	{ PROBE_CLONE, ENOSYS, ANY, ALWAYS, ADVICE_KERNEL },
	{ PROBE_CLONE, EPERM, ANY, ALWAYS, ADVICE_FORBIDDEN },
	{ PROBE_CLONE, EACCES, ANY, ALWAYS, ADVICE_FORBIDDEN },
	{ PROBE_CLONE, ETXTBSY, ANY, ALWAYS, ADVICE_SWAP_FILE },
	{ PROBE_CLONE, EBADF, FS_SMB, ALWAYS, ADVICE_SMB_SUBVOLUMES },
	{ PROBE_CLONE, EAGAIN, FS_ZFS, ALWAYS, ADVICE_ZFS_LATER },
	/* Btrfs compares one flag, and so do those that pass its answer on. */
	{ PROBE_CLONE, EINVAL, FS_BTRFS, ALWAYS, ADVICE_CHECKSUMS },
	{ PROBE_CLONE, EINVAL, ANY, ALWAYS, ADVICE_SETTINGS },

	{ PROBE_CLONE, EXDEV, FS_ZFS, ALWAYS, ADVICE_ZFS_PROPERTIES },
	{ PROBE_CLONE, EXDEV, ANY, IF_OTHER_FS, ADVICE_TWO_FS },
	{ PROBE_CLONE, EXDEV, FS_OVERLAY, ALWAYS, ADVICE_LOWER_ELSEWHERE },
	{ PROBE_CLONE, EXDEV, ANY, IF_SAME_FS, ADVICE_TWO_MOUNTS },

	{ PROBE_CLONE, EOPNOTSUPP, FS_XFS, IF_REFLINK_LESS,
	  ADVICE_XFS_WITHOUT },
	{ PROBE_CLONE, EOPNOTSUPP, FS_OCFS2, ALWAYS, ADVICE_OCFS2_WITHOUT },
	{ PROBE_CLONE, EOPNOTSUPP, FS_OVERLAY, ALWAYS, ADVICE_UPPER_WITHOUT },
	{ PROBE_CLONE, EOPNOTSUPP, FS_FUSE, ALWAYS, ADVICE_FUSE },
	{ PROBE_CLONE, EOPNOTSUPP, FS_NFS, IF_NFS_42, ADVICE_NFS_SERVER },
	{ PROBE_CLONE, EOPNOTSUPP, FS_NFS, ALWAYS, ADVICE_NFS_VERSION },
	{ PROBE_CLONE, EOPNOTSUPP, FS_SMB, ALWAYS, ADVICE_SMB_SERVER },
	{ PROBE_CLONE, EOPNOTSUPP, FS_ZFS, ALWAYS, ADVICE_ZFS_FEATURE },
	{ PROBE_CLONE, EOPNOTSUPP, ANY, ALWAYS, ADVICE_NO_REFLINKS },
};

static bool holds(enum condition condition, const struct probe_case *c)
{
	switch (condition) {
	case ALWAYS:
		return true;
	case IF_SAME_FS:
		return c->same_fs;
	case IF_OTHER_FS:
		return !c->same_fs;
	case IF_REFLINK_LESS:
		return c->is_reflink_less;
	case IF_NFS_42:
		return c->is_nfs_42;
	}
	return false;
}

static bool is_or_any(int wanted, int value)
{
	return wanted == ANY || wanted == value;
}

enum probe_advice probe_advise(const struct probe_case *c)
{
	for (size_t i = 0; c->step != PROBE_DONE && i < countof(rows); i++)
		if (is_or_any(rows[i].step, (int)c->step) &&
		    is_or_any(rows[i].err, c->err) &&
		    is_or_any(rows[i].dst, (int)c->dst) &&
		    holds(rows[i].condition, c))
			return rows[i].advice;
	return ADVICE_NONE;
}

bool probe_option_matters(const char *option)
{
	/* Those that end in '=' have a value. */
	static const char *const words[] = {
		"compress",
		"compress=",
		"compress-force",
		"compress-force=",
		"nodatacow",
		"nodatasum",
		"dax",
		"dax=",
		"sync",
		"vers=",
	};
	size_t len = strcspn(option, ",");

	for (size_t i = 0; i < countof(words); i++) {
		size_t n = strlen(words[i]);

		if (words[i][n - 1] == '=' ? n < len : n == len)
			if (strncmp(option, words[i], n) == 0)
				return true;
	}
	return false;
}

bool probe_has_option(const char *options, const char *option)
{
	size_t len = strlen(option);

	while (*options) {
		size_t n = strcspn(options, ",");

		if (n == len && strncmp(options, option, len) == 0)
			return true;
		options += n;
		options += strspn(options, ",");
	}
	return false;
}
