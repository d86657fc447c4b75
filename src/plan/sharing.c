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
	return flags & EXTENT_SHARED ? SHARE_SHARED : SHARE_OWN;
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

enum share_answer share_judge(const struct share_sums *sums, uint64_t shared)
{
	uint64_t rest = sums->bytes[SHARE_SHARED] - shared;

	if (sums->bytes[SHARE_UNKNOWN] > 0)
		return SHARE_NO_TELLING;
	if (rest + sums->bytes[SHARE_OWN] + sums->bytes[SHARE_INLINE] > 0)
		return SHARE_NOT_ALL;
	return SHARE_ALL;
}
