/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "base.h"
#include "check.h"
#include "fallback.h"

/* The promise of the manual, "When a clone is refused", errno by errno. */
static void clone_verdicts(void)
{
	static const int falls_back[] = { EXDEV,  EOPNOTSUPP, EINVAL, ENOTTY,
					  ENOSYS, ETXTBSY,    EPERM,  EACCES,
					  EBADF,  ENOENT,     ENXIO };
	static const int fails[] = { ENOSPC,  EDQUOT, EIO,     ENOMEM,
				     EROFS,   EFBIG,  EINTR,   ESTALE,
				     EUCLEAN, EFAULT, EBADMSG, EOVERFLOW };

	for (size_t i = 0; i < countof(falls_back); i++) {
		enum verdict v = fallback_judge(FALLBACK_CLONE, falls_back[i]);

		check(v == VERDICT_NEXT || v == VERDICT_NEXT_FOR_PAIR);
	}
	for (size_t i = 0; i < countof(fails); i++)
		check(fallback_judge(FALLBACK_CLONE, fails[i]) == VERDICT_FAIL);
	check(fallback_judge(FALLBACK_CLONE, EAGAIN) == VERDICT_WAIT);
}

/* Only what says "none of your files" is remembered for all of them. */
static void remembered(void)
{
	for (int err = 1; err < 134; err++) {
		bool pair = fallback_judge(FALLBACK_CLONE, err) ==
			    VERDICT_NEXT_FOR_PAIR;

		check(pair == (err == EOPNOTSUPP || err == ENOTTY));
	}
}

/* What is refused at the door leaves the old content, whoever writes to it. */
static void early(void)
{
	static const int before[] = { EXDEV,  ENOTTY, ENOSYS, EPERM,
				      EACCES, EBADF,  ETXTBSY };
	static const int within[] = { EOPNOTSUPP, EINVAL, EAGAIN, ENOSPC,
				      EIO,	  EINTR,  ENOENT, EROFS };

	for (size_t i = 0; i < countof(before); i++)
		check(fallback_is_early(before[i]));
	for (size_t i = 0; i < countof(within); i++)
		check(!fallback_is_early(within[i]));
}

static void copy_range_verdicts(void)
{
	static const int fails[] = { ENOSPC, EDQUOT, EIO,     ENOMEM, EROFS,
				     EINTR,  ESTALE, EUCLEAN, EBADMSG };

	for (size_t i = 0; i < countof(fails); i++)
		check(fallback_judge(FALLBACK_COPY_RANGE, fails[i]) ==
		      VERDICT_FAIL);
	for (int err = 1; err < 134; err++)
		check(fallback_judge(FALLBACK_COPY_RANGE, err) != VERDICT_WAIT);
}

static void names(void)
{
	check_str(fallback_op_name(FALLBACK_CLONE), "FICLONE");
	check_str(fallback_op_name(FALLBACK_COPY_RANGE), "copy_file_range");
}

int main(void)
{
	test(clone_verdicts);
	test(remembered);
	test(early);
	test(copy_range_verdicts);
	test(names);
	return tests_end();
}
