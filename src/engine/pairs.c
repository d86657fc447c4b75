/* SPDX-License-Identifier: BSD-2-Clause */
#include "pairs.h"

#include <stdlib.h>

static struct pair *find(struct pairs *pairs, uint64_t src_dev,
			 uint64_t dst_dev)
{
	struct pair *p = pairs->first;

	while (p && !(p->src_dev == src_dev && p->dst_dev == dst_dev))
		p = p->next;
	return p;
}

struct pair *pairs_get(struct pairs *pairs, uint64_t src_dev, uint64_t dst_dev)
{
	struct pair *p;

	lock_take(&pairs->lock);
	p = find(pairs, src_dev, dst_dev);
	if (!p) {
		p = calloc(1, sizeof(*p));
		if (p) {
			p->src_dev = src_dev;
			p->dst_dev = dst_dev;
			p->next = pairs->first;
			pairs->first = p;
		}
	}
	lock_give(&pairs->lock);
	return p;
}

void pairs_release(struct pairs *pairs)
{
	while (pairs->first) {
		struct pair *p = pairs->first;

		pairs->first = p->next;
		free(p);
	}
}
