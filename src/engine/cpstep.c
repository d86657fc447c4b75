/* SPDX-License-Identifier: BSD-2-Clause */
#include "cpstep.h"

#include <errno.h>

enum fault_op cpstep_make(const struct policy *policy, enum file_type type)
{
	static const enum fault_op links[] = {
		[MAKE_HARD_LINK] = FAULT_HARD_LINK,
		[MAKE_SYMBOLIC_LINK] = FAULT_SYMLINK,
	};

	if (type == FILE_DIRECTORY)
		return FAULT_CREATE_DIRECTORY;
	if (policy->make != MAKE_COPY)
		return links[policy->make];
	if (type == FILE_SYMLINK)
		return FAULT_COPY_SYMLINK;
	if (!policy_makes_node(policy, type))
		return FAULT_CREATE;
	return type == FILE_FIFO ? FAULT_CREATE_FIFO : FAULT_CREATE_NODE;
}

/* Does R mean that names in a directory can't be changed? */
static bool is_denied(int r)
{
	return r == -EACCES || r == -EPERM || r == -EROFS;
}

/* Does cp remove the existing file before it makes the new one? */
static bool removes_first(const struct policy *policy)
{
	return policy->make == MAKE_COPY || policy->remove_destination;
}

enum fault_op cpstep_begin(const struct policy *policy,
			   const struct entry *entry, enum fault_op op, int r)
{
	if (entry->making != DEST_BESIDE || !is_denied(r))
		return op;
	if (policy->backup != BACKUP_NONE)
		return FAULT_BACKUP;
	return removes_first(policy) ? FAULT_REMOVE : op;
}

enum fault_op cpstep_name(const struct policy *policy,
			  const struct entry *entry, int r)
{
	bool stays = is_denied(r) || r == -EBUSY;

	return entry->making == DEST_BESIDE && stays &&
			       policy->backup == BACKUP_NONE &&
			       removes_first(policy)
		       ? FAULT_REMOVE
		       : cpstep_make(policy, entry->src->info.type);
}

int cpstep_directory(const struct policy *policy, const struct entry *entry,
		     struct fault *reterr)
{
	enum fault_op op = cpstep_make(policy, entry->src->info.type);
	int r = policy->force && op != FAULT_CREATE_FIFO ? -EISDIR : -EEXIST;

	if (op == FAULT_CREATE) {
		r = -EISDIR;
		op = policy->force ? FAULT_REMOVE : op;
	}
	return fault_set(reterr, op, FAULT_DST, r);
}
