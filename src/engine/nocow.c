/* SPDX-License-Identifier: BSD-2-Clause */
#include "nocow.h"

#include <errno.h>

#include "base.h"
#include "clone.h"
#include "meta.h"
#include "stat.h"

int nocow_wanted(fd_t src, fd_t dst)
{
	int want = meta_get_nocow(src);
	int have = meta_get_nocow(dst);

	return want >= 0 && have >= 0 && want != have ? want : -1;
}

/* Can the beginning of SRC be cloned to DST, which is empty? */
static int try_block(fd_t src, fd_t dst)
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

/*
 * The same with a temporary file in DIR that gets the flag, or is made without.
 */
static int try_elsewhere(fd_t dir, fd_t src, int want)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int r = dest_scratch(dir, &fd);

	if (r == 0)
		r = meta_set_nocow(fd, 1);
	if (r == 0 && !want)
		r = meta_set_nocow(fd, 0);
	return r < 0 ? r : try_block(src, fd);
}

int nocow_give(fd_t dir, fd_t src, fd_t dst)
{
	int want = nocow_wanted(src, dst);
	int r = want < 0 ? -EINVAL : try_elsewhere(dir, src, want);

	return r < 0 ? r : meta_set_nocow(dst, want);
}

int nocow_other(const struct dest *t, fd_t src, struct dest *ret)
{
	int want = nocow_wanted(src, t->fd);

	return want < 0 ? -EINVAL : dest_other(t, want, ret);
}

int nocow_match(struct dest *t, fd_t src)
{
	_cleanup_(dest_dropp) struct dest other = DEST_EMPTY;
	int r = nocow_other(t, src, &other);

	if (r == 0)
		r = try_block(src, other.fd);
	if (r == 0)
		r = fd_truncate(other.fd, 0);
	if (r == 0)
		dest_adopt(t, &other);
	return r;
}

bool nocow_shed(struct dest *t, fd_t src)
{
	_cleanup_(dest_dropp) struct dest other = DEST_EMPTY;

	if (!dest_is_new(t) || meta_get_nocow(t->fd) != 1 ||
	    nocow_wanted(src, t->fd) != 0 || dest_other(t, 0, &other) < 0)
		return false;
	dest_adopt(t, &other);
	return true;
}
