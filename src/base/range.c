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
