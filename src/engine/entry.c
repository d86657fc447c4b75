/* SPDX-License-Identifier: BSD-2-Clause */
#include "entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "dir.h"
#include "interrupt.h"
#include "keep.h"
#include "pathname.h"
#include "stat.h"

enum fault_op entry_create_op(const struct policy *policy, enum file_type type)
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

int entry_make_directory(const struct policy *policy, fd_t dir,
			 const char *name, uint32_t mode)
{
	struct file_info there;
	int r;

	if (!policy->no_create)
		return dir_make_at(dir, name, mode);
	r = stat_at(dir, name, STAT_NOFOLLOW, &there);
	return r == 0 ? -EEXIST : r;
}

struct label_job entry_label(const struct entry *entry, enum file_type type)
{
	return (struct label_job){ .job = &entry->job,
				   .src = entry->src->fd,
				   .dir = entry->dir,
				   .name = entry->name,
				   .type = type };
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

enum fault_op entry_failed_op(const struct run *run, const struct entry *entry,
			      enum fault_op op, int r)
{
	const struct policy *policy = run->policy;

	if (entry->making != MAKING_BESIDE || !is_denied(r))
		return op;
	if (policy->backup != BACKUP_NONE)
		return FAULT_BACKUP;
	return removes_first(policy) ? FAULT_REMOVE : op;
}

int entry_check_place(const struct run *run, const struct entry *entry,
		      enum fault_op op, struct fault *reterr)
{
	if (entry->making != MAKING_BESIDE || !stat_keeps_names(entry->dir))
		return 0;
	return fault_set(reterr, entry_failed_op(run, entry, op, -EPERM),
			 FAULT_DST, -EPERM);
}

/* Set the path of the backup, for messages. */
static void name_backup(struct run *run, struct entry *entry, const char *name)
{
	_cleanup_(freep) char *parent = pathname_parent(entry->job.dst);

	entry->backup = parent ? pathname_join(parent, name) : NULL;
	entry->job.backup = entry->backup;
	if (!entry->backup)
		(void)run_fault(run, &entry->job, FAULT_MEMORY, FAULT_DST,
				-ENOMEM);
}

/* For dir_each(). */
struct spelling {
	const char *name;
	bool found;
};

static void see_entry(void *arg, const char *entry)
{
	struct spelling *s = arg;

	if (strcmp(entry, s->name) == 0)
		s->found = true;
}

enum fault_op entry_taken_op(fd_t dir, const char *name)
{
	struct spelling s = { .name = name };
	struct file_info there;

	return dir_each(dir, ".", see_entry, &s) < 0 || s.found ||
			       stat_at(dir, name, STAT_NOFOLLOW, &there) < 0
		       ? FAULT_APPEARED
		       : FAULT_JUST_CREATED;
}

/*
 * What fails with R where a name can't be given to something new: that what has
 * it can't be taken away, which cp does first, or any other part of making
 * that.
 */
static enum fault_op replace_op(const struct policy *policy,
				const struct entry *entry, int r)
{
	bool stays = is_denied(r) || r == -EBUSY;

	return entry->making == MAKING_BESIDE && stays &&
			       policy->backup == BACKUP_NONE &&
			       removes_first(policy)
		       ? FAULT_REMOVE
		       : entry_create_op(policy, entry->src->info.type);
}

int entry_commit(struct run *run, struct entry *entry, struct temp *t,
		 struct fault *reterr)
{
	_cleanup_(freep) char *backup = NULL;
	int r;

	/* Don't replace the existing file after a terminating signal. */
	if (interrupted() && t->state == TEMP_BESIDE)
		return fault_set(reterr, FAULT_INTERRUPTED, FAULT_DST, -EINTR);
	if (run->policy->backup != BACKUP_NONE && t->state == TEMP_BESIDE) {
		r = keep_old(run->policy, entry->dir, entry->name, &backup,
			     reterr);
		if (r < 0)
			return r;
	}
	r = temp_commit(t);
	if (r < 0) {
		if (backup)
			(void)dir_rename_at(entry->dir, backup, entry->name);
		return fault_set(reterr, replace_op(run->policy, entry, r),
				 FAULT_DST, r);
	}
	if (backup)
		name_backup(run, entry, backup);
	return 0;
}

void entry_release(struct entry *entry)
{
	free(entry->backup);
	entry->backup = NULL;
	foreign_link_release(&entry->foreign);
	free(entry->ranges);
	entry->ranges = NULL;
}
