/* SPDX-License-Identifier: BSD-2-Clause */
#include "planned.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "fs.h"
#include "pathname.h"

/* Can what would be made be met again? */
static bool remembers(const struct run *run)
{
	return run->policy->dry_run && (run->several || run->policy->parents);
}

/* Get what PATH would be by now.  Returns whether it would be anything. */
static bool find(const struct run *run, const char *path, struct file_info *ret)
{
	_cleanup_(freep) char *name = NULL;
	const struct file_info *found;

	if (!remembers(run))
		return false;
	name = pathname_plain(path);
	if (!name)
		return false;
	lock_take(&run->planned->lock);
	found = inotab_get(&run->planned->names,
			   (struct inotab_key){ .label = name });
	if (found)
		*ret = *found;
	lock_give(&run->planned->lock);
	return found;
}

bool planned_is_made(const struct run *run, const char *path)
{
	struct file_info info;

	return find(run, path, &info);
}

int planned_open_back(const char *path, fd_t *ret)
{
	_cleanup_(freep) char *plain = pathname_plain(path);
	const char *name = plain && *plain ? plain : ".";
	int r = plain ? fd_open_at(FD_CWD, name, FD_READ | FD_DIRECTORY, ret)
		      : -ENOMEM;

	return r == -EACCES
		       ? fd_open_at(FD_CWD, name, FD_PATH | FD_DIRECTORY, ret)
		       : r;
}

int planned_stat(const struct run *run, const struct label_job *at,
		 enum stat_link link, struct file_info *ret)
{
	if (find(run, at->job->dst, ret))
		return link == STAT_FOLLOW && ret->type == FILE_SYMLINK
			       ? -ENOENT
			       : 0;
	if (at->dir != FD_NONE)
		return stat_at(at->dir, at->name, link, ret);
	/* These are in each directory. */
	*ret = (struct file_info){ .type = FILE_DIRECTORY };
	return strcmp(at->name, ".") == 0 || strcmp(at->name, "..") == 0
		       ? 0
		       : -ENOENT;
}

int planned_note(const struct run *run, const char *path,
		 struct file_info *info)
{
	_cleanup_(freep) char *name = NULL;
	struct planned *p = run->planned;
	struct file_info *known;
	int r = 0;

	if (remembers(run)) {
		name = pathname_plain(path);
		if (!name)
			return -ENOMEM;
	}
	lock_take(&p->lock);
	if (info->ino == 0)
		info->ino = UINT64_MAX - p->n++;
	if (name) {
		const struct inotab_key key = { .label = name };

		known = inotab_get(&p->names, key);
		if (known)
			*known = *info;
		else
			r = inotab_put(&p->names, key, info, sizeof(*info));
	}
	lock_give(&p->lock);
	return r;
}

/*
 * Add what is known of the file system of FD.
 *
 * Returns 0 with *RET, which is NULL if nothing is; or -ENOMEM.
 */
static int add_place(struct planned *p, uint64_t dev, fd_t fd,
		     struct planned_fs **ret)
{
	struct planned_fs *fs;
	struct fs_state state;

	if (fs_state(fd, &state) < 0)
		return 0;
	fs = calloc(1, sizeof(*fs));
	if (!fs)
		return -ENOMEM;
	fs->side = (struct clone_side){ .type = state.type,
					.dev = dev,
					.clones = state.clones };
	fs->free = state.size > 0 ? state.free : UINT64_MAX;
	fs->next = TAKE(p->places, fs);
	*ret = fs;
	return 0;
}

int planned_fs(const struct run *run, uint64_t dev, fd_t fd,
	       struct planned_fs **ret)
{
	struct planned *p = run->planned;
	struct planned_fs *fs;
	int has;
	int r = 0;

	lock_take(&p->lock);
	for (fs = p->places; fs && fs->side.dev != dev; fs = fs->next)
		;
	if (!fs && fd != FD_NONE)
		r = add_place(p, dev, fd, &fs);
	if (fs && fd != FD_NONE && !fs->is_asked) {
		has = fs_has_reflinks(fd);
		fs->is_asked = has >= 0;
		if (has == 0)
			fs->side.clones = CLONES_NEVER;
	}
	lock_give(&p->lock);
	*ret = fs;
	return r;
}

int planned_fs_at(const struct run *run, fd_t dir, const char *name,
		  uint64_t *ret_dev, struct planned_fs **ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info info;

	*ret = NULL;
	if (fd_open_at(dir, name, FD_PATH, &fd) < 0 || stat_fd(fd, &info) < 0)
		return 0;
	*ret_dev = info.dev;
	return planned_fs(run, info.dev, fd, ret);
}

/* Sparse files may say that they are larger than all that there is. */
static void add_up(uint64_t *sum, uint64_t n)
{
	*sum = n < UINT64_MAX - *sum ? *sum + n : UINT64_MAX;
}

int planned_add(const struct run *run, struct planned_fs *fs,
		const struct plan_space *n)
{
	int r = 0;

	lock_take(&run->planned->lock);
	if (!fs->path)
		fs->path = strdup(n->path);
	if (!fs->path)
		r = -ENOMEM;
	add_up(&fs->space.least, n->least);
	add_up(&fs->space.most, n->most);
	add_up(&fs->space.freed, n->freed);
	lock_give(&run->planned->lock);
	return r;
}

/* Does what would be copied for certain not fit? */
static bool is_too_much(const struct plan_space *space)
{
	return space->least > space->freed &&
	       space->least - space->freed > space->free;
}

void planned_finish(struct run *run)
{
	if (!run->planned)
		return;
	for (struct planned_fs *fs = run->planned->places; fs; fs = fs->next) {
		const struct plan_space *space = &fs->space;
		const struct job job = { .src = fs->path, .dst = fs->path };
		struct fault fault;

		if (space->most == 0)
			continue;
		fs->space.path = fs->path;
		fs->space.free = fs->free;
		run_space(run, space);
		if (!is_too_much(space))
			continue;
		(void)fault_set(&fault, FAULT_SPACE, FAULT_DST, -ENOSPC);
		fault.at.span.len = space->least - space->freed;
		fault.at.bound = space->free;
		run_fail(run, &job, &fault, NULL);
	}
}

void planned_release(struct planned *p)
{
	struct planned_fs *fs;

	inotab_release(&p->names);
	while ((fs = p->places)) {
		p->places = fs->next;
		free(fs->path);
		free(fs);
	}
}
