/* SPDX-License-Identifier: BSD-2-Clause */
#include "link.h"

#include <errno.h>

#include "attrs.h"
#include "base.h"
#include "dir.h"
#include "special.h"
#include "stat.h"

/* Where the link is made: under its own name, or beside it. */
static void choose_name(const struct item *item, struct temp *ret)
{
	*ret = (struct temp){ .fd = FD_NONE,
			      .dir = item->dir,
			      .name = item->name };
	if (item->making == MAKING_BESIDE)
		temp_name(ret->made);
}

static const char *chosen(const struct temp *t)
{
	return t->made[0] ? t->made : t->name;
}

/* The link exists: from here on it is removed again if it is not committed. */
static void now_exists(struct temp *t)
{
	t->state = t->made[0] ? TEMP_BESIDE : TEMP_NEW;
}

/* A name, whose it is if it is a link's, and what file that should be. */
struct named {
	const char *path;
	enum stat_link link;
	struct file_info file;
};

/* What SRC names gets the name of ITEM too. */
static int hard_link(struct run *run, struct item *item,
		     const struct named *src, struct fault *reterr)
{
	_cleanup_(temp_dropp) struct temp tmp = TEMP_EMPTY;
	struct file_info made;
	int r;

	choose_name(item, &tmp);
	r = special_hard_link_at(FD_CWD, src->path, src->link, tmp.dir,
				 chosen(&tmp));
	if (r < 0)
		return fault_set(reterr, FAULT_HARD_LINK, FAULT_DST, r);
	now_exists(&tmp);

	/* The name was looked up once more: is it what was judged? */
	r = stat_at(tmp.dir, chosen(&tmp), STAT_NOFOLLOW, &made);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	if (!file_info_same(&made, &src->file))
		return fault_set(reterr, FAULT_SWAPPED, FAULT_SRC, -EBUSY);

	r = item_commit(run, item, &tmp, reterr);
	/* To rename one name of a file over another of it does nothing. */
	if (r == 0 && item->making == MAKING_BESIDE)
		(void)dir_remove_at(tmp.dir, chosen(&tmp));
	return r;
}

int link_hard(struct run *run, struct item *item, struct fault *reterr)
{
	const struct named src = {
		.path = item->job.src,
		.link = run->policy->deref == DEREF_NEVER ? STAT_NOFOLLOW
							  : STAT_FOLLOW,
		.file = item->src->info,
	};

	return hard_link(run, item, &src, reterr);
}

int link_to_copy(struct run *run, struct item *item,
		 const struct inotab_value *copy, struct fault *reterr)
{
	const struct file_info wanted = { .dev = copy->dev, .ino = copy->ino };
	struct named src = { .path = copy->text, .link = STAT_NOFOLLOW };

	/* The copy itself, or, where that was written through a link, its. */
	if (stat_at(FD_CWD, src.path, STAT_NOFOLLOW, &src.file) < 0 ||
	    !file_info_same(&src.file, &wanted)) {
		src.link = STAT_FOLLOW;
		if (stat_at(FD_CWD, src.path, STAT_FOLLOW, &src.file) < 0 ||
		    !file_info_same(&src.file, &wanted))
			return 1;
	}
	return hard_link(run, item, &src, reterr);
}

/* Make a link to TARGET; *RET is for the caller to commit. */
static int symlink_to(const struct item *item, const char *target,
		      struct temp *ret)
{
	int r;

	choose_name(item, ret);
	r = special_symlink_at(target, ret->dir, chosen(ret));
	if (r == 0)
		now_exists(ret);
	return r;
}

/* A relative target means the same from where we stand only. */
static bool stands_in(fd_t dir)
{
	struct file_info here;
	struct file_info there;

	if (dir == FD_CWD)
		return true;
	return stat_at(FD_CWD, ".", STAT_FOLLOW, &here) == 0 &&
	       stat_fd(dir, &there) == 0 && file_info_same(&here, &there);
}

int link_symbolic(struct run *run, struct item *item, struct fault *reterr)
{
	_cleanup_(temp_dropp) struct temp tmp = TEMP_EMPTY;
	int r;

	if (item->job.src[0] != '/' && !stands_in(item->dir))
		return fault_set(reterr, FAULT_RELATIVE_LINK, FAULT_DST,
				 -EINVAL);
	r = symlink_to(item, item->job.src, &tmp);
	if (r < 0)
		return fault_set(reterr, FAULT_SYMLINK, FAULT_DST, r);
	attrs_apply_link(run, &item->job, &item->src->info, tmp.dir,
			 chosen(&tmp));
	return item_commit(run, item, &tmp, reterr);
}

int link_copy(struct run *run, struct item *item, struct fault *reterr)
{
	_cleanup_(temp_dropp) struct temp tmp = TEMP_EMPTY;
	_cleanup_(freep) char *target = NULL;
	int r;

	r = special_read_link(item->src->fd, &target);
	if (r < 0)
		return fault_set(reterr, FAULT_READ_LINK, FAULT_SRC, r);
	r = symlink_to(item, target, &tmp);
	if (r < 0)
		return fault_set(reterr, FAULT_COPY_SYMLINK, FAULT_DST, r);
	attrs_apply_link(run, &item->job, &item->src->info, tmp.dir,
			 chosen(&tmp));
	return item_commit(run, item, &tmp, reterr);
}
