/* SPDX-License-Identifier: BSD-2-Clause */
#include "ahead.h"

#include <errno.h>

#include "base.h"
#include "dir.h"
#include "interrupt.h"
#include "source.h"
#include "stat.h"
#include "workers.h"

/* How much of a directory is read at once: bytes that its names take. */
#define BATCH ((size_t)32 << 10)

/* A directory that is being counted. */
struct level {
	const struct level *up; /* NULL: an operand */
	unsigned depth;
	struct file_info info;
};

/* What is counted. */
struct named {
	fd_t dir;	     /* its directory; FD_CWD for an operand */
	const char *name;    /* there */
	bool follow;	     /* follow it if it is a symbolic link */
	enum file_type type; /* its listed type; FILE_OTHER: unknown */
};

static bool ends(const struct ahead *a)
{
	return a->is_stopped || interrupted();
}

/* Is INFO a directory above, to which a link leads back? */
static bool is_above(const struct level *level, const struct file_info *info)
{
	for (; level; level = level->up)
		if (file_info_same(&level->info, info))
			return true;
	return false;
}

static void count_in(struct ahead *a, const struct level *here, fd_t dir);

/*
 * Open the directory NAME.  The time of access that its copy gets is not to be
 * ours.  Only the owner of a directory can read it without a trace.
 */
static int open_directory(const struct ahead *a, const struct named *name,
			  fd_t *ret)
{
	const unsigned how =
		FD_READ | FD_DIRECTORY | (name->follow ? 0 : FD_NOFOLLOW);
	int r = fd_open_at(name->dir, name->name, how | FD_UNSEEN, ret);

	if (r == -EPERM && !(a->policy->preserve & PRESERVE_TIMESTAMPS))
		r = fd_open_at(name->dir, name->name, how, ret);
	return r;
}

/* Count what is in the directory NAME, which is in UP. */
static void enter(struct ahead *a, const struct level *up,
		  const struct named *name)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct level here = { .up = up, .depth = up ? up->depth + 1 : 1 };
	int r;

	if (here.depth > a->levels) {
		a->is_partial = true;
		return;
	}
	r = open_directory(a, name, &fd);
	if (r == -EPERM)
		a->is_partial = true;
	if (r < 0 || stat_fd(fd, &here.info) < 0 || is_above(up, &here.info))
		return;
	if (up && a->policy->one_file_system && up->info.dev != here.info.dev)
		return;
	count_in(a, &here, fd);
}

/* Must the file be looked at to know how much of it is to be copied? */
static bool needs_look(const struct ahead *a, const struct named *name)
{
	static const struct file_info regular = { .type = FILE_REGULAR,
						  .size = 1 };

	return name->type == FILE_OTHER ||
	       (name->type == FILE_SYMLINK && name->follow) ||
	       (name->type == FILE_REGULAR &&
		policy_bytes(a->policy, &regular) > 0);
}

/* Count NAME, an operand, or an entry of the directory HERE. */
static void count(struct ahead *a, const struct level *here,
		  const struct named *name)
{
	struct file_info info = { .type = name->type };

	if (needs_look(a, name) &&
	    stat_at(name->dir, name->name,
		    name->follow ? STAT_FOLLOW : STAT_NOFOLLOW, &info) < 0)
		info.type = FILE_OTHER;
	if (info.type != FILE_DIRECTORY) {
		a->bytes += policy_bytes(a->policy, &info);
		a->n_files++;
	} else if (a->policy->recursive) {
		enter(a, here, name);
	}
}

static void count_in(struct ahead *a, const struct level *here, fd_t dir)
{
	_cleanup_(dir_list_release) struct dir_list list = DIR_LIST_EMPTY;
	const bool follow = source_follows(a->policy, false);
	struct dir_entry entry;
	int r;

	do {
		r = dir_list_read(dir, BATCH, &list);
		while (!ends(a) && dir_list_next(&list, &entry))
			count(a, here,
			      &(struct named){ .dir = dir,
					       .name = entry.name,
					       .follow = follow,
					       .type = entry.type });
	} while (r > 0 && !ends(a));
}

static void *run(void *arg)
{
	struct ahead *a = arg;

	thread_stand_back();
	for (size_t i = 0; i < a->n && !ends(a); i++)
		count(a, NULL,
		      &(struct named){ .dir = FD_CWD,
				       .name = a->sources[i],
				       .follow =
					       source_follows(a->policy, true),
				       .type = FILE_OTHER });
	a->is_complete = !a->is_partial && !ends(a);
	return NULL;
}

void ahead_start(struct ahead *a, const struct policy *policy,
		 char *const *sources, size_t n)
{
	a->policy = policy;
	a->sources = sources;
	a->n = n;
	a->levels = workers_ahead(fd_room());
	a->is_started = thread_start(&a->thread, run, a) == 0;
}

void ahead_stop(struct ahead *a)
{
	a->is_stopped = true;
	if (a->is_started)
		thread_join(&a->thread);
	a->is_started = false;
}
