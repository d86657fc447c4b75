/* SPDX-License-Identifier: BSD-2-Clause */
#include "pairs.h"

#include <stdlib.h>

struct pair *pairs_get(struct pairs *pairs, uint64_t src_dev, uint64_t dst_dev)
{
	struct pair *grown;

	for (size_t i = 0; i < pairs->n; i++)
		if (pairs->v[i].src_dev == src_dev &&
		    pairs->v[i].dst_dev == dst_dev)
			return &pairs->v[i];

	grown = reallocarray(pairs->v, pairs->n + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	pairs->v = grown;
	pairs->v[pairs->n] =
		(struct pair){ .src_dev = src_dev, .dst_dev = dst_dev };
	return &pairs->v[pairs->n++];
}

void pairs_release(struct pairs *pairs)
{
	free(pairs->v);
	*pairs = PAIRS_EMPTY;
}
