/* SPDX-License-Identifier: BSD-2-Clause */
#include "overwrite.h"

static bool same(const struct file_info *a, const struct file_info *b)
{
	return a && b && file_info_same(a, b);
}

/*
 * Would the copy or link destroy its own source?  It would not if the user
 * asked to replace another name of the source, or a link to it.  But a link
 * must not replace the file that it leads to.
 */
static bool destroys_source(const struct policy *policy,
			    const struct overwrite_case *c)
{
	bool backup = policy->backup != BACKUP_NONE;
	bool asked = policy->remove_destination || backup;

	/* Ranges may be copied within one file. */
	if (policy->ranged)
		return false;
	/* A link that would replace the file that it leads to. */
	if (c->src->type == FILE_SYMLINK && !same(c->src, c->dst))
		return same(c->src_target, c->dst) && !backup;
	if (same(c->src, c->dst))
		return c->same_name || c->by_link || !asked;
	return policy->make == MAKE_COPY && same(c->src, c->dst_target) &&
	       (c->same_name || !asked);
}

/*
 * Is the destination already the requested hard link, or what the new link
 * would lead to?  A second name of a symbolic link is as good as a copy of it.
 */
static bool is_linked(const struct policy *policy,
		      const struct overwrite_case *c)
{
	if (c->src->type == FILE_SYMLINK && same(c->src, c->dst) &&
	    !c->same_name && policy->backup == BACKUP_NONE)
		return true;
	return policy->make == MAKE_HARD_LINK &&
	       (same(c->src, c->dst) || same(c->src_target, c->dst));
}

/*
 * Is DST as new as the source, if times are multiples of STEP?  A copy on a file
 * system with coarser times would otherwise look older than its source for ever.
 */
static bool is_as_new(const struct overwrite_case *c,
		      const struct file_info *dst, uint64_t step)
{
	return timestamp_compare(dst->mtime,
				 timestamp_cut(c->src->mtime, step)) >= 0;
}

static bool keeps(const struct policy *policy, const struct overwrite_case *c,
		  const struct file_info *dst)
{
	switch (policy->update) {
	case UPDATE_ALL:
		return false;
	case UPDATE_OLDER:
		return is_as_new(c, dst, c->time_step ? c->time_step : 1);
	case UPDATE_NONE:
	case UPDATE_NONE_FAIL:
		return true;
	}
	return false;
}

/* Is a source of TYPE recreated as a node, instead of copying its content? */
static bool is_made_anew(const struct policy *policy, enum file_type type)
{
	return policy->make == MAKE_COPY ? policy_makes_node(policy, type)
					 : file_type_is_node(type);
}

/*
 * Does a new file take the name?  Otherwise the inode is kept.  With
 * --preserve=links, an inode that has other names is replaced.
 */
static bool replaces(const struct policy *policy,
		     const struct overwrite_case *c)
{
	bool follow = policy->make == MAKE_COPY && c->dst_target;
	const struct file_info *dst = follow ? c->dst_target : c->dst;

	if (policy->ranged)
		return false;
	if (policy->remove_destination || policy->backup != BACKUP_NONE)
		return true;
	/* A new file would lose the old data. */
	if (policy->attributes_only)
		return false;
	if (is_made_anew(policy, c->src->type))
		return policy->deref == DEREF_NEVER ||
		       (policy->deref == DEREF_COMMAND_LINE && c->below);
	if (c->src->type == FILE_SYMLINK)
		return true;
	return policy->preserve & PRESERVE_LINKS && dst->nlink > 1 &&
	       dst->type != FILE_DIRECTORY;
}

/* -l and -s over an existing name; destroys_source() has been ruled out. */
static enum overwrite judge_link(const struct policy *policy, bool replace)
{
	bool may_remove = policy->force || (policy->make == MAKE_HARD_LINK &&
					    policy->interactive);

	return replace || may_remove ? OVERWRITE_REPLACE : OVERWRITE_TAKEN;
}

static enum overwrite refuse(enum fault_op why, enum fault_op *ret_why)
{
	*ret_why = why;
	return OVERWRITE_REFUSE;
}

/* Is the destination followed, if it is a symbolic link? */
static bool follows(const struct policy *policy, const struct overwrite_case *c)
{
	return policy->make == MAKE_COPY && !replaces(policy, c) &&
	       c->src->type != FILE_SYMLINK;
}

const struct file_info *overwrite_dated(const struct policy *policy,
					const struct overwrite_case *c)
{
	return follows(policy, c) ? c->dst_target : c->dst;
}

enum overwrite overwrite_judge(const struct policy *policy,
			       const struct overwrite_case *c,
			       enum fault_op *ret_why)
{
	bool replace = replaces(policy, c);
	bool follow = follows(policy, c);
	const struct file_info *dst = overwrite_dated(policy, c);
	bool new_link =
		c->just_created && follow && c->dst->type == FILE_SYMLINK;

	if (!dst)
		return refuse(new_link ? FAULT_THROUGH_CREATED
				       : FAULT_DANGLING_LINK,
			      ret_why);
	if (policy->update == UPDATE_NONE)
		return OVERWRITE_SKIP;
	if (is_linked(policy, c))
		return OVERWRITE_LINKED;
	if (destroys_source(policy, c))
		return refuse(FAULT_SAME_FILE, ret_why);
	if (keeps(policy, c, dst))
		return policy->update == UPDATE_NONE_FAIL
			       ? refuse(FAULT_NOT_REPLACING, ret_why)
			       : OVERWRITE_SKIP;
	if (dst->type == FILE_DIRECTORY)
		return refuse(FAULT_OVERWRITE_DIRECTORY, ret_why);
	if (c->just_created && policy->backup != BACKUP_NUMBERED)
		return refuse(new_link ? FAULT_THROUGH_CREATED
				       : FAULT_JUST_CREATED,
			      ret_why);
	if (policy->make != MAKE_COPY)
		return judge_link(policy, replace);
	if (replace)
		return OVERWRITE_REPLACE;
	return policy_makes_node(policy, c->src->type) ? OVERWRITE_TAKEN
						       : OVERWRITE_IN_PLACE;
}

bool overwrite_asks_step(const struct policy *policy,
			 const struct overwrite_case *c)
{
	const struct file_info *dst = overwrite_dated(policy, c);
	uint64_t most;

	if (policy->update != UPDATE_OLDER || !dst)
		return false;
	most = file_info_time_step(dst);
	if (most == SECOND && dst->mtime.sec % 2 == 0)
		most = 2 * SECOND;
	return !is_as_new(c, dst, 1) && is_as_new(c, dst, most);
}
