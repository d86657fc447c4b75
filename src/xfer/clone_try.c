/* SPDX-License-Identifier: BSD-2-Clause */
#include "clone_try.h"

#include <errno.h>

#include "clock.h"
#include "clone.h"
#include "fallback.h"

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

int clone_try(const struct clone_try *t)
{
	if (t->storage >= WATCH_FROM)
		return clone_watched(t->src, t->src_range, t->dst, t->dst_off);
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
