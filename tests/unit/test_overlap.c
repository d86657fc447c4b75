/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"
#include "check.h"
#include "overlap.h"

/*
 * Pieces at random in a small world, compared with a model that asks for each
 * byte of storage who uses it.
 */
enum {
	OWNERS = 4,
	PLACES = 24,
	OFFS = 64,
	PIECES = 8,
};

struct world {
	struct piece v[PIECES];
	size_t n;
	unsigned owners; /* a set: those that are looked at */
	/* How often each byte was found. */
	unsigned found[PIECES][OFFS];
};

static uint32_t state = 1;

static uint32_t draw(uint32_t n)
{
	state = state * 1103515245 + 12345;
	return (state >> 16) % n;
}

static void world_make(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->n = draw(PIECES + 1);
	w->owners = draw(3) == 0 ? draw(1 << OWNERS) : (1 << OWNERS) - 1;
	for (size_t i = 0; i < w->n; i++) {
		struct piece *p = &w->v[i];

		p->place = draw(PLACES);
		p->off = draw(OFFS / 2);
		p->len = 1 + draw(8);
		p->owner = draw(OWNERS);
		p->space = draw(2) ? 7 : 0;
		p->is_encoded = draw(5) == 0;
	}
}

static bool wanted(const void *ctx, uint32_t owner)
{
	const struct world *w = ctx;

	return w->owners >> owner & 1;
}

static void note(void *ctx, const struct piece *piece, struct range range)
{
	struct world *w = ctx;

	check(range.len > 0);
	for (uint64_t i = 0; i < range.len; i++)
		w->found[piece - w->v][range.off + i]++;
}

/* Does P use the byte of storage at PLACE in SPACE? */
static bool uses(const struct piece *p, uint32_t space, uint64_t place)
{
	return p->space == space && place >= p->place &&
	       place < p->place + (p->is_encoded ? 1 : p->len);
}

static bool is_shared(const struct world *w, const struct piece *p,
		      uint64_t place)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].owner != p->owner && wanted(w, w->v[i].owner) &&
		    uses(&w->v[i], p->space, place))
			return true;
	return false;
}

static void world_check(const struct world *w)
{
	for (size_t i = 0; i < w->n; i++)
		for (uint64_t off = 0; off < OFFS; off++) {
			const struct piece *p = &w->v[i];
			uint64_t into = off - p->off;
			bool want = off >= p->off && into < p->len &&
				    wanted(w, p->owner);

			if (want)
				want = is_shared(w, p,
						 p->is_encoded
							 ? p->place
							 : p->place + into);
			check(w->found[i][off] == want);
		}
}

static void agrees_with_the_model(void)
{
	for (int i = 0; i < 100000; i++) {
		struct world w;
		const struct overlap_query q = {
			.v = w.v,
			.n = (world_make(&w), w.n),
			.is_in = wanted,
			.found = note,
			.ctx = &w,
		};

		check(overlap_sort(w.v, w.n) == 0);
		check(overlap_find(&q) == 0);
		world_check(&w);
	}
}

static void count(void *ctx, const struct piece *piece, struct range range)
{
	(void)piece;
	*(uint64_t *)ctx += range.len;
}

/* As a block of zeros that was deduplicated; this would not end if it were
 * compared pair by pair. */
static void many_uses_of_one_block(void)
{
	const size_t n = 1000000;
	struct piece *v = calloc(n, sizeof(*v));
	uint64_t sum = 0;
	const struct overlap_query q = {
		.v = v, .n = n, .found = count, .ctx = &sum
	};

	check(v);
	for (size_t i = 0; v && i < n; i++) {
		v[i].len = 4096 + i % 7;
		v[i].off = i * 8192;
		v[i].owner = i % 2;
	}
	check(overlap_sort(v, n) == 0);
	check(overlap_find(&q) == 0);
	check(sum >= n * 4096 && sum < n * 4103);
	free(v);
}

/* Places at the end of numbers are no reason to wrap around. */
static void the_last_place(void)
{
	uint64_t sum = 0;
	struct piece v[] = {
		{ .place = UINT64_MAX - 8, .len = 8, .owner = 0 },
		{ .place = UINT64_MAX - 8, .len = 4, .owner = 1 },
	};
	const struct overlap_query q = {
		.v = v, .n = countof(v), .found = count, .ctx = &sum
	};

	check(overlap_sort(v, countof(v)) == 0);
	check(overlap_find(&q) == 0);
	check(sum == 8);
}

int main(void)
{
	test(agrees_with_the_model);
	test(many_uses_of_one_block);
	test(the_last_place);
	return tests_end();
}
