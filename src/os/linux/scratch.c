/* SPDX-License-Identifier: BSD-2-Clause */
#include "scratch.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/types.h>
#include <unistd.h>

#include <bsd/string.h>

#include "base.h"
#include "dir.h"
#include "meta.h"
#include "stat.h"

/* How often to try for a free name; once is nearly always enough. */
#define TRIES 100

void scratch_name(char buf[static 24])
{
	static const char alphabet[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	size_t len = strlcpy(buf, SCRATCH_PREFIX, 24);
	unsigned char random[8] = { 0 };

	/* Without random numbers names may collide; O_EXCL notices that. */
	if (getrandom(random, sizeof(random), GRND_NONBLOCK) < 0)
		memcpy(random, &(pid_t){ getpid() }, sizeof(pid_t));
	for (size_t i = 0; i < sizeof(random); i++)
		buf[len++] = alphabet[random[i] % 36];
	buf[len] = '\0';
}

/* A private temporary directory in which files don't inherit NOCOW. */
struct workshop {
	fd_t dir; /* where it is; not owned */
	fd_t fd;
	char name[24];
};

static void workshop_close(struct workshop *w)
{
	fd_closep(&w->fd);
	(void)dir_remove_empty_at(w->dir, w->name);
}

static int workshop_open(fd_t dir, struct workshop *ret)
{
	struct workshop w = { .dir = dir, .fd = FD_NONE };
	struct file_info info;
	int r = -EEXIST;

	for (int i = 0; i < TRIES && r == -EEXIST; i++) {
		scratch_name(w.name);
		r = dir_make_at(dir, w.name, 0700);
	}
	if (r < 0)
		return r;
	r = fd_open_at(dir, w.name, FD_READ | FD_DIRECTORY | FD_NOFOLLOW,
		       &w.fd);
	if (r == 0)
		r = stat_fd(w.fd, &info);
	/* Has another user put a different directory there? */
	if (r == 0 && info.owner.user != geteuid())
		r = -EPERM;
	/* For a directory, clearing the flag is enough. */
	if (r == 0)
		r = meta_set_nocow(w.fd, 0);
	if (r < 0)
		workshop_close(&w);
	else
		*ret = w;
	return r;
}

/* Create a file in W, then move it to W's directory as NAME. */
static int make_in(const struct workshop *w, uint32_t mode, char *name,
		   fd_t *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int r = fd_create_at(w->fd, "file", mode, &fd);

	if (r < 0)
		return r;
	r = meta_get_nocow(fd) == 0 ? -EEXIST : -EINVAL;
	for (int i = 0; i < TRIES && r == -EEXIST; i++) {
		scratch_name(name);
		r = dir_move_new_at(w->fd, "file", w->dir, name);
	}
	if (r == 0)
		*ret = TAKE(fd, FD_NONE);
	else
		(void)dir_remove_at(w->fd, "file");
	return r;
}

static int make_without(fd_t dir, uint32_t mode, char *name, fd_t *ret)
{
	struct workshop w;
	int r = workshop_open(dir, &w);

	if (r < 0)
		return r;
	r = make_in(&w, mode, name, ret);
	workshop_close(&w);
	return r;
}

int scratch_create_at(fd_t dir, uint32_t mode, int nocow, char name[static 24],
		      fd_t *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int r = -EEXIST;

	if (nocow == 0)
		return make_without(dir, mode, name, ret);
	for (int i = 0; i < TRIES && r == -EEXIST; i++) {
		scratch_name(name);
		r = fd_create_at(dir, name, mode, &fd);
	}
	if (r < 0)
		return r;
	if (nocow > 0)
		r = meta_set_nocow(fd, 1);
	if (r == 0)
		*ret = TAKE(fd, FD_NONE);
	else
		(void)dir_remove_at(dir, name);
	return r;
}

/* With a name, which is removed as soon as it is open. */
static int create_named(fd_t dir, int nocow, fd_t *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	char name[24];
	int r = stat_keeps_names(dir) ? -EPERM : 0;

	if (r == 0)
		r = scratch_create_at(dir, 0600, nocow, name, &fd);
	if (r < 0)
		return r;
	r = fd_reopen(fd, FD_READ | FD_WRITE, ret);
	(void)dir_remove_at(dir, name);
	return r;
}

int scratch_create(fd_t dir, int nocow, fd_t *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int r = -EOPNOTSUPP;

	if (nocow != 0)
		r = fd_create_unnamed(dir, FD_READ | FD_WRITE, 0600, &fd);
	if (r == -EOPNOTSUPP)
		return create_named(dir, nocow, ret);
	if (r == 0 && nocow > 0)
		r = meta_set_nocow(fd, 1);
	if (r == 0)
		*ret = TAKE(fd, FD_NONE);
	return r;
}
