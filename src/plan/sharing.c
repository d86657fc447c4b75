/* SPDX-License-Identifier: BSD-2-Clause */
#include "sharing.h"

enum share_class share_classify(unsigned flags)
{
	if (flags & EXTENT_INLINE)
		return SHARE_INLINE;
	if (flags & EXTENT_UNPLACED)
		return SHARE_UNKNOWN;
	if (flags & EXTENT_UNWRITTEN)
		return SHARE_RESERVED;
	return flags & EXTENT_SHARED ? SHARE_OTHER : SHARE_OWN;
}

int share_clip(const struct extent *e, uint64_t off, uint64_t size,
	       struct extent *ret)
{
	uint64_t begin = e->range.off;
	uint64_t end = size;

	if (size > begin && size - begin > e->range.len)
		end = begin + e->range.len;
	if (off < begin)
		off = begin;
	if (off >= end)
		return 0;
	*ret = (struct extent){
		.range = { off, end - off },
		.place = e->place,
		.flags = e->flags,
	};
	if (!(e->flags & EXTENT_ENCODED))
		ret->place += off - begin;
	return 1;
}

uint64_t share_behind(const struct extent *e, uint64_t off)
{
	return e->range.len - (off - e->range.off);
}

/* Where cell I begins: I * SIZE / N_CELLS, which may be too large a product. */
static uint64_t cell_begin(const struct share_tally *t, size_t i)
{
	return t->size / t->n_cells * i + t->size % t->n_cells * i / t->n_cells;
}

void share_tally_begin(struct share_tally *t)
{
	t->sums = (struct share_sums){ .bytes[SHARE_HOLE] = t->size };
	for (size_t i = 0; i < t->n_cells; i++)
		t->cells[i] = (struct share_sums){
			.bytes[SHARE_HOLE] =
				cell_begin(t, i + 1) - cell_begin(t, i),
		};
}

/* The last cell that begins at or before OFF. */
static size_t cell_at(const struct share_tally *t, uint64_t off)
{
	size_t low = 0;
	size_t high = t->n_cells;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (cell_begin(t, middle) <= off)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void move(struct share_sums *sums, uint64_t n, enum share_class from,
		 enum share_class to)
{
	sums->bytes[from] -= n;
	sums->bytes[to] += n;
}

void share_tally_move(struct share_tally *t, struct range range,
		      enum share_class from, enum share_class to)
{
	uint64_t off = range.off;
	uint64_t end = range.off + range.len;

	move(&t->sums, range.len, from, to);
	if (t->n_cells == 0)
		return;
	for (size_t i = cell_at(t, off); off < end; i++) {
		uint64_t next = cell_begin(t, i + 1);

		if (next > end)
			next = end;
		move(&t->cells[i], next - off, from, to);
		off = next;
	}
}

/* Bytes of data, by what AIM is about. */
struct verdict {
	uint64_t shared; /* as it says */
	uint64_t other;	 /* not so, but with something else */
	uint64_t own;	 /* not at all */
};

static struct verdict verdict_of(const struct share_sums *sums,
				 enum share_aim aim)
{
	struct verdict v = {
		.shared = sums->bytes[SHARE_GIVEN],
		.other = sums->bytes[SHARE_OTHER],
		.own = sums->bytes[SHARE_OWN] + sums->bytes[SHARE_INLINE],
	};

	if (aim == SHARE_WITH_ANYTHING) {
		v.shared += v.other;
		v.other = 0;
	}
	return v;
}

enum share_answer share_judge(const struct share_sums *sums, enum share_aim aim)
{
	struct verdict v = verdict_of(sums, aim);

	if (sums->bytes[SHARE_UNKNOWN] > 0)
		return SHARE_NO_TELLING;
	return v.other + v.own > 0 ? SHARE_NOT_ALL : SHARE_ALL;
}

enum share_look share_look(const struct share_sums *sums, enum share_aim aim)
{
	struct verdict v = verdict_of(sums, aim);
	uint64_t rest = v.other + v.own;

	if (sums->bytes[SHARE_UNKNOWN] > 0)
		return SHARE_LOOKS_UNKNOWN;
	if (v.shared > 0 && rest > 0)
		return v.shared >= rest ? SHARE_LOOKS_MOSTLY
					: SHARE_LOOKS_PARTLY;
	if (v.shared > 0)
		return SHARE_LOOKS_SHARED;
	if (rest > 0)
		return v.other >= v.own ? SHARE_LOOKS_OTHER : SHARE_LOOKS_OWN;
	return sums->bytes[SHARE_RESERVED] > 0 ? SHARE_LOOKS_RESERVED
					       : SHARE_LOOKS_EMPTY;
}
