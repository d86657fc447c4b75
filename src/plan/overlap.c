/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pieces are taken in the order of their places, a cluster at a time: pieces that
 * are connected by what they overlap.  In a cluster, the runs are found first
 * that at least two files use: of the pieces that begin before a place, the one
 * that ends last, and the last of another file, tell whether that place is in
 * one.  Then each piece is compared with the runs.
 */
#include "overlap.h"

#include <errno.h>
#include <stdlib.h>

#include <bsd/stdlib.h>

#include "base.h"

/* Storage that at least two files use. */
struct run {
	uint64_t begin;
	uint64_t end;
};

struct runs {
	struct run *v; /* owned; in order, none touches another */
	size_t n;
	size_t size; /* how many there is room for */
};

static void runs_release(struct runs *runs)
{
	free(runs->v);
}

/* The end of the storage of P. */
static uint64_t end_of(const struct piece *p)
{
	return p->place + (p->is_encoded ? 1 : p->len);
}

static int by_place(const void *left, const void *right)
{
	const struct piece *l = left;
	const struct piece *r = right;

	if (l->space != r->space)
		return l->space < r->space ? -1 : 1;
	if (l->place != r->place)
		return l->place < r->place ? -1 : 1;
	return 0;
}

int overlap_sort(struct piece *v, size_t n)
{
	/* In place: qsort(3) may take as much memory again. */
	return heapsort(v, n, sizeof(*v), by_place) < 0 ? -errno : 0;
}

static bool is_in(const struct overlap_query *q, const struct piece *p)
{
	return !q->is_in || q->is_in(q->ctx, p->owner);
}

/* Add [BEGIN, END), which is not before the last run, unless it is empty. */
static int runs_add(struct runs *runs, uint64_t begin, uint64_t end)
{
	if (begin >= end)
		return 0;
	if (runs->n > 0 && runs->v[runs->n - 1].end == begin) {
		runs->v[runs->n - 1].end = end;
		return 0;
	}
	if (runs->n == runs->size) {
		size_t size = runs->size * 2 + 16;
		struct run *v = reallocarray(runs->v, size, sizeof(*v));

		if (!v)
			return -ENOMEM;
		runs->v = v;
		runs->size = size;
	}
	runs->v[runs->n++] = (struct run){ begin, end };
	return 0;
}

/* The ends of the pieces so far that end last. */
struct ends {
	uint64_t last;	 /* of all */
	uint32_t owner;	 /* of which file */
	uint64_t second; /* of all of another file */
};

static void ends_add(struct ends *ends, const struct piece *p)
{
	uint64_t end = end_of(p);

	if (p->owner == ends->owner) {
		if (end > ends->last)
			ends->last = end;
		return;
	}
	if (end > ends->last) {
		ends->second = ends->last;
		ends->last = end;
		ends->owner = p->owner;
	} else if (end > ends->second) {
		ends->second = end;
	}
}

/*
 * Find the runs of the cluster that begins with Q's piece FIRST.
 *
 * Returns 0 with the first piece after the cluster in *RET_NEXT, or -ENOMEM.
 */
static int find_runs(const struct overlap_query *q, size_t first,
		     struct runs *runs, size_t *ret_next)
{
	const struct piece *p = &q->v[first];
	struct ends ends = { end_of(p), p->owner, 0 };
	uint64_t pos = p->place;
	size_t i;
	int r;

	runs->n = 0;
	for (i = first + 1; i < q->n; i++) {
		p = &q->v[i];
		if (!is_in(q, p))
			continue;
		if (p->space != q->v[first].space || p->place >= ends.last)
			break;
		r = runs_add(runs, pos,
			     p->place < ends.second ? p->place : ends.second);
		if (r < 0)
			return r;
		pos = p->place;
		ends_add(&ends, p);
	}
	*ret_next = i;
	return runs_add(runs, pos, ends.second);
}

/* Report the parts of P in the runs from V on, up to END. */
static void report(const struct overlap_query *q, const struct piece *p,
		   const struct run *v, const struct run *end)
{
	struct range range = { .off = p->off, .len = p->len };

	for (; v < end && v->begin < end_of(p); v++) {
		if (!p->is_encoded) {
			uint64_t from =
				v->begin > p->place ? v->begin : p->place;
			uint64_t to = v->end < end_of(p) ? v->end : end_of(p);

			range.off = p->off + (from - p->place);
			range.len = to - from;
		}
		q->found(q->ctx, p, range);
	}
}

int overlap_find(const struct overlap_query *q)
{
	_cleanup_(runs_release) struct runs runs = { .n = 0 };
	size_t next;
	int r;

	for (size_t first = 0; first < q->n; first = next) {
		const struct run *run;

		next = first + 1;
		if (!is_in(q, &q->v[first]))
			continue;
		r = find_runs(q, first, &runs, &next);
		if (r < 0)
			return r;
		run = runs.v;
		for (size_t i = first; i < next; i++) {
			const struct piece *p = &q->v[i];

			if (!is_in(q, p))
				continue;
			while (run < runs.v + runs.n && run->end <= p->place)
				run++;
			report(q, p, run, runs.v + runs.n);
		}
	}
	return 0;
}
