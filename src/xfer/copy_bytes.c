/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copy run by run: data in pieces, each of which is read completely before it is
 * written.  So a span can overlap its own destination at any distance, if it is
 * copied in the right direction.
 */
#include "copy_bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clone.h"
#include "fallback.h"
#include "stat.h"
#include "zero.h"

/* The source has no more bytes. */
enum {
	ENDED = 1
};

static void drop_first(struct span *s, uint64_t n)
{
	*s = span_part(s, n, s->len - n);
}

/* A small buffer for a small file: a large one costs more than the copy. */
static int need_buffer(struct copy_bytes *c, struct fault *reterr)
{
	uint64_t size = COPY_BYTES_MOST;

	if (c->buf)
		return 0;
	if (c->sized && c->x->src_info.size < size)
		(void)range_round_up(c->x->src_info.size, ZERO_BLOCK, &size);
	c->buf = aligned_alloc(ZERO_BLOCK, size);
	if (!c->buf)
		return fault_set(reterr, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
	c->buf_size = size;
	return 0;
}

static size_t piece_len(const struct copy_bytes *c, const struct span *s)
{
	return s->len < c->buf_size ? s->len : c->buf_size;
}

static void note_written(struct copy_bytes *c, uint64_t end)
{
	if (c->dst_size < end)
		c->dst_size = end;
}

/*
 * The destination is a regular file that can't seek (some of /proc, some on
 * FUSE).  Nothing has been written yet, only a hole of LEN bytes was left out.
 * From now on it is written as a stream.
 */
static int stream_to(struct copy_bytes *c, uint64_t len)
{
	static const char zeros[ZERO_BLOCK];
	struct fault ignored;
	int r = 0;

	c->dst_seeks = false;
	c->makes_holes = false;
	c->finds_zeros = false;
	while (r == 0 && len > 0) {
		size_t n = len < sizeof(zeros) ? len : sizeof(zeros);

		r = xfer_tick_now(c->x, &ignored);
		if (r == 0)
			r = fd_write(c->x->dst, FD_STREAM, zeros, n);
		len -= n;
	}
	c->x->counts.copied += c->x->counts.holes;
	c->x->counts.holes = 0;
	return r;
}

static int write_piece(struct copy_bytes *c, struct range dst, const char *from,
		       struct fault *reterr)
{
	struct counts *counts = &c->x->counts;
	int r = fd_write(c->x->dst, c->dst_seeks ? dst.off : FD_STREAM, from,
			 dst.len);

	if (r == -ESPIPE && c->fresh && c->dst_seeks &&
	    counts->copied + counts->offloaded == 0) {
		r = stream_to(c, dst.off);
		if (r == 0)
			r = fd_write(c->x->dst, FD_STREAM, from, dst.len);
	}
	if (r < 0)
		return fault_set_in(reterr,
				    c->dst_seeks ? CALL_OF_STEP : CALL_WRITE,
				    FAULT_WRITE, FAULT_DST, r);
	counts->copied += dst.len;
	note_written(c, dst.off + dst.len);
	return 0;
}

/*
 * Make DST a hole, as far as the destination reaches; what lies beyond becomes
 * one when the file is extended.  Returns whether that is possible.
 */
static bool make_hole(struct copy_bytes *c, struct range dst)
{
	struct range old = dst;

	if (!c->makes_holes)
		return false;
	if (c->fresh) {
		/* XFS may have preallocated storage there: free it. */
		if (dst.off > 0)
			(void)fd_punch_hole(c->x->dst, dst);
	} else if (dst.off < c->dst_size) {
		if (old.len > c->dst_size - dst.off)
			old.len = c->dst_size - dst.off;
		if (fd_punch_hole(c->x->dst, old) < 0)
			return false;
	}
	c->hole = dst;
	c->x->counts.holes += dst.len;
	return true;
}

/* Write the blocks that are not zero, and make holes of the others. */
static int write_sparse(struct copy_bytes *c, struct range dst,
			struct fault *reterr)
{
	const char *p = c->buf;
	int r = 0;

	c->x->counts.sparse |= SPARSE_BY_ZEROS;
	while (r == 0 && dst.len > 0) {
		struct range part = { .off = dst.off };
		bool zero;

		part.len = zero_run(p, dst.len, &zero);
		if (!zero || !make_hole(c, part))
			r = write_piece(c, part, p, reterr);
		p += part.len;
		dst.off += part.len;
		dst.len -= part.len;
	}
	return r;
}

/*
 * fd_read() at OFF into TO, or from a stream.  In a stream OFF never goes back,
 * and bytes that were offloaded are read and discarded.
 */
static int read_some(struct copy_bytes *c, uint64_t off, char *to, size_t len,
		     size_t *ret_n)
{
	fd_t src = c->x->src;
	int r;

	if (c->src_seeks) {
		r = fd_read(src, off, to, len, ret_n);
		if (r != -ESPIPE || !c->fresh)
			return r;
		c->src_seeks = false;
	}
	c->x->src_is_spent = true;
	while (c->src_at < off) {
		uint64_t gap = off - c->src_at;

		r = fd_read(src, FD_STREAM, to, gap < len ? gap : len, ret_n);
		if (r < 0 || *ret_n == 0)
			return r;
		c->src_at += *ret_n;
	}
	r = fd_read(src, FD_STREAM, to, len, ret_n);
	if (r == 0)
		c->src_at += *ret_n;
	return r;
}

/* Read LEN bytes, or less if the source ends or is a stream. */
static int read_piece(struct copy_bytes *c, uint64_t off, size_t len,
		      size_t *ret_n)
{
	size_t done = 0;
	size_t n;
	int r;

	do {
		r = read_some(c, off + done, c->buf + done, len - done, &n);
		if (r < 0)
			return r;
		done += n;
	} while (c->src_seeks && n > 0 && done < len);
	*ret_n = done;
	return 0;
}

/* The source ends at OFF, but was longer when it was opened. */
static int ended_early(const struct xfer *x, uint64_t off, struct fault *reterr)
{
	struct file_info now;
	int r = stat_fd(x->src, &now);

	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_SRC, r);
	return fault_set(reterr,
			 now.size <= off ? FAULT_SHRANK : FAULT_ENDED_EARLY,
			 FAULT_SRC, -EIO);
}

