/* SPDX-License-Identifier: BSD-2-Clause */
#include "dest.h"

#include <errno.h>

#include "base.h"
#include "dir.h"
#include "meta.h"
#include "scratch.h"
#include "special.h"
#include "stat.h"

/* Can an unnamed file get its name, as far as that is known? */
static bool may_link(struct dest_refusals *refusals)
{
	if (!refusals->asked) {
		if (!special_links_fds())
			refusals->links = true;
		refusals->asked = true;
	}
	return !refusals->links;
}

/* The same for a hidden one; else its temporary name would stay for ever. */
static bool may_rename(const struct dest *d)
{
	return !d->refusals->renames && !stat_keeps_names(d->dir);
}

static int create_as(struct dest *d, enum dest_state state)
{
	int r = -EINVAL;

	if (state == DEST_NEW)
		r = fd_create_at(d->dir, d->name, d->mode, &d->fd);
	else if (state == DEST_THROUGH)
		r = fd_create_through(d->dir, d->name, d->mode, &d->fd);
	else if (state == DEST_UNNAMED && !may_link(d->refusals))
		r = -EOPNOTSUPP;
	else if (state == DEST_UNNAMED)
		r = fd_create_unnamed(d->dir, FD_WRITE, d->mode, &d->fd);
	else if (state == DEST_HIDDEN && !may_rename(d))
		r = -EPERM;
	else if (state == DEST_HIDDEN || state == DEST_BESIDE)
		r = scratch_create_at(d->dir, d->mode, -1, d->made, &d->fd);
	if (r == 0)
		d->state = state;
	return r;
}

int dest_create(struct dest *d, enum dest_state state, uint32_t mode)
{
	int r;

	d->mode = mode;
	r = create_as(d, state);
	if (state == DEST_UNNAMED && r == -EOPNOTSUPP) {
		r = create_as(d, DEST_HIDDEN);
		if (r == -EPERM)
			r = create_as(d, DEST_NEW);
	}
	return r;
}

void dest_in_place(struct dest *d, fd_t fd)
{
	d->fd = fd;
	d->state = DEST_IN_PLACE;
}

const char *dest_reserve(struct dest *d, enum dest_state state)
{
	if (state != DEST_BESIDE)
		return d->name;
	scratch_name(d->made);
	return d->made;
}

int dest_made(struct dest *d, int r)
{
	if (d->made[0])
		d->state = DEST_BESIDE;
	else if (r == 0)
		d->state = DEST_NEW;
	return r;
}

bool dest_is_new(const struct dest *d)
{
	return d->state == DEST_NEW || d->state == DEST_UNNAMED ||
	       d->state == DEST_HIDDEN || d->state == DEST_BESIDE;
}

int dest_other(const struct dest *d, int nocow, struct dest *ret)
{
	struct dest other = *d;
	bool beside = d->state == DEST_BESIDE;
	int r;

	if (beside ? stat_keeps_names(d->dir) : !may_rename(d))
		return -EPERM;
	r = scratch_create_at(d->dir, d->mode, nocow, other.made, &other.fd);
	if (r < 0)
		return r;
	other.state = beside ? DEST_BESIDE : DEST_HIDDEN;
	*ret = other;
	return 0;
}

void dest_adopt(struct dest *d, struct dest *other)
{
	dest_dropp(d);
	*d = TAKE(*other, DEST_EMPTY);
}

void dest_spoil(struct dest *d)
{
	if (d->state == DEST_IN_PLACE)
		d->state = DEST_SPOILED;
}

/* Is it to be emptied if it is dropped? */
static bool is_spoiled(const struct dest *d)
{
	return d->state == DEST_SPOILED || d->state == DEST_THROUGH;
}

int dest_close(struct dest *d)
{
	int r;

	if (d->fd == FD_NONE)
		return 0;
	/* It may still have to be emptied, or to be given its name. */
	if (is_spoiled(d) || d->state == DEST_UNNAMED) {
		r = fd_flush(d->fd);
		if (r != -EMFILE)
			return r;
		/* No descriptor is free: close it when it has its name. */
		if (d->state == DEST_UNNAMED)
			return 0;
	}
	return fd_close(TAKE(d->fd, FD_NONE));
}

/* After link(2) or rename(2) returned R, may another way work? */
static bool is_refusal(int r)
{
	return r < 0 && r != -EEXIST && r != -ENOSPC && r != -EDQUOT &&
	       r != -EIO && r != -EROFS && r != -ESTALE && r != -EINTR;
}

static int commit_unnamed(struct dest *d)
{
	int r = special_hard_link_fd(d->fd, d->dir, d->name);

	if (is_refusal(r))
		d->refusals->links = true;
	if (r < 0)
		return r;
	r = fd_close(TAKE(d->fd, FD_NONE));
	if (r < 0)
		(void)dir_remove_at(d->dir, d->name);
	return r;
}

static int commit_hidden(struct dest *d)
{
	int r = dir_rename_new_at(d->dir, d->made, d->name);

	if (is_refusal(r))
		d->refusals->renames = true;
	return r;
}

int dest_commit(struct dest *d)
{
	int r = 0;

	if (d->state == DEST_BESIDE)
		r = dir_rename_at(d->dir, d->made, d->name);
	else if (d->state == DEST_HIDDEN)
		r = commit_hidden(d);
	else if (d->state == DEST_UNNAMED)
		r = commit_unnamed(d);
	if (r < 0)
		return r;
	d->state = DEST_NOTHING;
	return 0;
}

bool dest_is_refused(const struct dest *d)
{
	return (d->state == DEST_UNNAMED && d->refusals->links) ||
	       (d->state == DEST_HIDDEN && d->refusals->renames);
}

/* Does the name still belong to D's file?  If D is closed, assume so. */
static bool is_ours(const struct dest *d)
{
	struct file_info made;
	struct file_info now;

	if (d->fd == FD_NONE || stat_fd(d->fd, &made) < 0 ||
	    stat_at(d->dir, d->name, STAT_NOFOLLOW, &now) < 0)
		return true;
	return file_info_same(&made, &now);
}

/* Empty the file again, and give it an old mtime. */
static enum fault_left empty_again(const struct dest *d)
{
	int r = fd_truncate(d->fd, 0);

	(void)meta_set_mtime(d->fd, d->stale);
	return r < 0 ? FAULT_LEFT_HALF : FAULT_LEFT_EMPTY;
}

enum fault_left dest_drop(struct dest *d)
{
	bool remove = d->state == DEST_NEW && is_ours(d);
	enum fault_left left = FAULT_LEFT_ALONE;

	if (is_spoiled(d) && d->fd != FD_NONE)
		left = empty_again(d);
	fd_closep(&d->fd);
	if (remove)
		(void)dir_remove_at(d->dir, d->name);
	if (d->state == DEST_BESIDE || d->state == DEST_HIDDEN)
		(void)dir_remove_at(d->dir, d->made);
	d->state = DEST_NOTHING;
	return left;
}

void dest_dropp(struct dest *d)
{
	(void)dest_drop(d);
}
