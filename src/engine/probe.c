/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "dir.h"
#include "extents.h"
#include "interrupt.h"
#include "meta.h"
#include "nocow.h"
#include "pathname.h"
#include "stat.h"

/* How many bytes of names are looked at in order to find a file to clone. */
#define NAMES_MAX 32768

static bool is_missing(int r)
{
	return r == -ENOENT || r == -ENOTDIR;
}

/* Replace *PATH by what contains it.  Returns -ENOENT if nothing does. */
static int go_up(char **path)
{
	char *parent = pathname_parent(*path);

	if (!parent)
		return -ENOMEM;
	pathname_strip(parent);
	if (*parent == '\0' && strcmp(*path, ".") != 0) {
		free(parent);
		parent = strdup(".");
		if (!parent)
			return -ENOMEM;
	}
	if (*parent == '\0' || strcmp(parent, *path) == 0) {
		free(parent);
		return -ENOENT;
	}
	free(*path);
	*path = parent;
	return 0;
}

/* Open PATH for what it is.  Returns 0, 1 if it is no directory, or -errno. */
static int open_named(const char *path, fd_t *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info info = { .type = FILE_OTHER };
	int r = fd_open_long(path, FD_PATH, &fd);

	if (r == 0)
		r = stat_fd(fd, &info);
	if (r < 0)
		return r;
	if (info.type != FILE_DIRECTORY)
		return 1;
	*ret = TAKE(fd, FD_NONE);
	return 0;
}

/* Find the directory for PATH: itself, or the nearest one above. */
static int find(const char *path, struct probe_place *place, fd_t *ret)
{
	_cleanup_(freep) char *dir = strdup(path);
	int r = !dir ? -ENOMEM : *dir ? open_named(dir, ret) : -ENOENT;

	place->exists = r >= 0;
	place->is_file = r > 0;
	while (*path && (r > 0 || is_missing(r))) {
		r = go_up(&dir);
		if (r < 0)
			break;
		r = open_named(dir, ret);
	}
	if (r == 0)
		place->dir = TAKE_PTR(dir);
	return r;
}

/* Collect the facts about the directory DIR; what can't be read is unknown. */
static void look(fd_t dir, struct probe_place *place)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct extent_space space;
	struct file_info info;
	int r;

	place->has_state = fs_state(dir, &place->state) == 0;
	(void)mount_find(dir, &place->mount);
	if (stat_fd(dir, &info) == 0)
		place->dev = info.dev;
	if (fd_open_at(dir, ".", FD_READ | FD_DIRECTORY, &fd) < 0)
		return;
	place->has_reflinks = fs_has_reflinks(fd);
	r = extents_space(fd, &space);
	place->has_maps = r == 0 ? 1 : r == -EOPNOTSUPP ? 0 : r;
	place->nocow = meta_get_nocow(fd);
	place->compressed = meta_get_compressed(fd);
	place->has_subvolume = subvolume_query(fd, &place->subvolume) == 0;
	place->has_quota = space_quota_query(fd, &place->quota) == 0;
}

static int open_place(const char *path, struct probe_place *place, fd_t *ret)
{
	int r;

	*place = (struct probe_place){ .has_reflinks = -EOPNOTSUPP,
				       .nocow = -EOPNOTSUPP,
				       .compressed = -EOPNOTSUPP,
				       .has_maps = -EOPNOTSUPP };
	r = find(path, place, ret);
	if (r == 0)
		look(*ret, place);
	return r;
}

/* Open NAME in DIR, which must be a regular file of LEAST bytes or more. */
static int open_file(fd_t dir, const char *name, uint64_t least, fd_t *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info info;
	/* Opening a device may have an effect. */
	int r = stat_at(dir, name, STAT_FOLLOW, &info);

	if (r == 0 && info.type == FILE_REGULAR)
		r = fd_open_at(dir, name, FD_READ | FD_NO_WAIT, &fd);
	if (r == 0 && fd != FD_NONE)
		r = stat_fd(fd, &info);
	if (r < 0)
		return r;
	if (info.type != FILE_REGULAR || info.size < least)
		return -EINVAL;
	*ret = TAKE(fd, FD_NONE);
	return 0;
}

