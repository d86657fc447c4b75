/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The source has several blocks, for there are file systems that can't clone
 * what is smaller (ReFS) or stored inside an inode, and it is written to
 * storage first: without a place there, blocks can't be shared (ZFS 2.2 and 2.3
 * return EAGAIN).  Its bytes don't repeat and are no zeros, so that nothing
 * compresses or merges them.
 *
 * A success alone proves nothing: OCFS2 accepts ranges that are not aligned to
 * its clusters, and changes other bytes than those asked for.  So all bytes of
 * the destination are compared, also around a range.
 */
#include "clone_trial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "clone.h"
#include "clone_try.h"
#include "extents.h"
#include "fs.h"
#include "interrupt.h"
#include "nocow.h"
#include "scratch.h"
#include "stat.h"

/* The least and the most bytes that are cloned. */
#define SIZE_MIN     ((uint64_t)256 << 10)
#define SIZE_MAX_OWN ((uint64_t)4 << 20)
/* The most of a file that was there before; a multiple of any alignment. */
#define SIZE_MAX_GIVEN ((uint64_t)1 << 20)
#define ALIGN_MIN      512

/* Files and buffers of a trial. */
struct bench {
	fd_t own_src;	     /* owned */
	fd_t src;	     /* the same, or the one that was given */
	fd_t dst;	     /* owned */
	bool is_whole;	     /* all of the source is cloned */
	size_t size;	     /* bytes that are cloned, and of each buffer */
	unsigned char *want; /* owned: the content of the source */
	unsigned char *got;  /* owned: for other bytes */
};

#define BENCH_EMPTY                                                \
	(struct bench)                                             \
	{                                                          \
		.own_src = FD_NONE, .src = FD_NONE, .dst = FD_NONE \
	}

static void bench_release(struct bench *b)
{
	fd_closep(&b->own_src);
	fd_closep(&b->dst);
	free(b->want);
	free(b->got);
}

static int fail(struct clone_trial *t, enum probe_side side,
		enum probe_step step, int r)
{
	t->side = side;
	t->step = step;
	t->err = -r;
	return r;
}

static int allocate(struct bench *b, uint64_t size)
{
	b->size = (size_t)size;
	b->want = malloc(b->size);
	b->got = malloc(b->size);
	return b->want && b->got ? 0 : -ENOMEM;
}

/* Bytes in which nothing repeats: xorshift of Marsaglia. */
static void fill(unsigned char *buf, size_t len)
{
	uint64_t x = UINT64_C(0x9e3779b97f4a7c15);

	for (size_t i = 0; i + sizeof(x) <= len; i += sizeof(x)) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		memcpy(buf + i, &x, sizeof(x));
	}
}

/* Read B->size bytes of FD; -ENODATA if there are fewer. */
static int read_all(const struct bench *b, fd_t fd, unsigned char *buf)
{
	size_t done = 0;

	while (done < b->size) {
		size_t n = 0;
		int r = fd_read(fd, done, buf + done, b->size - done, &n);

		if (r < 0)
			return r;
		if (n == 0)
			return -ENODATA;
		done += n;
	}
	return 0;
}

/* Enough for four blocks of any size that the file system may mean. */
static uint64_t own_size(fd_t fd)
{
	struct fs_info rules = { .clone_align = 0 };
	uint64_t size;

	(void)fs_query(fd, &rules);
	size = rules.clone_align < SIZE_MAX_OWN ? 4 * rules.clone_align
						: SIZE_MAX_OWN;
	if (size < SIZE_MIN)
		return SIZE_MIN;
	return size < SIZE_MAX_OWN ? size : SIZE_MAX_OWN;
}

static int make_source(struct clone_trial *t, struct bench *b)
{
	int r = scratch_create(t->src_dir, t->src_nocow, &b->own_src);

	if (r < 0)
		return fail(t, PROBE_SRC, PROBE_CREATE, r);
	b->src = b->own_src;
	b->is_whole = true;
	t->size = own_size(b->src);
	r = allocate(b, t->size);
	if (r < 0)
		return fail(t, PROBE_SRC, PROBE_WRITE, r);
	fill(b->want, b->size);
	r = fd_write(b->src, 0, b->want, b->size);
	if (r < 0)
		return fail(t, PROBE_SRC, PROBE_WRITE, r);
	r = fd_sync(b->src);
	return r < 0 ? fail(t, PROBE_SRC, PROBE_SYNC, r) : 0;
}

static int take_source(struct clone_trial *t, struct bench *b)
{
	struct file_info info;
	int r = stat_fd(t->src, &info);

	if (r == 0 && info.size == 0)
		r = -ENODATA;
	if (r < 0)
		return fail(t, PROBE_SRC, PROBE_SAMPLE, r);
	b->src = t->src;
	b->is_whole = info.size <= SIZE_MAX_GIVEN;
	t->size = b->is_whole ? info.size : SIZE_MAX_GIVEN;
	r = allocate(b, t->size);
	if (r == 0)
		r = read_all(b, b->src, b->want);
	return r < 0 ? fail(t, PROBE_SRC, PROBE_OPEN, r) : 0;
}

/* The destination, with the source's NOCOW flag if that is possible. */
static int make_destination(struct clone_trial *t, struct bench *b)
{
	_cleanup_(fd_closep) fd_t other = FD_NONE;
	int r = scratch_create(t->dst_dir, -1, &b->dst);
	int want;

	if (r < 0)
		return fail(t, PROBE_DST, PROBE_CREATE, r);
	want = nocow_wanted(b->src, b->dst);
	if (want >= 0 && scratch_create(t->dst_dir, want, &other) == 0) {
		fd_closep(&b->dst);
		b->dst = TAKE(other, FD_NONE);
	}
	return 0;
}

