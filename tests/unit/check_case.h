/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base.h"
#include "check.h"
#include "clone_rule.h"

/* What tests of clone_plan.c say of a case that is wrong. */

#define KIB ((uint64_t)1 << 10)
#define MIB ((uint64_t)1 << 20)
#define GIB ((uint64_t)1 << 30)

static inline const char *describe(const struct clone_case *c,
				   const struct fs_info *fs, const char *why)
{
	static const char *const tails[] = { "exact", "rounded", "never" };
	static char text[400];

	snprintf(text, sizeof(text),
		 "%s: src %llu+%llu of %llu, dst %llu of %llu%s; align %llu, "
		 "next %llu, max %llu, tail %s%s",
		 why, (unsigned long long)c->span.src_off,
		 (unsigned long long)c->span.len,
		 (unsigned long long)c->src_size,
		 (unsigned long long)c->span.dst_off,
		 (unsigned long long)c->dst_size,
		 c->same_file ? ", one file" : "",
		 (unsigned long long)fs->clone_align,
		 (unsigned long long)fs->clone_align_next,
		 (unsigned long long)fs->clone_max, tails[fs->clone_tail],
		 fs->size_dst_first ? ", size first" : "");
	return text;
}

/* As check(), for one of very many cases. */
#define check_case(cond, c, fs, why)                          \
	do {                                                  \
		if (!(cond))                                  \
			check_at(false, __FILE__, __LINE__,   \
				 describe((c), (fs), (why))); \
	} while (0)

#define check_run(run, cond, why) check_case((cond), (run)->c, (run)->fs, (why))
