/* SPDX-License-Identifier: BSD-2-Clause */
#include "bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "clone.h"
#include "fallback.h"
#include "interrupt.h"
#include "layout.h"
#include "stat.h"
#include "zero.h"

/* The most bytes to read at a time; a multiple of every block size. */
#define BUF_MAX ((size_t)1 << 20)

/*
 * From this size on, even a fully allocated file is searched for holes: it may
 * have been preallocated.  For smaller files that would be a useless call, and
 * in memory a walk through the whole file.
 */
#define LOOK_MIN BUF_MAX

/* How many runs of data to find before reading any of them. */
#define AHEAD 128

/* A copy in progress. */
struct bytes {
	struct run *run;
	const struct data_job *dj;
	struct outcome *out;
	char *buf;	     /* owned; NULL until needed */
	size_t buf_size;     /* its size in bytes */
	bool offload;	     /* copy_file_range(2) may still work */
	enum fs_sizes sizes; /* what the source's size is worth */
	bool exact;	     /* reads end exactly at the size */
	bool sized;	     /* the size has a meaning */
	bool src_seeks;	     /* the source may be able to seek */
	bool dst_seeks;	     /* the destination may be able to seek */
	bool makes_holes; /* the destination reads as zeros where not written */
	bool finds_zeros; /* zeros that are read become holes */
	bool looks;	  /* ask the file system for holes */
	bool doubts_holes; /* and read what it reports as holes */
	bool ends_in_hole; /* the length must still be set */
	uint64_t src_at;   /* bytes read as a stream */
	/*
	 * The next runs of data.  They are found before they are read, because
	 * readahead turns unwritten extents into data (XFS).
	 */
	struct range ahead[AHEAD];
	size_t n_ahead;	   /* how many */
	size_t next_ahead; /* the first that is not copied yet */
	bool looked_all;   /* no data follows */
};

static void bytes_release(struct bytes *b)
{
	free(b->buf);
}

/*
 * If a file has storage for all of its bytes and holes as well, it was
 * preallocated, or the file system is wrong.  So a reported hole is read, and
 * becomes a hole only if it is zeros.
 */
static void decide_on_holes(struct bytes *b)
{
	const struct file_info *src = &b->dj->src->info;
	uint64_t whole;

	b->doubts_holes = src->allocated >= src->size;
	b->looks = !b->doubts_holes ||
		   (b->makes_holes &&
		    ((src->size >= LOOK_MIN && b->sizes != FS_SIZES_MEMORY) ||
		     !range_round_up(src->size, src->block_size, &whole) ||
		     src->allocated > whole));
}

/* As cp: also true for a file of /proc with a size, which has no storage. */
static bool looks_sparse(const struct bytes *b)
{
	uint64_t data;

	return b->finds_zeros ||
	       (b->makes_holes && !b->doubts_holes &&
		layout_find_data(b->dj->src->fd, 0, &data) == LAYOUT_UNKNOWN);
}

/*
 * The source is empty, or its size has no meaning.  copy_file_range(2) is not
 * called, because it might believe the size; but --debug reports whether it
 * could be.
 */
static void note_nothing(struct bytes *b)
{
	const struct data_job *dj = b->dj;
	uint64_t n;
	int r;

	if (!b->sized && dj->src->info.size > 0)
		b->finds_zeros = looks_sparse(b);
	if (b->finds_zeros)
		b->out->sparse |= SPARSE_BY_ZEROS;
	if (b->offload && b->run->policy->debug &&
	    dj->src->info.type == FILE_REGULAR) {
		r = clone_copy_range(dj->src->fd, (struct range){ 0, 0 },
				     dj->dst->fd, 0, &n);
		b->out->not_offered = r == 0;
		b->out->offload_err = -r;
	}
	b->offload = false;
}