static int make_clone(struct clone_trial *t, const struct bench *b)
{
	const struct clone_try once = {
		.src = b->src,
		.src_range = { .len = b->is_whole ? 0 : b->size },
		.dst = b->dst,
	};
	int r = clone_try(&once);

	r = clone_try_wait(&once, r, NULL);
	return r < 0 ? fail(t, PROBE_DST, PROBE_CLONE, r) : 0;
}

/* Has a source that was given other bytes than it had when it was read? */
static bool has_changed(const struct clone_trial *t, const struct bench *b)
{
	return t->src != FD_NONE && (read_all(b, b->src, b->got) < 0 ||
				     memcmp(b->want, b->got, b->size) != 0);
}

/* Compare the clone with its source. */
static int compare(struct clone_trial *t, const struct bench *b)
{
	struct file_info info;
	int r = stat_fd(b->dst, &info);

	if (r == 0)
		r = read_all(b, b->dst, b->got);
	if (r < 0 && r != -ENODATA)
		return fail(t, PROBE_DST, PROBE_READ, r);
	if (r == 0 && info.size == b->size &&
	    memcmp(b->want, b->got, b->size) == 0) {
		t->equal = TRIAL_YES;
		return 0;
	}
	if (has_changed(t, b))
		return 0;
	t->equal = TRIAL_NO;
	return fail(t, PROBE_DST, PROBE_COMPARE, -EIO);
}

/* Is E of a file of SIZE bytes stored where OTHER is? */
static bool is_same_place(const struct extent *e, const struct extent *other,
			  uint64_t size)
{
	/* A source that goes on after SIZE has a longer one at its end. */
	uint64_t left = size - e->range.off;
	uint64_t len = e->range.len < left ? e->range.len : left;
	uint64_t other_len = other->range.len < left ? other->range.len : left;

	return e->range.off == other->range.off && len == other_len &&
	       e->place == other->place &&
	       e->flags & other->flags & EXTENT_SHARED;
}

/* Do the extent maps show that source and destination share all storage? */
static enum trial_answer ask_maps(const struct bench *b)
{
	struct extent_space space;
	struct extent_batch src;
	struct extent_batch dst;

	if (extents_space(b->src, &space) < 0 ||
	    extents_space(b->dst, &space) < 0 ||
	    extents_read(b->src, 0, b->size, &src) < 0 ||
	    extents_read(b->dst, 0, b->size, &dst) < 0 ||
	    src.n == countof(src.v))
		return TRIAL_UNKNOWN;
	for (size_t i = 0; i < src.n; i++)
		if (src.v[i].flags & (EXTENT_INLINE | EXTENT_UNPLACED))
			return TRIAL_UNKNOWN;
	if (src.n == 0 || src.n != dst.n)
		return TRIAL_NO;
	for (size_t i = 0; i < src.n; i++)
		if (!is_same_place(&src.v[i], &dst.v[i], b->size))
			return TRIAL_NO;
	return TRIAL_YES;
}

/* See whether storage is shared; of a given file that may change meanwhile. */
static int check_sharing(struct clone_trial *t, const struct bench *b)
{
	t->shared = ask_maps(b);
	if (t->shared != TRIAL_NO)
		return 0;
	if (t->src == FD_NONE)
		return fail(t, PROBE_DST, PROBE_SHARE, -EIO);
	t->shared = TRIAL_UNKNOWN;
	return 0;
}

/* Fill the destination with other bytes than the source has in each place. */
static int write_others(const struct bench *b)
{
	for (size_t i = 0; i < b->size; i++)
		b->got[i] = (unsigned char)~b->want[i];
	return fd_write(b->dst, 0, b->got, b->size);
}

/* Does RANGE of the destination, and no more, have the source's bytes? */
static bool has_only(const struct bench *b, struct range range)
{
	if (read_all(b, b->dst, b->got) < 0)
		return false;
	for (size_t i = 0; i < b->size; i++) {
		bool is_inside = i >= range.off && i - range.off < range.len;
		unsigned flipped = is_inside ? 0 : 0xff;

		if (b->got[i] != (b->want[i] ^ flipped))
			return false;
	}
	return true;
}

/* The least alignment with which a range is cloned, and nothing else changes. */
static uint64_t find_alignment(const struct bench *b)
{
	int r = write_others(b);

	for (uint64_t align = ALIGN_MIN; r == 0 && 2 * align <= b->size;
	     align *= 2) {
		const struct range second = { .off = align, .len = align };

		r = clone_range(b->src, second, b->dst, align);
		if (r == 0 && has_only(b, second))
			return align;
		if (r == 0)
			r = write_others(b);
		else if (r == -EINVAL)
			r = 0;
	}
	return 0;
}

static int run(struct clone_trial *t, struct bench *b)
{
	int r = t->src == FD_NONE ? make_source(t, b) : take_source(t, b);

	if (r == 0)
		r = make_destination(t, b);
	if (r == 0)
		r = make_clone(t, b);
	if (r == 0)
		r = compare(t, b);
	if (r == 0)
		r = check_sharing(t, b);
	if (r == 0)
		t->align = find_alignment(b);
	return r;
}

int clone_trial_run(struct clone_trial *t)
{
	_cleanup_(bench_release) struct bench b = BENCH_EMPTY;

	t->step = PROBE_DONE;
	t->err = 0;
	t->size = 0;
	t->equal = TRIAL_UNKNOWN;
	t->shared = TRIAL_UNKNOWN;
	t->align = 0;
	(void)run(t, &b);
	return interrupted() ? -EINTR : 0;
}
