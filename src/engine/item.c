/* SPDX-License-Identifier: BSD-2-Clause */
#include "item.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "dir.h"
#include "interrupt.h"
#include "keep.h"
#include "pathname.h"
#include "stat.h"

enum fault_op item_create_op(const struct policy *policy, enum file_type type)
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

int item_make_directory(const struct policy *policy, fd_t dir, const char *name,
			uint32_t mode)
{
	struct file_info there;
	int r;

	if (!policy->no_create)
		return dir_make_at(dir, name, mode);
	r = stat_at(dir, name, STAT_NOFOLLOW, &there);
	return r == 0 ? -EEXIST : r;
}

struct label_job item_label(const struct item *item, enum file_type type)
{
	return (struct label_job){ .job = &item->job,
				   .src = item->src->fd,
				   .dir = item->dir,
				   .name = item->name,
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

enum fault_op item_failed_op(const struct run *run, const struct item *item,
			     enum fault_op op, int r)
{
	const struct policy *policy = run->policy;

	if (item->making != MAKING_BESIDE || !is_denied(r))
		return op;
	if (policy->backup != BACKUP_NONE)
		return FAULT_BACKUP;
	return removes_first(policy) ? FAULT_REMOVE : op;
}

int item_check_place(const struct run *run, const struct item *item,
		     enum fault_op op, struct fault *reterr)
{
	if (item->making != MAKING_BESIDE || !stat_keeps_names(item->dir))
		return 0;
	return fault_set(reterr, item_failed_op(run, item, op, -EPERM),
			 FAULT_DST, -EPERM);
}

/* Set the path of the backup, for messages. */
static void name_backup(struct run *run, struct item *item, const char *name)
{
	_cleanup_(freep) char *parent = pathname_parent(item->job.dst);

	item->backup = parent ? pathname_join(parent, name) : NULL;
	item->job.backup = item->backup;
	if (!item->backup)
		(void)run_fault(run, &item->job, FAULT_MEMORY, FAULT_DST,
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

enum fault_op item_taken_op(fd_t dir, const char *name)
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
				const struct item *item, int r)
{
	bool stays = is_denied(r) || r == -EBUSY;

	return item->making == MAKING_BESIDE && stays &&
			       policy->backup == BACKUP_NONE &&
			       removes_first(policy)
		       ? FAULT_REMOVE
		       : item_create_op(policy, item->src->info.type);
}

int item_commit(struct run *run, struct item *item, struct temp *t,
		struct fault *reterr)
{
	_cleanup_(freep) char *backup = NULL;
	int r;

	/* Don't replace the existing file after a terminating signal. */
	if (interrupted() && t->state == TEMP_BESIDE)
		return fault_set(reterr, FAULT_INTERRUPTED, FAULT_DST, -EINTR);
	if (run->policy->backup != BACKUP_NONE && t->state == TEMP_BESIDE) {
		r = keep_old(run->policy, item->dir, item->name, &backup,
			     reterr);
		if (r < 0)
			return r;
	}
	r = temp_commit(t);
	if (r < 0) {
		if (backup)
			(void)dir_rename_at(item->dir, backup, item->name);
		return fault_set(reterr, replace_op(run->policy, item, r),
				 FAULT_DST, r);
	}
	if (backup)
		name_backup(run, item, backup);
	return 0;
}

void item_release(struct item *item)
{
	free(item->backup);
	item->backup = NULL;
	foreign_link_release(&item->foreign);
	free(item->ranges);
	item->ranges = NULL;
}