/* Read and write S.  Returns 0, ENDED, or -errno with *RETERR. */
static int read_write(struct copy_bytes *c, struct span s, struct fault *reterr)
{
	int r = need_buffer(c, reterr);

	while (r == 0 && s.len > 0) {
		size_t len = piece_len(c, &s);
		struct range dst = { .off = s.dst_off };

		r = xfer_tick_now(c->x, reterr);
		if (r < 0)
			return r;
		r = read_piece(c, s.src_off, len, &dst.len);
		if (r < 0)
			return fault_set_in(
				reterr, c->src_seeks ? CALL_OF_STEP : CALL_READ,
				FAULT_READ, FAULT_SRC, r);
		if (dst.len > 0)
			r = c->finds_zeros
				    ? write_sparse(c, dst, reterr)
				    : write_piece(c, dst, c->buf, reterr);
		drop_first(&s, dst.len);
		if (r == 0 && dst.len < len && (c->src_seeks || dst.len == 0))
			r = c->exact ? ended_early(c->x, s.src_off, reterr)
				     : ENDED;
	}
	return r;
}

static int write_zeros(struct copy_bytes *c, struct range dst,
		       struct fault *reterr)
{
	int r = need_buffer(c, reterr);

	if (r == 0)
		memset(c->buf, 0, c->buf_size);
	while (r == 0 && dst.len > 0) {
		struct range part = dst;

		if (part.len > c->buf_size)
			part.len = c->buf_size;
		r = xfer_tick_now(c->x, reterr);
		if (r == 0)
			r = write_piece(c, part, c->buf, reterr);
		dst.off += part.len;
		dst.len -= part.len;
	}
	return r;
}

