/* SPDX-License-Identifier: BSD-2-Clause */
#include "trusted_path.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "meta.h"
#include "path.h"
#include "pathname.h"
#include "special.h"
#include "stat.h"

/* How many links to follow in a row: as many as the kernel does. */
#define LINKS_MAX 40

struct walk {
	fd_t at;	  /* the current directory; owned, except the first */
	bool is_first;	  /* at is the caller's directory */
	char *rest;	  /* owned: the rest of the path */
	struct path told; /* the path so far, for messages */
	bool is_other;	  /* it is no directory, and the path ends there */
	unsigned n_links;
};

static void walk_release(struct walk *walk)
{
	if (!walk->is_first)
		fd_closep(&walk->at);
	free(walk->rest);
	path_release(&walk->told);
}

/* Make FD the current directory, and take it over. */
static void stand_in(struct walk *walk, fd_t *fd)
{
	if (!walk->is_first)
		fd_closep(&walk->at);
	walk->at = TAKE(*fd, FD_NONE);
	walk->is_first = false;
}

/* Take the next component, "" at the end, from the rest; NULL: no memory. */
static char *next_component(struct walk *walk)
{
	const char *start = pathname_relative(walk->rest);
	size_t len = pathname_first(start);
	char *step = strndup(start, len);

	if (step)
		memmove(walk->rest, start + len, strlen(start + len) + 1);
	return step;
}

/* Is nothing left of the path? */
static bool is_at_end(const struct walk *walk)
{
	return *pathname_relative(walk->rest) == '\0';
}

/* Go on with TEXT, the target of a link, and then the rest of the path. */
static int turn(struct walk *walk, const char *text)
{
	_cleanup_(fd_closep) fd_t root = FD_NONE;
	char *rest = pathname_join(text, walk->rest);
	int r = 0;

	if (!rest)
		return -ENOMEM;
	free(walk->rest);
	walk->rest = rest;
	if (!pathname_is_absolute(text))
		return 0;
	r = fd_open_at(FD_CWD, "/", FD_PATH | FD_DIRECTORY, &root);
	if (r < 0)
		return r;
	stand_in(walk, &root);
	path_cut(&walk->told, 0);
	return path_add(&walk->told, "/");
}

/* STEP is no directory: if it is a link that may be followed, follow it. */
static int follow(struct walk *walk, const char *step,
		  struct foreign_link *reterr)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	_cleanup_(freep) char *text = NULL;
	struct file_info info = { .type = FILE_OTHER };
	int r = fd_open_at(walk->at, step, FD_PATH | FD_NOFOLLOW, &fd);

	if (r == 0)
		r = stat_fd(fd, &info);
	if (r < 0)
		return r;
	if (info.type != FILE_SYMLINK) {
		if (!is_at_end(walk))
			return -ENOTDIR;
		stand_in(walk, &fd);
		walk->is_other = true;
		return 0;
	}
	if (walk->n_links++ == LINKS_MAX)
		return -ELOOP;
	if (!meta_is_trusted(info.owner)) {
		reterr->path = pathname_join(walk->told.text, step);
		reterr->owner = info.owner.user;
		return reterr->path ? TRUSTED_PATH_FOREIGN : -ENOMEM;
	}
	r = special_read_link(fd, &text);
	return r < 0 ? r : turn(walk, text);
}

static int go(struct walk *walk, const char *step, struct foreign_link *reterr)
{
	_cleanup_(fd_closep) fd_t next = FD_NONE;
	int r = fd_open_at(walk->at, step, FD_PATH | FD_DIRECTORY | FD_NOFOLLOW,
			   &next);

	if (r == -ENOTDIR || r == -ELOOP)
		return follow(walk, step, reterr);
	if (r < 0)
		return r;
	stand_in(walk, &next);
	return path_add(&walk->told, step);
}

int trusted_path_open(fd_t dir, const char *name, const char *path,
		      struct foreign_link *reterr, fd_t *ret)
{
	_cleanup_(walk_release) struct walk walk = { .at = dir,
						     .is_first = true };
	_cleanup_(freep) char *parent = pathname_parent(path);
	int r;

	walk.rest = strdup(name);
	r = walk.rest && parent ? path_add(&walk.told, parent) : -ENOMEM;

	while (r == 0) {
		_cleanup_(freep) char *step = next_component(&walk);

		if (!step)
			return -ENOMEM;
		if (*step == '\0')
			break;
		r = go(&walk, step, reterr);
	}
	if (r != 0)
		return r;
	/* An empty path; a link can't have one. */
	if (walk.is_first)
		return -ENOENT;
	*ret = TAKE(walk.at, FD_NONE);
	return walk.is_other ? TRUSTED_PATH_OTHER : 0;
}

void foreign_link_release(struct foreign_link *link)
{
	free(link->path);
	link->path = NULL;
}
