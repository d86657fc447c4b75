/* SPDX-License-Identifier: BSD-2-Clause */
#include "fs_pairs.h"

#include <stdlib.h>

#include "fs.h"

static struct fs_pair *find(struct fs_pairs *pairs, uint64_t src_dev,
			    uint64_t dst_dev)
{
	struct fs_pair *p = pairs->first;

	while (p && !(p->src_dev == src_dev && p->dst_dev == dst_dev))
		p = p->next;
	return p;
}

struct fs_pair *fs_pairs_get(struct fs_pairs *pairs, uint64_t src_dev,
			     uint64_t dst_dev)
{
	struct fs_pair *p;

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

enum fs_sizes fs_pair_src_sizes(struct fs_pair *pair, fd_t src)
{
	enum fs_sizes sizes =
		pair ? (enum fs_sizes)pair->src_sizes : FS_SIZES_UNASKED;

	if (sizes == FS_SIZES_UNASKED)
		sizes = fs_sizes(src);
	if (pair)
		pair->src_sizes = (int)sizes;
	return sizes;
}

void fs_pairs_release(struct fs_pairs *pairs)
{
	while (pairs->first) {
		struct fs_pair *p = pairs->first;

		pairs->first = p->next;
		free(p);
	}
}
