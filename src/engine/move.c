/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copy window by window.  For each window, first find the data in it, then read
 * all of that, and then write it.  So a range can overlap its own destination
 * at any distance, if the windows are processed in the right direction.
 */
#include "move.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "interrupt.h"
#include "layout.h"
#include "stat.h"
#include "zero.h"

/* The size of a window in bytes; a multiple of every block size. */
#define WINDOW ((size_t)1 << 20)

/* How many runs of data are distinguished in a window. */
#define STRETCHES 256

/* A window and its runs of data, as ranges relative to its start. */
struct window {
	struct span span;
	struct range data[STRETCHES];
	size_t n;
};

static int need_buffer(struct mover *m, struct fault *reterr)
{
	if (!m->buf)
		m->buf = aligned_alloc(ZERO_BLOCK, WINDOW);
	if (!m->buf)
		return fault_set(reterr, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
	return 0;
}

int mover_extend(struct mover *m, uint64_t len, struct fault *reterr)
{
	struct file_info now;
	int r;

	if (len <= m->dst_size)
		return 0;
	r = stat_fd(m->dst, &now);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	/* Setting the length could cut what another process appends. */
	if (now.size < len) {
		r = fd_write(m->dst, len - 1, "", 1);
		if (r < 0)
			return fault_set(reterr, FAULT_WRITE, FAULT_DST, r);
		if (m->keeps_holes && m->hole.off + m->hole.len == len)
			(void)fd_punch_hole(m->dst, m->hole);
	}
	m->dst_size = len;
	return 0;
}

static int write_data(struct mover *m, struct range dst, const char *from,
		      struct fault *reterr)
{
	int r = fd_write(m->dst, dst.off, from, dst.len);

	if (r < 0)
		return fault_set(reterr, FAULT_WRITE, FAULT_DST, r);
	m->copied += dst.len;
	if (m->dst_size < dst.off + dst.len)
		m->dst_size = dst.off + dst.len;
	return 0;
}

/*
 * Make DST a hole, as far as the destination reaches; what lies beyond becomes
 * one when the file is extended.  Returns whether this worked.
 */
static bool make_hole(struct mover *m, struct range dst)
{
	struct range inside = dst;

	if (dst.off < m->dst_size) {
		if (inside.len > m->dst_size - dst.off)
			inside.len = m->dst_size - dst.off;
		/* Without support for holes, zeros are written. */
		if (fd_punch_hole(m->dst, inside) < 0)
			return false;
	}
	m->hole = dst;
	m->holes += dst.len;
	return true;
}

/* Write zeros, as a hole if possible; FROM has as many. */
static int write_hole(struct mover *m, struct range dst, const char *from,
		      struct fault *reterr)
{
	if (m->keeps_holes && make_hole(m, dst))
		return 0;
	return write_data(m, dst, from, reterr);
}

/* Write the blocks that are not zero, and make holes of the others. */
static int write_sparse(struct mover *m, struct range dst, const char *from,
			struct fault *reterr)
{
	int r = 0;

	while (r == 0 && dst.len > 0) {
		bool zero;
		size_t n = zero_run(from, dst.len, &zero);
		struct range part = { dst.off, n };

		r = zero ? write_hole(m, part, from, reterr)
			 : write_data(m, part, from, reterr);
		from += n;
		dst.off += n;
		dst.len -= n;
	}
	return r;
}

/* Write a run of data, of which parts may become holes. */
static int write_stretch(struct mover *m, struct range dst, const char *from,
			 struct fault *reterr)
{
	return m->finds_zeros ? write_sparse(m, dst, from, reterr)
			      : write_data(m, dst, from, reterr);
}

/* The source ends at OFF, but was longer when it was opened. */
static int ended_early(const struct mover *m, uint64_t off,
		       struct fault *reterr)
{
	struct file_info now;
	int r = stat_fd(m->src, &now);

	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_SRC, r);
	return fault_set(reterr,
			 now.size <= off ? FAULT_SHRANK : FAULT_ENDED_EARLY,
			 FAULT_SRC, -EIO);
}

/* Read all bytes at OFF, which the source had when it was opened. */
static int read_data(struct mover *m, uint64_t off, char *to, size_t len,
		     struct fault *reterr)
{
	while (len > 0) {
		size_t n;
		int r = fd_read(m->src, off, to, len, &n);

		if (r < 0)
			return fault_set(reterr, FAULT_READ, FAULT_SRC, r);
		if (n == 0)
			return ended_early(m, off, reterr);
		off += n;
		to += n;
		len -= n;
	}
	return 0;
}

/* Is there data at OFF, which begins a block? */
static bool is_data(const struct mover *m, uint64_t off)
{
	uint64_t found;
	int r = layout_find_data(m->src, off, &found);

	return r == LAYOUT_UNKNOWN || (r == LAYOUT_DATA && found == off);
}

/* Find the next run of data, block by block, up to END. */
static int look_near(const struct mover *m, uint64_t off, uint64_t end,
		     struct range *ret)
{
	uint64_t start = off;
	uint64_t stop;

	if (layout_find_data(m->src, off, &start) == LAYOUT_END || start >= end)
		return LAYOUT_END;
	stop = start - start % ZERO_BLOCK + ZERO_BLOCK;
	while (stop < end && is_data(m, stop))
		stop += ZERO_BLOCK;
	*ret = (struct range){ start, (stop < end ? stop : end) - start };
	return LAYOUT_DATA;
}

/*
 * layout_next_data() for the source.  Finding the next hole can take time in
 * proportion to the data before it (tmpfs, Linux 6.18).  So it is done only if
 * much of that data will be copied, and the result is kept.
 */
static int next_data(struct mover *m, uint64_t off, uint64_t end,
		     struct range *ret)
{
	struct range *known = &m->known;

