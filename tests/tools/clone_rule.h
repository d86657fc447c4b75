/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clone_plan.h"

/*
 * What Linux takes as a clone of a range, written a second time, from
 * fs/remap_range.c, to hold the program to it.  Of clone_plan.h only the types
 * are used.  tests/contract/accepts asks the kernel whether this is true.
 */

static inline uint64_t src_end(const struct clone_case *c)
{
	return c->span.src_off + c->span.len;
}

static inline uint64_t dst_end(const struct clone_case *c)
{
	return c->span.dst_off + c->span.len;
}

static inline uint64_t up(uint64_t n, uint64_t align)
{
	return (n + align - 1) / align * align;
}

static inline uint64_t call_len(uint64_t len, const struct fs_info *fs)
{
	return fs->clone_tail == TAIL_ROUNDED ? up(len, fs->clone_align) : len;
}

static inline bool overlap(const struct clone_case *c, uint64_t len)
{
	return c->same_file && c->span.src_off < c->span.dst_off + len &&
	       c->span.dst_off < c->span.src_off + len;
}

/* May C end within a block? */
static inline bool tail_fits(const struct clone_case *c,
			     const struct fs_info *fs)
{
	return fs->clone_tail != TAIL_NEVER && src_end(c) == c->src_size &&
	       dst_end(c) >= c->dst_size;
}

/* Why C is refused, NULL if it is not. */
static inline const char *refusal(const struct clone_case *c,
				  const struct fs_info *fs)
{
	uint64_t align = fs->clone_align;

	if (c->span.len == 0)
		return "to clone nothing";
	if (align == 0)
		return "nothing can be cloned";
	if (c->span.src_off % align || c->span.dst_off % align)
		return "offset not aligned";
	if (src_end(c) > c->src_size)
		return "past the source's end";
	if (c->span.len % align && !tail_fits(c, fs))
		return "length not aligned";
	if (fs->clone_max && call_len(c->span.len, fs) > fs->clone_max)
		return "too long";
	if (overlap(c, call_len(c->span.len, fs)))
		return "overlaps itself";
	if (fs->size_dst_first && c->dst_size < dst_end(c))
		return "destination too short";
	return NULL;
}

/* Why C is refused when the destination has been made as long as asked for. */
static inline const char *refusal_then(const struct clone_case *c,
				       const struct fs_info *fs)
{
	struct clone_case then = *c;

	if (fs->size_dst_first && dst_end(c) > c->dst_size) {
		then.dst_size = dst_end(c);
		if (c->same_file)
			then.src_size = then.dst_size;
	}
	if (src_end(c) > c->src_size)
		return "past the source's end";
	return refusal(&then, fs);
}

static inline bool same_phase(const struct clone_case *c, uint64_t align)
{
	return c->span.src_off % align == c->span.dst_off % align;
}

/* The bytes of C in whole blocks; with TAIL, of its last block as well. */
static inline uint64_t in_blocks(const struct clone_case *c,
				 const struct fs_info *fs, bool tail)
{
	uint64_t first;
	uint64_t end = src_end(c);

	if (fs->clone_align == 0 || !same_phase(c, fs->clone_align))
		return 0;
	first = up(c->span.src_off, fs->clone_align);
	if (!tail)
		end -= end % fs->clone_align;
	return end > first ? end - first : 0;
}

/*
 * The most bytes of C that can be cloned.  A file that is made longer before
 * ends elsewhere, so there its tail is none.
 */
static inline uint64_t most(const struct clone_case *c,
			    const struct fs_info *fs)
{
	bool moved = c->same_file && fs->size_dst_first;

	return in_blocks(c, fs, tail_fits(c, fs) && !moved);
}
