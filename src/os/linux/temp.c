/* SPDX-License-Identifier: BSD-2-Clause */
#include "temp.h"

#include <errno.h>
#include <stdbool.h>

#include "base.h"
#include "dir.h"
#include "meta.h"
#include "scratch.h"
#include "special.h"

int temp_new(fd_t dir, const char *name, uint32_t mode, struct temp *ret)
{
	struct temp t = {
		.dir = dir, .name = name, .mode = mode, .state = TEMP_NEW
	};
	int r = fd_create_at(dir, name, mode, &t.fd);

	if (r < 0)
		return r;
	*ret = t;
	return 0;
}

/* Create T's file under a temporary name. */
static int create_beside(struct temp *t)
{
	return scratch_create_at(t->dir, t->mode, -1, t->made, &t->fd);
}

/* The same, if it can be renamed in the end; else it would stay for ever. */
static int create_hidden(struct temp *t)
{
	return stat_keeps_names(t->dir) ? -EPERM : create_beside(t);
}

/* What has failed in this run: no file can get its name late in that way. */
static _Atomic bool refuses_links;
static _Atomic bool refuses_renames;

int temp_unnamed(fd_t dir, const char *name, uint32_t mode, struct temp *ret)
{
	struct temp t = {
		.dir = dir, .name = name, .mode = mode, .state = TEMP_UNNAMED
	};
	int r = !refuses_links && special_links_fds()
			? fd_create_unnamed(dir, FD_WRITE, mode, &t.fd)
			: -EOPNOTSUPP;

	if (r == -EOPNOTSUPP) {
		t.state = TEMP_HIDDEN;
		r = refuses_renames ? -EPERM : create_hidden(&t);
		if (r == -EPERM)
			return temp_new(dir, name, mode, ret);
	}
	if (r < 0)
		return r;
	*ret = t;
	return 0;
}

int temp_beside(fd_t dir, const char *name, uint32_t mode, struct temp *ret)
{
	struct temp t = {
		.dir = dir, .name = name, .mode = mode, .state = TEMP_BESIDE
	};
	int r = create_beside(&t);

	if (r < 0)
		return r;
	*ret = t;
	return 0;
}

bool temp_is_new(const struct temp *t)
{
	return t->state == TEMP_NEW || t->state == TEMP_UNNAMED ||
	       t->state == TEMP_HIDDEN || t->state == TEMP_BESIDE;
}

int temp_trial(fd_t dir, struct temp *ret)
{
	return temp_unnamed(dir, "", 0600, ret);
}

int temp_scratch(fd_t dir, fd_t *ret)
{
	struct temp t;
	int r = temp_trial(dir, &t);

	if (r < 0)
		return r;
	*ret = TAKE(t.fd, FD_NONE);
	temp_dropp(&t);
	return 0;
}

int temp_other(const struct temp *t, int nocow, struct temp *ret)
{
	struct temp other = {
		.fd = FD_NONE,
		.dir = t->dir,
		.name = t->name,
		.mode = t->mode,
		.stale = t->stale,
		.state = t->state == TEMP_BESIDE ? TEMP_BESIDE : TEMP_HIDDEN,
	};
	int r = stat_keeps_names(t->dir) ? -EPERM : 0;

	if (r == 0)
		r = scratch_create_at(other.dir, other.mode, nocow, other.made,
				      &other.fd);
	if (r == 0)
		*ret = other;
	return r;
}

void temp_adopt(struct temp *t, struct temp *other)
{
	temp_dropp(t);
	*t = TAKE(*other, TEMP_EMPTY);
}

int temp_in_place(fd_t dir, const char *name, unsigned how,
		  const struct file_info *expected, struct temp *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info now;
	int r;

	r = fd_open_at(dir, name, how, &fd);
	if (r < 0)
		return r;
	r = stat_fd(fd, &now);
	if (r < 0)
		return r;
	if (!file_info_same(&now, expected))
		return 1;

	*ret = (struct temp){ .fd = TAKE(fd, FD_NONE),
			      .dir = dir,
			      .name = name,
			      .state = TEMP_IN_PLACE };
	return 0;
}

int temp_held(fd_t dir, const char *name, unsigned how, fd_t held,
	      struct temp *ret)
{
	struct temp t = { .dir = dir, .name = name, .state = TEMP_IN_PLACE };
	int r = fd_reopen(held, how, &t.fd);

	if (r < 0)
		return r;
	*ret = t;
	return 0;
}

