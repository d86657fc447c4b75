/* SPDX-License-Identifier: BSD-2-Clause */
#include "nocow.h"

#include <errno.h>

#include "base.h"
#include "clone.h"
#include "meta.h"
#include "scratch.h"
#include "stat.h"

int nocow_wanted(fd_t src, fd_t dst)
{
	int want = meta_get_nocow(src);
	int have = meta_get_nocow(dst);

	return want >= 0 && have >= 0 && want != have ? want : -1;
}

int nocow_try(fd_t src, fd_t dst)
{
	struct range block = { .off = 0 };
	struct file_info src_info = { .size = 0 };
	struct file_info dst_info = { .size = 0 };
	int r = stat_fd(src, &src_info);

	if (r == 0)
		r = stat_fd(dst, &dst_info);
	if (r < 0)
		return r;
	/* 0: to the end. */
	if (src_info.size > dst_info.block_size)
		block.len = dst_info.block_size;
	return clone_range(src, block, dst, 0);
}

int nocow_give(fd_t dir, fd_t src, fd_t dst)
{
	_cleanup_(fd_closep) fd_t other = FD_NONE;
	int want = nocow_wanted(src, dst);
	/* Like DST it has had the flag, even if it is to be without. */
	int r = want < 0 ? -EINVAL : scratch_create(dir, 1, &other);

	if (r == 0 && !want)
		r = meta_set_nocow(other, 0);
	if (r == 0)
		r = nocow_try(src, other);
	return r < 0 ? r : meta_set_nocow(dst, want);
}
