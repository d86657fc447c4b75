/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "base.h"
#include "check.h"
#include "probe_rules.h"

static void verdicts(void)
{
	check(probe_judge(PROBE_DONE, 0) == PROBE_YES);
	check(probe_judge(PROBE_CREATE, EROFS) == PROBE_NO);
	for (int step = PROBE_DONE + 1; step < PROBE_STEP_MAX; step++) {
		bool is_no = step == PROBE_CLONE || step == PROBE_COMPARE ||
			     step == PROBE_SHARE;

		check(probe_judge((enum probe_step)step, EIO) ==
		      (is_no ? PROBE_NO : PROBE_UNKNOWN));
	}
}

/* Without a row of its own, no advice is better than a wrong one. */
static void nothing_to_do(void)
{
	struct probe_case c = { .step = PROBE_DONE, .same_fs = true };

	check(probe_advise(&c) == ADVICE_NONE);
	c.step = PROBE_CLONE;
	c.err = ESTALE;
	check(probe_advise(&c) == ADVICE_NONE);
	c.step = PROBE_WRITE;
	c.err = EINVAL;
	check(probe_advise(&c) == ADVICE_NONE);
}

static const struct {
	struct probe_case c;
	enum probe_advice want;
} rows[] = {
	{ { .step = PROBE_FIND, .err = EACCES }, ADVICE_SEARCH },
	{ { .step = PROBE_FIND, .err = ENOENT }, ADVICE_NONE },
	{ { .step = PROBE_TYPE, .err = EINVAL }, ADVICE_NO_FILE },
	{ { .step = PROBE_OPEN, .err = EACCES }, ADVICE_READ },
	{ { .step = PROBE_SAMPLE, .err = ENODATA }, ADVICE_NAME_A_FILE },
	{ { .step = PROBE_CREATE, .err = EACCES }, ADVICE_PERMISSION },
	{ { .step = PROBE_CREATE, .err = EPERM }, ADVICE_LOCKED },
	{ { .step = PROBE_CREATE, .err = EROFS }, ADVICE_READ_ONLY },
	{ { .step = PROBE_CREATE, .err = ENOENT, .dst = FS_KERNEL },
	  ADVICE_KERNEL_FILES },
	{ { .step = PROBE_CREATE, .err = EACCES, .dst = FS_KERNEL },
	  ADVICE_KERNEL_FILES },
	{ { .step = PROBE_CREATE, .err = ENOSPC }, ADVICE_SPACE },
	{ { .step = PROBE_WRITE, .err = EDQUOT }, ADVICE_QUOTA },
	{ { .step = PROBE_SYNC, .err = ENOSPC }, ADVICE_SPACE },
	{ { .step = PROBE_SYNC, .err = EIO }, ADVICE_DAMAGE },
	{ { .step = PROBE_READ, .err = EUCLEAN }, ADVICE_DAMAGE },
	/* These end with an errno of our own, which is not a disk's. */
	{ { .step = PROBE_COMPARE, .err = EIO }, ADVICE_WRONG_BYTES },
	{ { .step = PROBE_SHARE, .err = EIO }, ADVICE_NOT_SHARED },

	{ { .step = PROBE_CLONE, .err = ENOTTY }, ADVICE_KERNEL },
	{ { .step = PROBE_CLONE, .err = ENOSYS }, ADVICE_KERNEL },
	{ { .step = PROBE_CLONE, .err = EPERM }, ADVICE_FORBIDDEN },
	{ { .step = PROBE_CLONE, .err = EACCES }, ADVICE_FORBIDDEN },
	{ { .step = PROBE_CLONE, .err = ETXTBSY }, ADVICE_SWAP_FILE },
	{ { .step = PROBE_CLONE, .err = EBADF }, ADVICE_NONE },
	{ { .step = PROBE_CLONE, .err = EBADF, .dst = FS_SMB },
	  ADVICE_SMB_SUBVOLUMES },
	{ { .step = PROBE_CLONE, .err = EAGAIN, .dst = FS_ZFS },
	  ADVICE_ZFS_LATER },
	{ { .step = PROBE_CLONE, .err = EINVAL, .dst = FS_BTRFS },
	  ADVICE_CHECKSUMS },
	{ { .step = PROBE_CLONE, .err = EINVAL, .dst = FS_XFS },
	  ADVICE_SETTINGS },
	{ { .step = PROBE_CLONE, .err = ENOSPC, .dst = FS_XFS }, ADVICE_SPACE },

	{ { .step = PROBE_CLONE, .err = EXDEV, .dst = FS_XFS }, ADVICE_TWO_FS },
	{ { .step = PROBE_CLONE, .err = EXDEV, .dst = FS_XFS, .same_fs = true },
	  ADVICE_TWO_MOUNTS },
	{ { .step = PROBE_CLONE, .err = EXDEV, .dst = FS_ZFS, .same_fs = true },
	  ADVICE_ZFS_PROPERTIES },
	{ { .step = PROBE_CLONE, .err = EXDEV, .dst = FS_OVERLAY },
	  ADVICE_TWO_FS },
	{ { .step = PROBE_CLONE,
	    .err = EXDEV,
	    .dst = FS_OVERLAY,
	    .same_fs = true },
	  ADVICE_LOWER_ELSEWHERE },

	{ { .step = PROBE_CLONE, .err = EOPNOTSUPP }, ADVICE_NO_REFLINKS },
	{ { .step = PROBE_CLONE, .err = EOPNOTSUPP, .dst = FS_XFS },
	  ADVICE_NO_REFLINKS },
	{ { .step = PROBE_CLONE,
	    .err = EOPNOTSUPP,
	    .dst = FS_XFS,
	    .is_reflink_less = true },
	  ADVICE_XFS_WITHOUT },
	{ { .step = PROBE_CLONE, .err = EOPNOTSUPP, .dst = FS_OCFS2 },
	  ADVICE_OCFS2_WITHOUT },
	{ { .step = PROBE_CLONE, .err = EOPNOTSUPP, .dst = FS_OVERLAY },
	  ADVICE_UPPER_WITHOUT },
	{ { .step = PROBE_CLONE, .err = EOPNOTSUPP, .dst = FS_FUSE },
	  ADVICE_FUSE },
	{ { .step = PROBE_CLONE, .err = EOPNOTSUPP, .dst = FS_NFS },
	  ADVICE_NFS_VERSION },
	{ { .step = PROBE_CLONE,
	    .err = EOPNOTSUPP,
	    .dst = FS_NFS,
	    .is_nfs_42 = true },
	  ADVICE_NFS_SERVER },
	{ { .step = PROBE_CLONE, .err = EOPNOTSUPP, .dst = FS_SMB },
	  ADVICE_SMB_SERVER },
	{ { .step = PROBE_CLONE, .err = EOPNOTSUPP, .dst = FS_ZFS },
	  ADVICE_ZFS_FEATURE },
};