/* B is all zeros. */
static void bytes_begin(struct bytes *b, struct run *run,
			const struct data_job *dj, struct outcome *out)
{
	const struct policy *policy = run->policy;
	const struct file_info *src = &dj->src->info;
	struct fs_pair *pair =
		fs_pairs_get(&run->pairs, src->dev, dj->dst_info.dev);
	bool regular = dj->dst_info.type == FILE_REGULAR;
	bool sized;

	b->sizes = src->type == FILE_REGULAR
			   ? fs_pair_src_sizes(pair, dj->src->fd)
			   : FS_SIZES_NONE;
	b->exact = src->type == FILE_REGULAR &&
		   fs_pair_src_is_exact(pair, dj->src->fd);
	sized = b->exact || (b->sizes == FS_SIZES_CLAIMED && src->size > 0);
	b->run = run;
	b->dj = dj;
	b->out = out;
	b->offload = regular && policy->reflink == REFLINK_AUTO &&
		     policy->sparse == SPARSE_AUTO;
	b->sized = sized;
	b->src_seeks = sized;
	b->dst_seeks = regular || dj->dst_info.type == FILE_BLOCK_DEVICE;
	b->makes_holes = regular && policy->sparse != SPARSE_NEVER;
	b->finds_zeros =
		b->makes_holes && (policy->sparse == SPARSE_ALWAYS ||
				   (sized && src->allocated < src->size));
	decide_on_holes(b);
	if (b->offload && pair && pair->offload_err) {
		b->offload = false;
		out->offload_err = pair->offload_err;
	}
	if (sized && src->size > 0)
		out->not_offered = true; /* so far */
	else
		note_nothing(b);
}