	if (off >= end)
		return LAYOUT_END;
	if (off < known->off || off >= known->off + known->len) {
		if (!m->looks_far)
			return look_near(m, off, end, ret);
		if (layout_next_data(m->src, off, RANGE_OFF_MAX, known) ==
		    LAYOUT_END) {
			known->len = 0;
			return LAYOUT_END;
		}
	}
	if (known->off >= end)
		return LAYOUT_END;
	ret->off = off < known->off ? known->off : off;
	ret->len = known->off + known->len - ret->off;
	if (ret->len > end - ret->off)
		ret->len = end - ret->off;
	return LAYOUT_DATA;
}

/*
 * Holes were found.  Unwritten extents look like data after they have been
 * read, by readahead or another process (XFS, ext4); then only zeros show what
 * they are.
 */
static void note_holes(struct mover *m)
{
	if (m->doubts_holes)
		m->finds_zeros = m->keeps_holes;
}

/* Find the data in W.  If there are too many runs, the last ones are joined. */
static void find_data(struct mover *m, struct window *w)
{
	uint64_t start = w->span.src_off;
	uint64_t end = start + w->span.len;
	uint64_t holes = w->span.len;
	uint64_t off = start;

	w->n = 0;
	while (w->n < STRETCHES) {
		struct range *data = &w->data[w->n];

		if (next_data(m, off, end, data) == LAYOUT_END)
			break;
		off = data->off + data->len;
		holes -= data->len;
		data->off -= start;
		w->n++;
	}
	if (w->n == STRETCHES)
		w->data[w->n - 1].len = w->span.len - w->data[w->n - 1].off;
	if (holes > 0)
		note_holes(m);
}

static int read_window(struct mover *m, const struct window *w,
		       struct fault *reterr)
{
	uint64_t done = 0;

	if (m->doubts_holes)
		return read_data(m, w->span.src_off, m->buf, w->span.len,
				 reterr);
	for (size_t i = 0; i < w->n; i++) {
		const struct range *data = &w->data[i];
		int r;

		memset(m->buf + done, 0, data->off - done);
		r = read_data(m, w->span.src_off + data->off,
			      m->buf + data->off, data->len, reterr);
		if (r < 0)
			return r;
		done = data->off + data->len;
	}
	memset(m->buf + done, 0, w->span.len - done);
	return 0;
}

static int write_window(struct mover *m, const struct window *w,
			struct fault *reterr)
{
	uint64_t done = 0;

	for (size_t i = 0; i <= w->n; i++) {
		struct range data = { w->span.len, 0 };
		struct range hole;
		int r = 0;

		if (i < w->n)
			data = w->data[i];
		hole = (struct range){ w->span.dst_off + done,
				       data.off - done };
		if (hole.len > 0)
			r = m->doubts_holes
				    ? write_sparse(m, hole, m->buf + done,
						   reterr)
				    : write_hole(m, hole, m->buf + done,
						 reterr);
		if (r == 0 && data.len > 0)
			r = write_stretch(
				m,
				(struct range){ w->span.dst_off + data.off,
						data.len },
				m->buf + data.off, reterr);
		if (r < 0)
			return r;
		done = data.off + data.len;
	}
	return 0;
}

static int copy_window(struct mover *m, struct span span, struct fault *reterr)
{
	struct window w;
	int r = need_buffer(m, reterr);

	if (r < 0)
		return r;
	if (interrupted())
		return fault_set(reterr, FAULT_INTERRUPTED, FAULT_DST, -EINTR);
	w.span = span;
	find_data(m, &w);
	r = read_window(m, &w, reterr);
	return r < 0 ? r : write_window(m, &w, reterr);
}

/* The length of a hole at the start of SPAN, if it is worth a call. */
static uint64_t leading_hole(struct mover *m, const struct span *span)
{
	uint64_t end = span->src_off + span->len;
	struct range hole = { .off = span->dst_off, .len = span->len };
	struct range data;

	if (span->len <= WINDOW || !m->keeps_holes || m->doubts_holes)
		return 0;
	if (next_data(m, span->src_off, end, &data) != LAYOUT_END)
		hole.len = data.off - span->src_off;
	if (hole.len <= WINDOW || !make_hole(m, hole))
		return 0;
	return hole.len;
}

static int copy_forward(struct mover *m, struct span rest, struct fault *reterr)
{
	while (rest.len > 0) {
		uint64_t n = leading_hole(m, &rest);
		int r = 0;

		if (n == 0) {
			n = rest.len < WINDOW ? rest.len : WINDOW;
			r = copy_window(
				m,
				(struct span){ rest.src_off, n, rest.dst_off },
				reterr);
		}
		if (r < 0)
			return r;
		rest = (struct span){ rest.src_off + n, rest.len - n,
				      rest.dst_off + n };
	}
	return 0;
}

static int copy_backward(struct mover *m, struct span rest,
			 struct fault *reterr)
{
	while (rest.len > 0) {
		uint64_t n = rest.len < WINDOW ? rest.len : WINDOW;
		int r;

		rest.len -= n;
		r = copy_window(m,
				(struct span){ rest.src_off + rest.len, n,
					       rest.dst_off + rest.len },
				reterr);
		if (r < 0)
			return r;
	}
	return 0;
}

int mover_copy(struct mover *m, const struct span *span, bool backward,
	       struct fault *reterr)
{
	int r;

	m->looks_far = !backward && span->len > WINDOW;
	r = backward ? copy_backward(m, *span, reterr)
		     : copy_forward(m, *span, reterr);

	/* It may end in a hole. */
	return r < 0 ? r : mover_extend(m, span->dst_off + span->len, reterr);
}

void mover_release(struct mover *m)
{
	free(m->buf);
	m->buf = NULL;
}
