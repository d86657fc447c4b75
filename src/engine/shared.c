/* SPDX-License-Identifier: BSD-2-Clause */
#include "shared.h"

#include <errno.h>
#include <string.h>

#include "base.h"
#include "extents.h"
#include "fs.h"
#include "inotab.h"
#include "overlap.h"
#include "source.h"

/* The state of one run. */
struct work {
	const struct policy *policy;
	struct shared shared;
	struct inotab seen; /* of each file, its place among the operands */
	/* Of all files, the pieces that something else has too. */
	struct piece *pieces;
	size_t n_pieces;
	size_t pieces_size; /* how many there is room for */
	struct extent_space *spaces;
	uint16_t n_spaces;
};

static void work_release(struct work *w)
{
	shared_release(&w->shared);
	inotab_release(&w->seen);
	free(w->pieces);
	free(w->spaces);
}

/* Returns 0 with the number of SPACE in *RET, or -ENOMEM. */
static int number_space(struct work *w, const struct extent_space *space,
			uint16_t *ret)
{
	struct extent_space *v;

	for (*ret = 0; *ret < w->n_spaces; ++*ret)
		if (memcmp(&w->spaces[*ret], space, sizeof(*space)) == 0)
			return 0;
	if (w->n_spaces == UINT16_MAX)
		return -ENOMEM;
	v = reallocarray(w->spaces, w->n_spaces + 1U, sizeof(*v));
	if (!v)
		return -ENOMEM;
	w->spaces = v;
	v[w->n_spaces++] = *space;
	return 0;
}

static int add_piece(struct work *w, const struct piece *piece)
{
	if (w->n_pieces == w->pieces_size) {
		size_t size = w->pieces_size + w->pieces_size / 2 + 64;
		struct piece *v = reallocarray(w->pieces, size, sizeof(*v));

		if (!v)
			return -ENOMEM;
		w->pieces = v;
		w->pieces_size = size;
	}
	w->pieces[w->n_pieces++] = *piece;
	return 0;
}

/*
 * One extent of FILE, clipped to its size.  BEHIND is how many more bytes there
 * are: another file may have data in what is left of the last block.
 */
static int take_extent(struct work *w, struct shared_file *file,
		       const struct extent *e, uint64_t behind, uint16_t space)
{
	enum share_class class = share_classify(e->flags);
	const struct piece piece = {
		.place = e->place,
		.off = e->range.off,
		.len = e->range.len + behind,
		.owner = (uint32_t)(file - w->shared.v),
		.space = space,
		.is_encoded = e->flags & EXTENT_ENCODED,
	};

	share_tally_move(&file->tally, e->range, SHARE_HOLE, class);
	if (class != SHARE_OTHER || w->shared.n == 1)
		return 0;
	if (piece.len > UINT64_MAX - e->place)
		return -EIO;
	return add_piece(w, &piece);
}

static int read_map(struct work *w, fd_t fd, struct shared_file *file)
{
	struct extent_batch batch = { .n = 1 };
	struct extent_space space;
	uint16_t number;
	uint64_t off = 0;
	int r;

	r = extents_space(fd, &space);
	if (r == 0)
		r = number_space(w, &space, &number);
	while (r == 0 && batch.n > 0 && off < file->info.size) {
		r = extents_read(fd, off, file->info.size, &batch);
		for (size_t i = 0; r == 0 && i < batch.n; i++) {
			struct extent e;

			if (!share_clip(&batch.v[i], off, file->info.size, &e))
				continue;
			off = e.range.off + e.range.len;
			r = take_extent(w, file, &e,
					share_behind(&batch.v[i], off), number);
		}
	}
	return r;
}

/* FILE is open as FD and has its info. */
static int examine(struct work *w, fd_t fd, struct shared_file *file,
		   struct fault *reterr)
{
	int r;

	share_tally_begin(&file->tally);
	r = read_map(w, fd, file);
	if (r == -ENOMEM)
		return fault_set(reterr, FAULT_MEMORY, FAULT_SRC, r);
	if (r < 0 && r != -EOPNOTSUPP)
		return fault_set(reterr, FAULT_GET_EXTENTS, FAULT_SRC, r);
	/* An empty file needs no map, if it is empty: one in /proc may not be. */
	file->has_map = r == 0 || (file->info.size == 0 &&
				   fs_sizes_are_exact(fs_sizes(fd)));
	if (r < 0) {
		const struct range all = { 0, file->info.size };

		share_tally_begin(&file->tally);
		share_tally_move(&file->tally, all, SHARE_HOLE, SHARE_UNKNOWN);
	}
	return 0;
}

/* Was FILE an earlier operand?  Returns 1, 0, or -ENOMEM. */
static int is_named_again(struct work *w, struct shared_file *file)
{
	const struct inotab_key key = inotab_key_of(&file->info, "");
	const size_t *first = inotab_get(&w->seen, key);

	file->same_as = (size_t)(file - w->shared.v);
	if (!first)
		return inotab_put(&w->seen, key, &file->same_as,
				  sizeof(file->same_as));
	file->same_as = *first;
	return 1;
}

/* Open PATH.  In any case, the caller passes SRC to source_release(). */
static int open_file(const struct work *w, const char *path, struct source *src,
		     struct fault *reterr)
{
	int r;

