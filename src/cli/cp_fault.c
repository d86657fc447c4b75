/* SPDX-License-Identifier: BSD-2-Clause */
#include "cp_fault.h"

#include <errno.h>

/* Does ERR mean that names in a directory can't be changed? */
static bool is_denied(int err)
{
	return err == EACCES || err == EPERM || err == EROFS;
}

/* Does cp remove an existing file before it makes a new one? */
static bool removes_first(const struct policy *policy)
{
	return policy->make == MAKE_COPY || policy->remove_destination;
}

/* Making something new failed. */
static enum fault_op making(const struct policy *policy,
			    const struct fault *fault)
{
	if (!fault->replaces || !is_denied(fault->err))
		return fault->op;
	if (fault->backs_up)
		return FAULT_BACKUP;
	return removes_first(policy) ? FAULT_REMOVE : fault->op;
}

/* It was made, and its name could not be given to it. */
static enum fault_op naming(const struct policy *policy,
			    const struct fault *fault)
{
	bool stays = is_denied(fault->err) || fault->err == EBUSY;

	return fault->replaces && stays && !fault->backs_up &&
			       removes_first(policy)
		       ? FAULT_REMOVE
		       : fault->makes;
}

/*
 * A directory has the name of something else.  If a backup was requested, cp
 * fails when it makes that.
 */
static void meet_directory(const struct policy *policy, struct fault *fault)
{
	if (!fault->backs_up)
		return;
	fault->op = fault->makes;
	fault->err = policy->force && fault->op != FAULT_CREATE_FIFO ? EISDIR
								     : EEXIST;
	if (fault->op == FAULT_CREATE) {
		fault->op = policy->force ? FAULT_REMOVE : FAULT_CREATE;
		fault->err = EISDIR;
	}
}

struct fault cp_fault(const struct policy *policy, const struct fault *fault)
{
	struct fault cps = *fault;

	if (fault->op == FAULT_OVERWRITE_DIRECTORY)
		meet_directory(policy, &cps);
	else if (fault->op == FAULT_NAME)
		cps.op = naming(policy, fault);
	else if (fault->op == FAULT_TAKEN ||
		 (fault->op == FAULT_OPEN && fault->obj != FAULT_SRC))
		cps.op = fault->makes;
	else if (fault->op == FAULT_PARENT)
		cps.op = fault->err == ENOENT ? fault->makes : FAULT_STAT;
	else if (fault->op == fault->makes)
		cps.op = making(policy, fault);
	/* open(2) of "name/" */
	if (fault->op == FAULT_CREATE && fault->err == EISDIR)
		cps.err = ENOTDIR;
	return cps;
}