/* A small buffer for a small file: a large one costs more than the copy. */
static int need_buffer(struct bytes *b, struct fault *reterr)
{
	uint64_t size = BUF_MAX;

	if (b->buf)
		return 0;
	if (b->sized && b->dj->src->info.size < BUF_MAX)
		(void)range_round_up(b->dj->src->info.size, ZERO_BLOCK, &size);
	b->buf = aligned_alloc(ZERO_BLOCK, size);
	if (!b->buf)
		return fault_set(reterr, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
	b->buf_size = size;
	return 0;
}

/*
 * The destination is a regular file that can't seek (some of /proc, some on
 * FUSE).  Nothing has been written yet, only a hole of LEN bytes was left out.
 * From now on it is written as a stream.
 */
static int stream_to(struct bytes *b, uint64_t len)
{
	static const char zeros[ZERO_BLOCK];
	int r = 0;

	b->dst_seeks = false;
	b->makes_holes = false;
	b->finds_zeros = false;
	while (r == 0 && len > 0) {
		size_t n = len < sizeof(zeros) ? len : sizeof(zeros);

		if (interrupted())
			return -EINTR;
		r = fd_write(b->dj->dst->fd, FD_STREAM, zeros, n);
		len -= n;
	}
	b->out->copied += b->out->holes;
	b->out->holes = 0;
	return r;
}

static int write_at(struct bytes *b, struct range range, const char *from,
		    struct fault *reterr)
{
	const struct outcome *out = b->out;
	int r = fd_write(b->dj->dst->fd, b->dst_seeks ? range.off : FD_STREAM,
			 from, range.len);

	if (r == -ESPIPE && b->dst_seeks && out->copied + out->offloaded == 0) {
		r = stream_to(b, range.off);
		if (r == 0)
			r = fd_write(b->dj->dst->fd, FD_STREAM, from,
				     range.len);
	}
	if (r < 0)
		return fault_set(reterr, FAULT_WRITE, FAULT_DST, r);
	b->out->copied += range.len;
	b->ends_in_hole = false;
	return 0;
}

/* Leave RANGE of the destination as a hole. */
static void leave_hole(struct bytes *b, struct range range)
{
	/* XFS may have preallocated storage there: free it. */
	if (range.off > 0)
		(void)fd_punch_hole(b->dj->dst->fd, range);
	b->out->holes += range.len;
	b->ends_in_hole = true;
}

/* Copy a hole of the source. */
static int copy_hole(struct bytes *b, struct range range, struct fault *reterr)
{
	int r;

	if (b->makes_holes) {
		leave_hole(b, range);
		return 0;
	}
	r = need_buffer(b, reterr);
	if (r < 0)
		return r;
	memset(b->buf, 0, b->buf_size);
	while (range.len > 0) {
		struct range part = range;

		if (interrupted())
			return fault_set(reterr, FAULT_INTERRUPTED, FAULT_DST,
					 -EINTR);
		if (part.len > b->buf_size)
			part.len = b->buf_size;
		r = write_at(b, part, b->buf, reterr);
		if (r < 0)
			return r;
		range.off += part.len;
		range.len -= part.len;
	}
	return 0;
}

/* Write the blocks that are not zero, and leave holes for the others. */
static int write_sparse(struct bytes *b, struct range range,
			struct fault *reterr)
{
	const char *p = b->buf;

	b->out->sparse |= SPARSE_BY_ZEROS;
	while (range.len > 0) {
		bool zero;
		struct range part = { .off = range.off };
		int r = 0;

		part.len = zero_run(p, range.len, &zero);
		if (zero && b->makes_holes)
			leave_hole(b, part);
		else
			r = write_at(b, part, p, reterr);
		if (r < 0)
			return r;
		p += part.len;
		range.off += part.len;
		range.len -= part.len;
	}
	return 0;
}

/*
 * fd_read() at OFF, or from a stream.  In a stream OFF never goes back, and
 * bytes that were offloaded are read and discarded.
 */
static int read_at(struct bytes *b, uint64_t off, size_t len, size_t *ret_n)
{
	fd_t src = b->dj->src->fd;
	int r;

	if (b->src_seeks) {
		r = fd_read(src, off, b->buf, len, ret_n);
		if (r != -ESPIPE)
			return r;
		b->src_seeks = false;
	}
	b->dj->src->is_spent = true;
	while (b->src_at < off) {
		uint64_t gap = off - b->src_at;

		r = fd_read(src, FD_STREAM, b->buf,
			    gap < b->buf_size ? gap : b->buf_size, ret_n);
		if (r < 0 || *ret_n == 0)
			return r;
		b->src_at += *ret_n;
	}
	r = fd_read(src, FD_STREAM, b->buf, len, ret_n);
	if (r == 0)
		b->src_at += *ret_n;
	return r;
}

/*
 * Read and write RANGE, or as much of it as the source has.  *RET_N is set to
 * the number of bytes done.
 */
static int read_write(struct bytes *b, struct range range, uint64_t *ret_n,
		      struct fault *reterr)
{
	uint64_t end = range.off + range.len;
	uint64_t off = range.off;
	int r = need_buffer(b, reterr);

	if (r < 0)
		return r;
	while (off < end) {
		size_t len = end - off < b->buf_size ? end - off : b->buf_size;
		size_t n;

		if (interrupted())
			return fault_set(reterr, FAULT_INTERRUPTED, FAULT_DST,
					 -EINTR);
		r = read_at(b, off, len, &n);
		if (r < 0)
			return fault_set(reterr, FAULT_READ, FAULT_SRC, r);
		if (n == 0)
			break;
		r = b->finds_zeros
			    ? write_sparse(b, (struct range){ off, n }, reterr)
			    : write_at(b, (struct range){ off, n }, b->buf,
				       reterr);
		if (r < 0)
			return r;
		off += n;
	}
	*ret_n = off - range.off;
	return 0;
}

/* copy_file_range(2) failed: for this file, for the pair, or for good? */
static int offload_refused(struct bytes *b, int r, struct fault *reterr)
{
	enum verdict verdict = fallback_judge(FALLBACK_COPY_RANGE, -r);
	struct fs_pair *pair;

	if (verdict == VERDICT_FAIL)
		return fault_set(reterr,
				 r == -EINTR ? FAULT_INTERRUPTED
					     : FAULT_COPY_RANGE,
				 FAULT_DST, r);

	b->offload = false;
	b->out->offload_err = -r;
	pair = fs_pairs_get(&b->run->pairs, b->dj->src->info.dev,
			    b->dj->dst_info.dev);
	if (pair && verdict == VERDICT_NEXT_FOR_PAIR)
		pair->offload_err = -r;
	return 0;
}

/* Let the kernel copy RANGE or a part of it.  *RET_N is the number of bytes. */
static int offload(struct bytes *b, struct range range, uint64_t *ret_n,
		   struct fault *reterr)
{
	uint64_t done = 0;

	while (done < range.len && b->offload) {
		struct range rest = { .off = range.off + done,
				      .len = range.len - done };
		uint64_t n = 0;
		int r;

		if (interrupted())
			return fault_set(reterr, FAULT_INTERRUPTED, FAULT_DST,
					 -EINTR);
		r = clone_copy_range(b->dj->src->fd, rest, b->dj->dst->fd,
				     rest.off, &n);
		if (r < 0)
			r = offload_refused(b, r, reterr);
		if (r < 0)
			return r;
		if (n == 0) /* the end, or unknown: reading will tell */
			break;
		b->ends_in_hole = false;
		b->out->offloaded += n;
		done += n;
	}
	*ret_n = done;
	return 0;
}

/* Get current facts about the source; fail if it has shrunk. */
static int look_again(const struct bytes *b, struct file_info *ret,
		      struct fault *reterr)
{
	int r = stat_fd(b->dj->src->fd, ret);

	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_SRC, r);
	if (ret->size < b->dj->src->info.size)
		return fault_set(reterr, FAULT_SHRANK, FAULT_SRC, -EIO);
	return 0;
}