static void advice(void)
{
	for (size_t i = 0; i < countof(rows); i++)
		if (probe_advise(&rows[i].c) != rows[i].want) {
			printf("row %zu: %d\n", i,
			       (int)probe_advise(&rows[i].c));
			check(false);
		}
}

/* Each piece of advice is given to somebody. */
static void all_given(void)
{
	for (int a = ADVICE_NONE; a < ADVICE_MAX; a++) {
		bool is_given = false;

		for (size_t i = 0; i < countof(rows); i++)
			is_given |= (int)rows[i].want == a;
		check(is_given);
	}
}

static void options(void)
{
	check(probe_option_matters("compress"));
	check(probe_option_matters("compress=zstd:3,rw"));
	check(probe_option_matters("vers=4.2"));
	check(probe_option_matters("dax=always"));
	check(probe_option_matters("nodatacow"));
	check(!probe_option_matters(""));
	check(!probe_option_matters("rw,compress"));
	check(!probe_option_matters("vers="));
	check(!probe_option_matters("vers"));
	check(!probe_option_matters("syncx"));
	check(!probe_option_matters("nodatasu"));

	check(probe_has_option("rw,vers=4.2,x", "vers=4.2"));
	check(probe_has_option("vers=4.2", "vers=4.2"));
	check(probe_has_option("rw,vers=4.2", "vers=4.2"));
	check(!probe_has_option("rw,vers=4.21", "vers=4.2"));
	check(!probe_has_option("rw,xvers=4.2", "vers=4.2"));
	check(!probe_has_option("", "vers=4.2"));
}

int main(void)
{
	test(verdicts);
	test(nothing_to_do);
	test(advice);
	test(all_given);
	test(options);
	return tests_end();
}