/* Find a file with content in DIR. */
static int open_any(fd_t dir, fd_t *ret)
{
	_cleanup_(dir_list_release) struct dir_list list = DIR_LIST_EMPTY;
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct dir_entry entry;
	int r = fd_open_at(dir, ".", FD_READ | FD_DIRECTORY, &fd);

	if (r == 0)
		r = dir_list_read(fd, NAMES_MAX, &list);
	if (r < 0)
		return r;
	while (dir_list_next(&list, &entry))
		if ((entry.type == FILE_REGULAR || entry.type == FILE_OTHER) &&
		    open_file(fd, entry.name, 1, ret) == 0)
			return 0;
	return -ENODATA;
}

static bool is_one_fs(const struct probe_place *a, const struct probe_place *b)
{
	if (a->mount.text && b->mount.text)
		return strcmp(a->mount.device, b->mount.device) == 0;
	return a->dev == b->dev;
}

static void judge(struct probe *p)
{
	const struct probe_place *src = p->has_src ? &p->src : &p->dst;
	const struct probe_place *dst = &p->dst;
	const struct probe_case c = {
		.step = p->trial.step,
		.err = p->trial.err,
		.src = src->state.kind,
		.dst = dst->state.kind,
		.same_fs = is_one_fs(src, dst),
		.is_reflink_less = dst->has_reflinks == 0,
		.is_nfs_42 =
			dst->mount.text &&
			probe_has_option(dst->mount.fs_options, "vers=4.2"),
	};

	p->verdict = probe_judge(c.step, c.err);
	p->advice = probe_advise(&c);
}

/* End it: STEP failed on SIDE. */
static int stop(struct probe *p, enum probe_step step, enum probe_side side,
		int r)
{
	p->trial.step = step;
	p->trial.side = side;
	p->trial.err = -r;
	return 0;
}

/* Could no source be made? */
static bool lacks_source(const struct clone_trial *t)
{
	return t->side == PROBE_SRC &&
	       (t->step == PROBE_CREATE || t->step == PROBE_WRITE ||
		t->step == PROBE_SYNC);
}

/*
 * Try from PATH, which is FILE unless that is FD_NONE.  A source of our own is
 * best: it is sure to have content that nobody changes.
 */
static int try_from(struct probe *p, fd_t file)
{
	_cleanup_(fd_closep) fd_t any = FD_NONE;
	fd_t dir = p->trial.src_dir;
	int r;

	if (file != FD_NONE)
		p->trial.src_nocow = nocow_wanted(file, dir);
	r = clone_trial_run(&p->trial);
	if (r < 0 || !p->has_src || !lacks_source(&p->trial))
		return r;
	p->source = file == FD_NONE ? PROBE_ANOTHER : PROBE_ITSELF;
	if (file == FD_NONE) {
		r = open_any(dir, &any);
		if (r < 0)
			return stop(p, PROBE_SAMPLE, PROBE_SRC, r);
		file = any;
	}
	p->trial.src = file;
	return clone_trial_run(&p->trial);
}

/* Find both places, and try. */
static int run(struct probe *p, const char *path, const char *into)
{
	_cleanup_(fd_closep) fd_t src_dir = FD_NONE;
	_cleanup_(fd_closep) fd_t dst_dir = FD_NONE;
	_cleanup_(fd_closep) fd_t file = FD_NONE;
	int r = open_place(into ? into : path, &p->dst, &dst_dir);

	if (r < 0)
		return stop(p, PROBE_FIND, PROBE_DST, r);
	if (into) {
		r = open_place(path, &p->src, &src_dir);
		if (r < 0)
			return stop(p, PROBE_FIND, PROBE_SRC, r);
	}
	if (into && p->src.is_file) {
		r = open_file(FD_CWD, path, 0, &file);
		if (r < 0)
			return stop(p, r == -EINVAL ? PROBE_TYPE : PROBE_OPEN,
				    PROBE_SRC, r);
	}
	p->trial.src_dir = into ? src_dir : dst_dir;
	p->trial.dst_dir = dst_dir;
	r = try_from(p, file);
	p->trial.src_dir = p->trial.dst_dir = p->trial.src = FD_NONE;
	return r;
}

int probe_path(const char *path, const char *into, struct probe *ret)
{
	_cleanup_(probe_release) struct probe p = {
		.has_src = into != NULL,
		.trial = { .src_nocow = -1, .src = FD_NONE },
	};

	if (run(&p, path, into) < 0 || interrupted())
		return -EINTR;
	judge(&p);
	*ret = TAKE(p, (struct probe){ .has_src = false });
	return 0;
}

static void place_release(struct probe_place *place)
{
	free(place->dir);
	mount_release(&place->mount);
}

void probe_release(struct probe *p)
{
	place_release(&p->src);
	place_release(&p->dst);
}