/* Reads ended at END: the source has shrunk, or has an error. */
static int ended_early(const struct bytes *b, struct fault *reterr)
{
	struct file_info now;
	int r = look_again(b, &now, reterr);

	return r < 0 ? r
		     : fault_set(reterr, FAULT_ENDED_EARLY, FAULT_SRC, -EIO);
}

/* Is the source as long as it was?  Holes at its end are not read. */
static int check_size(const struct bytes *b, struct fault *reterr)
{
	const struct fault grew = { .op = FAULT_GREW, .obj = FAULT_SRC };
	struct file_info now;
	int r = look_again(b, &now, reterr);

	if (r == 0 && now.size > b->dj->src->info.size)
		run_warn(b->run, b->dj->job, &grew, NULL);
	return r;
}

/* The whole source is copied, END bytes: warn if its size differs. */
static void tell_end(const struct bytes *b, uint64_t end)
{
	const struct fault other = {
		.op = FAULT_OTHER_END,
		.obj = FAULT_SRC,
		.at = { .span = { .len = end },
			.bound = b->dj->src->info.size },
	};

	if (b->sizes == FS_SIZES_CLAIMED && end != b->dj->src->info.size)
		run_warn(b->run, b->dj->job, &other, NULL);
}

/* Copy RANGE of the source, which is data. */
static int copy_data(struct bytes *b, struct range range, uint64_t *ret_n,
		     struct fault *reterr)
{
	uint64_t offloaded = 0;
	uint64_t n = 0;
	int r;

	b->out->not_offered = false;
	r = offload(b, range, &offloaded, reterr);
	if (r == 0 && offloaded < range.len)
		r = read_write(b,
			       (struct range){ range.off + offloaded,
					       range.len - offloaded },
			       &n, reterr);
	if (r < 0)
		return r;
	*ret_n = offloaded + n;
	return 0;
}

/* Holes were found. */
static void note_holes(struct bytes *b)
{
	b->out->sparse |= SPARSE_BY_SEEK;
	if (b->doubts_holes)
		b->finds_zeros = b->makes_holes;
}

static void look_ahead(struct bytes *b, uint64_t off)
{
	const struct file_info *info = &b->dj->src->info;
	uint64_t holes = info->size - off;
	int r = LAYOUT_DATA;

	b->n_ahead = 0;
	b->next_ahead = 0;
	while (r == LAYOUT_DATA && b->n_ahead < AHEAD) {
		struct range *data = &b->ahead[b->n_ahead];

		r = layout_next_data(b->dj->src->fd, off, info->size, data);
		if (r == LAYOUT_END)
			break;
		off = data->off + data->len;
		holes -= data->len;
		b->n_ahead++;
	}
	b->looked_all = r == LAYOUT_END;
	if (r == LAYOUT_DATA) /* more data follows */
		holes -= info->size - off;
	if (r == LAYOUT_UNKNOWN)
		/* The kernel doesn't search for zeros. */
		b->offload = b->offload && !b->finds_zeros;
	else if (holes > 0)
		note_holes(b);
}

/*
 * Find the next data at or after OFF; all that is left, if there are no holes
 * or they are unknown.
 */