int temp_through(fd_t dir, const char *name, uint32_t mode, struct temp *ret)
{
	/* Nothing is lost, but the file is incomplete, as if emptied. */
	struct temp t = { .dir = dir, .name = name, .state = TEMP_EMPTIED };
	int r = fd_create_through(dir, name, mode, &t.fd);

	if (r < 0)
		return r;
	*ret = t;
	return 0;
}

void temp_node(fd_t dir, const char *name, bool beside, struct temp *ret)
{
	*ret = (struct temp){ .fd = FD_NONE, .dir = dir, .name = name };
	if (beside)
		scratch_name(ret->made);
}

const char *temp_chosen(const struct temp *t)
{
	return t->made[0] ? t->made : t->name;
}

void temp_failed(struct temp *t)
{
	if (t->made[0])
		t->state = TEMP_BESIDE;
}

void temp_exists(struct temp *t)
{
	t->state = t->made[0] ? TEMP_BESIDE : TEMP_NEW;
}

void temp_spoil(struct temp *t)
{
	if (t->state == TEMP_IN_PLACE)
		t->state = TEMP_EMPTIED;
}

int temp_empty(struct temp *t)
{
	int r = fd_truncate(t->fd, 0);

	if (r == 0)
		temp_spoil(t);
	return r;
}

int temp_close(struct temp *t)
{
	int r;

	/* It may still have to be emptied, or to be given its name. */
	if (t->state == TEMP_EMPTIED || t->state == TEMP_UNNAMED) {
		r = fd_flush(t->fd);
		if (r != -EMFILE)
			return r;
		/*
		 * No descriptor is free for that: close it when it has its
		 * name.
		 */
		if (t->state == TEMP_UNNAMED)
			return 0;
	}
	return fd_close(TAKE(t->fd, FD_NONE));
}

/* After link(2) or rename(2) returned R, may another way work? */
static bool is_refusal(int r)
{
	return r < 0 && r != -EEXIST && r != -ENOSPC && r != -EDQUOT &&
	       r != -EIO && r != -EROFS && r != -ESTALE && r != -EINTR;
}

static int commit_unnamed(struct temp *t)
{
	int r = special_hard_link_fd(t->fd, t->dir, t->name);

	if (is_refusal(r)) {
		refuses_links = true;
		t->state = TEMP_REFUSED;
	}
	if (r < 0)
		return r;
	r = fd_close(TAKE(t->fd, FD_NONE));
	if (r < 0)
		(void)dir_remove_at(t->dir, t->name);
	return r;
}

static int commit_hidden(struct temp *t)
{
	int r = dir_rename_new_at(t->dir, t->made, t->name);

	if (is_refusal(r)) {
		refuses_renames = true;
		t->state = TEMP_REFUSED;
	}
	return r;
}

int temp_commit(struct temp *t)
{
	int r = 0;

	if (t->state == TEMP_BESIDE)
		r = dir_rename_at(t->dir, t->made, t->name);
	else if (t->state == TEMP_HIDDEN)
		r = commit_hidden(t);
	else if (t->state == TEMP_UNNAMED)
		r = commit_unnamed(t);
	if (r < 0)
		return r;
	t->state = TEMP_NOTHING;
	return 0;
}

/* Does the name still belong to T's file?  If T is closed, assume so. */
static bool is_ours(const struct temp *t)
{
	struct file_info made;
	struct file_info now;

	if (t->fd == FD_NONE || stat_fd(t->fd, &made) < 0 ||
	    stat_at(t->dir, t->name, STAT_NOFOLLOW, &now) < 0)
		return true;
	return file_info_same(&made, &now);
}

/* Empty the file again, and give it an old mtime. */
static enum fault_left empty_again(const struct temp *t)
{
	int r = fd_truncate(t->fd, 0);

	(void)meta_set_mtime(t->fd, t->stale);
	return r < 0 ? FAULT_LEFT_HALF : FAULT_LEFT_EMPTY;
}

enum fault_left temp_drop(struct temp *t)
{
	bool remove = t->state == TEMP_NEW && is_ours(t);
	enum fault_left left = FAULT_LEFT_ALONE;

	if (t->state == TEMP_EMPTIED && t->fd != FD_NONE)
		left = empty_again(t);
	fd_closep(&t->fd);
	if (remove)
		(void)dir_remove_at(t->dir, t->name);
	if (t->state == TEMP_BESIDE || t->state == TEMP_HIDDEN ||
	    (t->state == TEMP_REFUSED && t->made[0]))
		(void)dir_remove_at(t->dir, t->made);
	*t = TEMP_EMPTY;
	return left;
}

void temp_dropp(struct temp *t)
{
	(void)temp_drop(t);
}