/* Copy S, which the file system reports as a hole. */
static int copy_hole(struct copy_bytes *c, const struct span *s,
		     struct fault *reterr)
{
	const struct range dst = { s->dst_off, s->len };

	if (c->doubts_holes)
		return read_write(c, *s, reterr);
	return make_hole(c, dst) ? 0 : write_zeros(c, dst, reterr);
}

/* The same for a hole that reaches to the end of what is copied. */
static int copy_tail(struct copy_bytes *c, const struct span *s,
		     struct fault *reterr)
{
	size_t n = 1;
	int r = 0;

	/* Does the source? */
	if (!c->exact) {
		r = need_buffer(c, reterr);
		if (r < 0)
			return r;
		r = fd_read(c->x->src, s->src_off + s->len - 1, c->buf, 1, &n);
	}
	if (r == 0 && n == 1)
		return copy_hole(c, s, reterr);
	c->finds_zeros = c->makes_holes;
	return read_write(c, *s, reterr);
}

/* copy_file_range(2) failed: for this file, for the pair, or for good? */
static int offload_refused(struct copy_bytes *c, int r, struct fault *reterr)
{
	enum verdict verdict = fallback_judge(FALLBACK_COPY_RANGE, -r);
	struct fs_pair *pair = c->x->pair;

	if (verdict == VERDICT_FAIL)
		return fault_set(reterr,
				 r == -EINTR ? FAULT_INTERRUPTED
					     : FAULT_COPY_RANGE,
				 FAULT_DST, r);

	c->offload = false;
	c->x->counts.offload_err = -r;
	if (pair && verdict == VERDICT_NEXT_FOR_PAIR)
		pair->offload_err = -r;
	return 0;
}

/* Let the kernel copy S or its first part, and drop that from S. */
static int offload(struct copy_bytes *c, struct span *s, struct fault *reterr)
{
	while (s->len > 0 && c->offload) {
		uint64_t n = 0;
		int r = xfer_tick_now(c->x, reterr);

		if (r < 0)
			return r;
		r = clone_copy_range(c->x->src,
				     (struct range){ s->src_off, s->len },
				     c->x->dst, s->dst_off, &n);
		if (r < 0)
			r = offload_refused(c, r, reterr);
		if (r < 0)
			return r;
		if (n == 0) /* the end, or unknown: reading will tell */
			break;
		c->x->counts.offloaded += n;
		drop_first(s, n);
		note_written(c, s->dst_off);
	}
	return 0;
}

/* Copy S, which is data. */
static int copy_data(struct copy_bytes *c, struct span s, struct fault *reterr)
{
	int r;

	/* Nobody expects data past the size. */
	if (c->sized && s.src_off < c->x->src_info.size)
		c->x->counts.not_offered = false;
	r = offload(c, &s, reterr);
	return r == 0 && s.len > 0 ? read_write(c, s, reterr) : r;
}

/*
 * Act on what was found.  Unwritten extents look like data after they have been
 * read, by readahead or another process (XFS, ext4).  Then only zeros show what
 * they are.
 */
static void note_runs(struct copy_bytes *c)
{
	struct data_runs *runs = &c->runs;

	if (runs->has_holes)
		c->x->counts.sparse |= SPARSE_BY_SEEK;
	if (runs->has_holes && c->doubts_holes)
		c->finds_zeros = c->makes_holes;
	/* The kernel doesn't search for zeros. */
	if (runs->is_unknown && c->finds_zeros)
		c->offload = false;
	/* All will be read, whatever it is; a fresh file keeps the difference. */
	if (runs->has_holes && c->doubts_holes && !c->fresh)
		c->looks = false;
}

/* The next data at or after S's beginning; if holes don't matter, all of S. */
static bool next_data(struct copy_bytes *c, const struct span *s,
		      struct range *ret)
{
	bool found = false;

