/* SPDX-License-Identifier: BSD-2-Clause */
#include "range.h"

bool range_round_up(uint64_t off, uint64_t align, uint64_t *ret)
{
	uint64_t over = off % align;
	uint64_t up;

	if (over == 0)
		up = off;
	else if (__builtin_add_overflow(off, align - over, &up))
		return false;
	if (up > RANGE_OFF_MAX)
		return false;

	*ret = up;
	return true;
}

struct range range_intersect(struct range a, struct range b)
{
	uint64_t off = a.off > b.off ? a.off : b.off;
	uint64_t a_end = a.off + a.len;
	uint64_t b_end = b.off + b.len;
	uint64_t end = a_end < b_end ? a_end : b_end;

	return (struct range){ .off = off, .len = end > off ? end - off : 0 };
}