	*src = (struct source){
		.dir = FD_CWD, .name = path, .follow = true, .fd = FD_NONE
	};
	r = source_open(src, FILE_OTHER, w->policy, reterr);
	if (r < 0)
		return r;
	if (src->info.type != FILE_REGULAR) {
		r = fault_set(reterr, FAULT_NO_EXTENTS, FAULT_SRC, -EINVAL);
		reterr->type = src->info.type;
		return r;
	}
	return source_readable(src, reterr);
}

static int find_out(struct work *w, struct shared_file *file, size_t n_cells,
		    struct fault *reterr)
{
	_cleanup_(source_release) struct source src = SOURCE_EMPTY;
	int r = open_file(w, file->name, &src, reterr);

	if (r < 0)
		return r;
	file->info = src.info;
	r = is_named_again(w, file);
	if (r > 0)
		return 0;
	file->tally.size = src.info.size;
	if (n_cells > src.info.size)
		n_cells = (size_t)src.info.size;
	file->tally.cells = calloc(n_cells + 1, sizeof(*file->tally.cells));
	file->tally.n_cells = n_cells;
	if (r < 0 || !file->tally.cells)
		return fault_set(reterr, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
	return examine(w, src.fd, file, reterr);
}

/*
 * Have the data of all files stored.  As long as what was written to one file is
 * in memory only, XFS says of another one that it shares what was overwritten.
 * What fails here fails again, and is reported then.
 */
static void store_data(const struct work *w, char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		_cleanup_(source_release) struct source src = SOURCE_EMPTY;
		struct fault fault;
		struct extent_batch batch;

		if (open_file(w, names[i], &src, &fault) == 0)
			(void)extents_read(src.fd, 0, 1, &batch);
	}
}

/* Clip RANGE of FILE to its size.  Returns whether anything is left. */
static bool clip(const struct shared_file *file, struct range *range)
{
	uint64_t size = file->info.size;

	if (range->off >= size)
		return false;
	if (range->len > size - range->off)
		range->len = size - range->off;
	return true;
}

static void found_given(void *ctx, const struct piece *piece,
			struct range range)
{
	const struct work *w = ctx;
	struct shared_file *file = &w->shared.v[piece->owner];

	if (clip(file, &range))
		share_tally_move(&file->tally, range, SHARE_OTHER, SHARE_GIVEN);
}

/* Two files whose common storage is added up. */
struct pair {
	const struct shared *shared;
	size_t file[2];
};

static bool is_of_pair(const void *ctx, uint32_t owner)
{
	const struct pair *pair = ctx;

	return owner == pair->file[0] || owner == pair->file[1];
}

static void found_pair(void *ctx, const struct piece *piece, struct range range)
{
	const struct pair *pair = ctx;
	size_t other = pair->file[piece->owner == pair->file[0]];

	if (clip(&pair->shared->v[piece->owner], &range))
		pair->shared->pairs[piece->owner * pair->shared->n + other] +=
			range.len;
}

static int compare_pairs(struct work *w)
{
	struct shared *s = &w->shared;
	struct pair pair = { .shared = s };
	const struct overlap_query query = {
		.v = w->pieces,
		.n = w->n_pieces,
		.is_in = is_of_pair,
		.found = found_pair,
		.ctx = &pair,
	};
	int r = 0;

	s->pairs = calloc(s->n * s->n, sizeof(*s->pairs));
	if (!s->pairs)
		return -ENOMEM;
	for (size_t i = 0; i < s->n * s->n && r == 0; i++) {
		pair.file[0] = i / s->n;
		pair.file[1] = i % s->n;
		if (pair.file[0] < pair.file[1])
			r = overlap_find(&query);
	}
	return r;
}

static int compare(struct work *w)
{
	const struct overlap_query query = {
		.v = w->pieces,
		.n = w->n_pieces,
		.found = found_given,
		.ctx = w,
	};
	int r = overlap_sort(w->pieces, w->n_pieces);

	if (r == 0)
		r = overlap_find(&query);
	if (r == 0 && w->shared.n <= SHARED_PAIRS_MAX)
		r = compare_pairs(w);
	return r;
}

int shared_run(const struct policy *policy, char *const *names, size_t n,
	       size_t n_cells, struct shared *ret)
{
	_cleanup_(work_release) struct work w = { .policy = policy };
	struct shared *s = &w.shared;
	int r;

	s->v = calloc(n, sizeof(*s->v));
	if (!s->v)
		return -ENOMEM;
	s->n = n;
	s->aim = n > 1 ? SHARE_WITH_GIVEN : SHARE_WITH_ANYTHING;
	if (n > 1)
		store_data(&w, names, n);
	for (size_t i = 0; i < n; i++) {
		s->v[i].name = names[i];
		s->v[i].same_as = i;
		s->v[i].failed =
			find_out(&w, &s->v[i], n_cells, &s->v[i].fault) < 0;
	}
	r = n > 1 ? compare(&w) : 0;
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		const struct shared_file *first = &s->v[s->v[i].same_as];

		if (first->failed) {
			s->v[i].failed = true;
			s->v[i].fault = first->fault;
		}
		s->v[i].answer =
			first->has_map ? share_judge(&first->tally.sums, s->aim)
				       : SHARE_NO_TELLING;
	}
	*ret = TAKE(w.shared, SHARED_EMPTY);
	return 0;
}

void shared_release(struct shared *shared)
{
	for (size_t i = 0; i < shared->n; i++)
		free(shared->v[i].tally.cells);
	free(shared->v);
	free(shared->pairs);
}
