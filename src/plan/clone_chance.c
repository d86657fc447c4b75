/* SPDX-License-Identifier: BSD-2-Clause */
#include "clone_chance.h"

enum clone_chance clone_chance(const struct clone_side *src,
			       const struct clone_side *dst)
{
	if (src->type == 0 || dst->type == 0)
		return CLONE_CHANCE_OPEN;
	/* The kernel refuses two superblocks before it asks either. */
	if (src->type != dst->type)
		return CLONE_CHANCE_APART;
	if (src->dev != dst->dev && src->clones == CLONES_ONE_DEV)
		return CLONE_CHANCE_APART;
	return src->clones == CLONES_NEVER ? CLONE_CHANCE_LACKING
					   : CLONE_CHANCE_OPEN;
}