static bool next_data(struct bytes *b, uint64_t off, struct range *ret)
{
	const struct file_info *info = &b->dj->src->info;

	if (off >= info->size)
		return false;
	if (!b->looks) {
		*ret = (struct range){ off, info->size - off };
		return true;
	}
	if (b->next_ahead == b->n_ahead && !b->looked_all)
		look_ahead(b, off);
	if (b->next_ahead == b->n_ahead)
		return false;
	*ret = b->ahead[b->next_ahead++];
	return true;
}

/* Copy RANGE, reported to be a hole.  *RET_N is the number of bytes done. */
static int pass_hole(struct bytes *b, struct range range, uint64_t *ret_n,
		     struct fault *reterr)
{
	if (b->doubts_holes)
		return read_write(b, range, ret_n, reterr);
	*ret_n = range.len;
	return copy_hole(b, range, reterr);
}

/*
 * The file system reports no data from OFF to the source's size.  If the size
 * is not exact, copy what can be read there.  *RET_N is the number of bytes.
 */
static int copy_tail(struct bytes *b, uint64_t off, uint64_t *ret_n,
		     struct fault *reterr)
{
	uint64_t size = b->dj->src->info.size;
	const struct range tail = { off, size - off };
	size_t n = 1;
	int r = 0;

	if (!b->exact) {
		r = need_buffer(b, reterr);
		if (r < 0)
			return r;
		r = fd_read(b->dj->src->fd, size - 1, b->buf, 1, &n);
	}
	if (r == 0 && n == 1)
		return pass_hole(b, tail, ret_n, reterr);
	b->finds_zeros = b->makes_holes;
	return read_write(b, tail, ret_n, reterr);
}

/* Copy the source up to its size.  *RET_END is where it ended. */
static int copy_data_and_holes(struct bytes *b, uint64_t *ret_end,
			       struct fault *reterr)
{
	uint64_t size = b->dj->src->info.size;
	uint64_t off = 0;
	struct range data;
	uint64_t n = 0;
	int r = 0;

	while (next_data(b, off, &data)) {
		const struct range hole = { off, data.off - off };

		n = 0;
		if (hole.len > 0)
			r = pass_hole(b, hole, &n, reterr);
		if (r == 0 && n == hole.len)
			r = copy_data(b, data, &n, reterr);
		else
			data = hole;
		if (r < 0)
			return r;
		*ret_end = off = data.off + n;
		if (n < data.len)
			return 0;
	}
	if (off < size)
		r = copy_tail(b, off, &n, reterr);
	else
		n = 0;
	*ret_end = off + n;
	return r;
}

/* Copy a source whose size has a meaning. */
static int copy_sized(struct bytes *b, struct fault *reterr)
{
	uint64_t size = b->dj->src->info.size;
	uint64_t end = 0;
	uint64_t n = 0;
	int r = copy_data_and_holes(b, &end, reterr);

	if (r < 0)
		return r;
	if (b->exact)
		return end < size ? ended_early(b, reterr)
				  : check_size(b, reterr);
	if (end == size)
		r = read_write(b, (struct range){ size, RANGE_OFF_MAX - size },
			       &n, reterr);
	if (r == 0)
		tell_end(b, end + n);
	return r;
}

/* Copy a source whose size has none. */
static int copy_to_end(struct bytes *b, struct fault *reterr)
{
	uint64_t n = 0;
	int r = read_write(b, (struct range){ 0, RANGE_OFF_MAX }, &n, reterr);

	if (r == 0)
		tell_end(b, n);
	return r;
}

int bytes_copy(struct run *run, const struct data_job *dj, struct outcome *out,
	       struct fault *reterr)
{
	_cleanup_(bytes_release) struct bytes b = { .buf = NULL };
	int r;

	bytes_begin(&b, run, dj, out);
	if (dj->src->info.size > BUF_MAX)
		fd_advise_sequential(dj->src->fd);

	r = b.sized ? copy_sized(&b, reterr) : copy_to_end(&b, reterr);
	if (r < 0 || !b.ends_in_hole)
		return r;

	r = fd_truncate(dj->dst->fd, out->copied + out->offloaded + out->holes);
	if (r < 0)
		return fault_set(reterr, FAULT_TRUNCATE, FAULT_DST, r);
	return 0;
}
