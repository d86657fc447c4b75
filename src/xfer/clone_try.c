/* SPDX-License-Identifier: BSD-2-Clause */
#include "clone_try.h"

#include <errno.h>

#include "clock.h"
#include "clone.h"
#include "fallback.h"
#include "stat.h"

/*
 * Clones of at least so many bytes of storage are made so that they can be
 * interrupted.  Smaller ones take XFS or Btrfs less than a second, even if each
 * extent is one block (Linux 6.18).
 */
#define WATCH_FROM ((uint64_t)64 << 20)

/* How long to wait for a file system that returns EAGAIN, in milliseconds. */
#define WAIT_FIRST   50
#define WAIT_LONGEST 1000
#define WAIT_IN_ALL  6000

/* A long clone. */
struct long_clone {
	const struct clone_try *t;
	uint64_t allocated; /* storage of the destination before */
};

/* Storage of FD's file; 0 if that is unknown. */
static uint64_t storage_of(fd_t fd)
{
	struct file_info info;

	return stat_fd(fd, &info) < 0 ? 0 : info.allocated;
}

/*
 * Tell how far the clone is: new storage shows it.  Where it takes the place of
 * old storage, nothing does.
 */
static void look(void *ctx)
{
	const struct long_clone *c = ctx;
	const struct clone_try *t = c->t;
	uint64_t now = storage_of(t->dst);
	struct counts counts;
	double part;

	if (!t->x || !t->x->tick)
		return;
	part = now > c->allocated ? (double)(now - c->allocated) : 0;
	part = part / (double)t->storage * (double)t->len;
	counts = t->x->counts;
	counts.cloned += part < (double)t->len ? (uint64_t)part : t->len;
	(void)t->x->tick(t->x->tick_ctx, &counts);
}

static int try_long(const struct clone_try *t)
{
	struct long_clone c = { t, storage_of(t->dst) };
	const struct clone_watch watch = { look, &c };

	return clone_watched(t->src, t->src_range, t->dst, t->dst_off, &watch);
}

int clone_try(const struct clone_try *t)
{
	if (t->storage >= WATCH_FROM)
		return try_long(t);
	if (t->src_range.off == 0 && t->src_range.len == 0 && t->dst_off == 0)
		return clone_whole(t->src, t->dst);
	return clone_range(t->src, t->src_range, t->dst, t->dst_off);
}

/* Repeat the attempt while it returns EAGAIN, up to a limit. */
static int try_again(const struct clone_try *t)
{
	uint32_t pause = WAIT_FIRST;
	int r = -EAGAIN;

	for (uint32_t waited = 0; waited < WAIT_IN_ALL; waited += pause) {
		pause = waited == 0 ? WAIT_FIRST : 2 * pause;
		if (pause > WAIT_LONGEST)
			pause = WAIT_LONGEST;
		r = clock_sleep(pause);
		if (r == 0)
			r = clone_try(t);
		if (r != -EAGAIN)
			return r;
	}
	return r;
}

int clone_try_wait(const struct clone_try *t, int r, struct fs_pair *pair)
{
	if (r < 0 && fallback_judge(FALLBACK_CLONE, -r) == VERDICT_WAIT &&
	    !(pair && pair->waited)) {
		r = try_again(t);
		if (pair && r == -EAGAIN)
			pair->waited = true;
	}
	return r;
}
