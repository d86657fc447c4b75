/* SPDX-License-Identifier: BSD-2-Clause */
#include "itself.h"

#include <string.h>

#include "base.h"
#include "dir.h"
#include "fs.h"
#include "pathname.h"
#include "scratch.h"
#include "stat.h"

/* A way down that repeats its beginning so often is looked into. */
#define REPEATS 3

bool itself_is_among(const struct dirpair *deepest, enum side side,
		     const struct file_info *info)
{
	for (const struct dirpair *l = deepest; l; l = l->up)
		if (file_info_same(&l->sides[side].info, info))
			return true;
	return false;
}

bool itself_may_show(const struct dirpair *pair, fd_t dir)
{
	const struct dirside *src = &pair->sides[SIDE_SRC];
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info info;

	/* FD_CWD is no descriptor. */
	if (fd_open_at(dir, ".", FD_PATH | FD_DIRECTORY, &fd) < 0 ||
	    stat_fd(fd, &info) < 0 || file_info_same(&info, &src->info))
		return true;
	/* Two such file systems never show one file twice. */
	return !fs_sizes_are_exact(fs_sizes(src->fd)) ||
	       !fs_sizes_are_exact(fs_sizes(fd));
}

/* Does a file made in DST, *RET, appear in SRC? */
static bool is_seen_in(fd_t dst, fd_t src, struct itself_mark *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info there;
	bool is_seen;

	scratch_name(ret->name);
	if (fd_create_at(dst, ret->name, 0600, &fd) < 0)
		return false;
	is_seen = stat_at(src, ret->name, STAT_NOFOLLOW, &there) == 0;
	ret->err = dir_remove_at(dst, ret->name);
	return is_seen;
}

/* The directory N pairs above DIR. */
static int go_up(fd_t dir, size_t n, fd_t *ret)
{
	static const char ups[] =
		"../../../../../../../../../../../../../../..";
	const size_t most = sizeof(ups) / strlen("../");
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int r = fd_twin(dir, &fd);

	while (r == 0 && n > 0) {
		size_t step = n < most ? n : most;
		fd_t up = FD_NONE;

		r = fd_open_at(fd, ups + sizeof(ups) - step * strlen("../"),
			       FD_PATH | FD_DIRECTORY, &up);
		fd_closep(&fd);
		fd = up;
		n -= step;
	}
	if (r == 0)
		*ret = TAKE(fd, FD_NONE);
	return r;
}

bool itself_has_no_end(const struct dirpair *deepest, const char *way, fd_t src,
		       struct itself_mark *ret)
{
	_cleanup_(fd_closep) fd_t dst = FD_NONE;
	size_t n = pathname_repeats(way);
	size_t period;

	ret->err = 0;
	ret->up = (strlen(way) + 1) / REPEATS;
	/* Each part of the way that may be the one is looked into once. */
	if (n % REPEATS != 0)
		return false;
	/*
	 * If what was made for the operand is shown where the first part leads,
	 * SRC shows what was made for what is one part above it.
	 */
	period = pathname_count(way, ret->up);
	return go_up(deepest->sides[SIDE_DST].fd, period - 1, &dst) == 0 &&
	       is_seen_in(dst, src, ret);
}

static bool is_listed(const struct dirpair *pair, const char *name)
{
	struct dir_list all = pair->list;
	struct dir_entry entry;

	while (dir_list_next(&all, &entry))
		if (strcmp(entry.name, name) == 0)
			return true;
	return false;
}

bool itself_is_inside(const struct dirpair *pair, const char *name)
{
	const struct file_info *made = &pair->sides[SIDE_DST].info;
	struct file_info there;

	if (!pair->is_new ||
	    stat_at(pair->sides[SIDE_SRC].fd, name, STAT_NOFOLLOW, &there) < 0)
		return false;
	if (file_info_same(&there, made))
		return true;
	/* Under other numbers it has the same times, as others may have. */
	return !pair->has_more &&
	       timestamp_compare(there.ctime, made->ctime) == 0 &&
	       timestamp_compare(there.mtime, made->mtime) == 0 &&
	       !is_listed(pair, name);
}
