/* SPDX-License-Identifier: BSD-2-Clause */
#include "overwrite.h"

#include <stddef.h>

#include "base.h"

/* Resolutions of file times that were met, in ns, finest first. */
static const uint64_t resolutions[] = { 100,	  1000,	      1000000,
					10000000, 1000000000, 2000000000 };

static struct timestamp cut(struct timestamp t, uint64_t resolution)
{
	const uint64_t second = 1000000000;

	if (resolution <= second) {
		t.nsec -= (uint32_t)(t.nsec % resolution);
		return t;
	}
	t.nsec = 0;
	t.sec -= t.sec & 1;
	return t;
}

bool overwrite_is_current(struct timestamp src, struct timestamp dst,
			  enum times_kept kept)
{
	if (timestamp_compare(dst, src) >= 0)
		return true;
	if (kept == TIMES_NOT_KEPT)
		return false;

	for (size_t i = 0; i < countof(resolutions); i++)
		if (timestamp_compare(dst, cut(src, resolutions[i])) == 0)
			return true;
	return false;
}

static bool same(const struct file_info *a, const struct file_info *b)
{
	return a && b && file_info_same(a, b);
}

/* Would going on destroy the very file that is to be copied? */
static bool destroys_source(const struct policy *policy,
			    const struct overwrite_case *c, bool replace)
{
	/* -P: a link to take the place of the file it leads to. */
	if (c->src->type == FILE_SYMLINK && !same(c->src, c->dst))
		return same(c->src_target, c->dst) &&
		       policy->backup == BACKUP_NONE;

	/* One inode: to replace another name of it leaves the source. */
	if (same(c->src, c->dst))
		return c->same_name || !replace;

	/* A link to the source: to replace it leaves the source. */
	return same(c->src, c->dst_target) && !replace;
}

static bool keeps(const struct policy *policy, const struct overwrite_case *c)
{
	const struct file_info *dst = c->dst_target ? c->dst_target : c->dst;

	switch (policy->update) {
	case UPDATE_ALL:
		return false;
	case UPDATE_OLDER:
		return overwrite_is_current(c->src->mtime, dst->mtime,
					    policy->preserve &
							    PRESERVE_TIMESTAMPS
						    ? TIMES_KEPT
						    : TIMES_NOT_KEPT);
	case UPDATE_NONE:
	case UPDATE_NONE_FAIL:
		return true;
	}
	return false;
}

/* Does something new take the name?  Otherwise the inode is kept. */
static bool replaces(const struct policy *policy,
		     const struct overwrite_case *c)
{
	return policy->remove_destination || policy->backup != BACKUP_NONE ||
	       (policy->make == MAKE_COPY && c->src->type == FILE_SYMLINK);
}

/* -l and -s over an existing name; by then nothing would be destroyed. */
static enum overwrite judge_link(const struct policy *policy, bool replace)
{
	bool may_remove = policy->force || (policy->make == MAKE_HARD_LINK &&
					    policy->interactive);

	return replace || may_remove ? OVERWRITE_REPLACE : OVERWRITE_TAKEN;
}

enum overwrite overwrite_judge(const struct policy *policy,
			       const struct overwrite_case *c,
			       enum fault_op *ret_why)
{
	bool replace = replaces(policy, c);
	bool is_directory =
		(c->dst_target && !replace ? c->dst_target : c->dst)->type ==
		FILE_DIRECTORY;

	if (policy->update == UPDATE_NONE)
		return OVERWRITE_SKIP;
	if (policy->make == MAKE_HARD_LINK && same(c->src, c->dst))
		return OVERWRITE_LINKED;
	if (policy->make == MAKE_COPY && destroys_source(policy, c, replace)) {
		*ret_why = FAULT_SAME_FILE;
		return OVERWRITE_REFUSE;
	}
	if (keeps(policy, c)) {
		if (policy->update != UPDATE_NONE_FAIL)
			return OVERWRITE_SKIP;
		*ret_why = FAULT_NOT_REPLACING;
		return OVERWRITE_REFUSE;
	}
	if (is_directory) {
		*ret_why = FAULT_OVERWRITE_DIRECTORY;
		return OVERWRITE_REFUSE;
	}
	if (c->just_created && policy->backup == BACKUP_NONE) {
		*ret_why = FAULT_JUST_CREATED;
		return OVERWRITE_REFUSE;
	}
	if (policy->make == MAKE_SYMBOLIC_LINK && c->same_name) {
		*ret_why = FAULT_SAME_FILE;
		return OVERWRITE_REFUSE;
	}
	if (policy->make != MAKE_COPY)
		return judge_link(policy, replace);
	if (replace)
		return OVERWRITE_REPLACE;
	if (!c->dst_target) {
		*ret_why = FAULT_DANGLING_LINK;
		return OVERWRITE_REFUSE;
	}
	return OVERWRITE_IN_PLACE;
}