	if (c->looks) {
		found = data_runs_next(&c->runs, s->src_off,
				       s->src_off + s->len, ret);
		note_runs(c);
	}
	if (c->looks)
		return found;
	*ret = (struct range){ s->src_off, s->len };
	return true;
}

int copy_bytes(struct copy_bytes *c, const struct span *span,
	       struct fault *reterr)
{
	struct span s = *span;
	int r = 0;

	c->runs.fd = c->x->src;
	c->runs.far = c->fresh || s.len > COPY_BYTES_MOST;
	data_runs_begin(&c->runs);
	while (r == 0 && s.len > 0) {
		struct range data;
		struct span part;

		if (!next_data(c, &s, &data)) {
			r = copy_tail(c, &s, reterr);
			break;
		}
		part = span_part(&s, 0, data.off - s.src_off);
		if (part.len > 0)
			r = copy_hole(c, &part, reterr);
		drop_first(&s, part.len);
		if (r == 0)
			r = copy_data(c, span_part(&s, 0, data.len), reterr);
		drop_first(&s, data.len);
	}
	return r < 0 ? r : 0;
}

/* Copy W, which fits into the buffer, from its last run to its first. */
static int copy_window(struct copy_bytes *c, const struct span *w,
		       struct fault *reterr)
{
	struct data_runs *runs = &c->runs;
	uint64_t end = w->len;
	int r = 0;

	if (c->looks) {
		data_runs_find(runs, w->src_off, w->src_off + w->len);
		note_runs(c);
	}
	if (!c->looks || !runs->is_complete)
		return read_write(c, *w, reterr);
	for (size_t i = runs->n + 1; r == 0 && i-- > 0;) {
		/* Before the first run there may be a hole, too. */
		const struct range none = { w->src_off, 0 };
		const struct range data = i > 0 ? runs->ahead[i - 1] : none;
		uint64_t off = data.off - w->src_off;
		struct span hole =
			span_part(w, off + data.len, end - off - data.len);

		if (hole.len > 0)
			r = copy_hole(c, &hole, reterr);
		if (r == 0)
			r = read_write(c, span_part(w, off, data.len), reterr);
		end = off;
	}
	return r;
}

int copy_bytes_backward(struct copy_bytes *c, const struct span *span,
			struct fault *reterr)
{
	struct span s = *span;
	int r = need_buffer(c, reterr);

	c->runs.fd = c->x->src;
	c->runs.far = false;
	while (r == 0 && s.len > 0) {
		uint64_t n = piece_len(c, &s);
		struct span window = span_part(&s, s.len - n, n);

		r = copy_window(c, &window, reterr);
		s.len -= n;
	}
	return r;
}

static int extend_old(struct copy_bytes *c, uint64_t len, struct fault *reterr)
{
	struct file_info now;
	int r = stat_fd(c->x->dst, &now);

	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	/* Setting the length could cut what another process appends. */
	if (now.size >= len)
		return 0;
	r = fd_write(c->x->dst, len - 1, "", 1);
	if (r < 0)
		return fault_set(reterr, FAULT_WRITE, FAULT_DST, r);
	if (c->makes_holes && c->hole.off + c->hole.len == len)
		(void)fd_punch_hole(c->x->dst, c->hole);
	return 0;
}

int copy_bytes_extend(struct copy_bytes *c, uint64_t len, struct fault *reterr)
{
	int r = 0;

	if (len <= c->dst_size)
		return 0;
	if (!c->fresh) {
		r = extend_old(c, len, reterr);
	} else {
		r = fd_truncate(c->x->dst, len);
		if (r < 0)
			(void)fault_set(reterr, FAULT_TRUNCATE, FAULT_DST, r);
	}
	if (r == 0)
		c->dst_size = len;
	return r;
}

void copy_bytes_release(struct copy_bytes *c)
{
	free(c->buf);
	c->buf = NULL;
}
