/* SPDX-License-Identifier: BSD-2-Clause */
#include "replace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "backup.h"
#include "base.h"
#include "dir.h"
#include "interrupt.h"
#include "pathname.h"
#include "stat.h"

/* How many numbered names to try. */
#define TRIES 1000

/* The highest number of a backup of NAME. */
struct highest {
	const char *name;
	uint64_t number;
};

static void see_entry(void *arg, const char *entry)
{
	struct highest *h = arg;
	uint64_t n = backup_number(h->name, entry);

	if (n > h->number)
		h->number = n;
}

static int numbered_name(const char *name, uint64_t number, char **ret)
{
	return asprintf(ret, "%s.~%" PRIu64 "~", name, number) < 0 ? -ENOMEM
								   : 0;
}

static int simple_name(const char *name, const char *suffix, char **ret)
{
	return asprintf(ret, "%s%s", name, suffix) < 0 ? -ENOMEM : 0;
}

/*
 * For a directory that can't be read: find the number before the first free
 * one.  Returns 0, or -EEXIST if that is too far.
 */
static int find_free(fd_t dir, struct highest *h)
{
	int r = 0;

	for (h->number = 0; h->number < TRIES; h->number++) {
		_cleanup_(freep) char *next = NULL;
		struct file_info there;

		r = numbered_name(h->name, h->number + 1, &next);
		if (r == 0)
			r = stat_at(dir, next, STAT_NOFOLLOW, &there);
		if (r < 0)
			return r == -ENOENT ? 0 : r;
	}
	return -EEXIST;
}

int replace_backup_name(const struct policy *policy, fd_t dir, const char *name,
			char **ret, struct fault *reterr)
{
	struct highest h = { .name = name };
	int r = 0;

	if (policy->backup != BACKUP_SIMPLE && dir != FD_NONE)
		r = dir_each(dir, policy->dry_run ? FD_NO_ATIME : 0, see_entry,
			     &h);
	if (r == -EACCES)
		r = policy->backup == BACKUP_NUMBERED ? find_free(dir, &h) : 0;
	/* Reading the directory failed, or opening it, or looking there. */
	if (r < 0)
		return fault_set_in(reterr, CALL_NONE, FAULT_BACKUP, FAULT_DST,
				    r);
	if (policy->backup == BACKUP_NUMBERED || h.number > 0)
		r = numbered_name(name, h.number + 1, ret);
	else
		r = simple_name(name, policy->suffix, ret);
	if (r < 0)
		return fault_set_in(reterr, CALL_MALLOC, FAULT_BACKUP,
				    FAULT_DST, r);
	return 0;
}

int replace_check_backup(const struct policy *policy, fd_t dir,
			 const char *name, char **ret, struct fault *reterr)
{
	struct file_info there;
	int r = replace_backup_name(policy, dir, name, ret, reterr);

	if (r < 0 || dir == FD_NONE)
		return r;
	r = stat_access(dir, ".", STAT_WRITE | STAT_ENTER);
	if (r == 0)
		r = stat_at(dir, *ret, STAT_NOFOLLOW, &there);
	if (r == 0 && there.type == FILE_DIRECTORY)
		r = -EISDIR;
	if (r == 0 || r == -ENOENT)
		return 0;
	free(TAKE_PTR(*ret));
	return fault_set(reterr, FAULT_BACKUP, FAULT_DST, r);
}

/* Rename to the first free numbered name from NUMBER on. */
static int rename_numbered(fd_t dir, const char *old, uint64_t number,
			   char **ret)
{
	int r = -EEXIST;

	/* Another process may take the name first; try again, up to a limit. */
	for (int i = 0; i < TRIES && r == -EEXIST; i++) {
		_cleanup_(freep) char *name = NULL;

		r = numbered_name(old, number++, &name);
		if (r == 0)
			r = dir_rename_new_at(dir, old, name);
		if (r == 0)
			*ret = TAKE_PTR(name);
	}
	return r;
}

int replace_backup(const struct policy *policy, fd_t dir, const char *name,
		   char **ret, struct fault *reterr)
{
	_cleanup_(freep) char *backup = NULL;
	uint64_t number;
	int r;

	r = replace_backup_name(policy, dir, name, &backup, reterr);
	if (r < 0)
		return r;
	number = backup_number(name, backup);
	if (number) {
		r = rename_numbered(dir, name, number, ret);
	} else {
		r = dir_rename_at(dir, name, backup);
		if (r == 0)
			*ret = TAKE_PTR(backup);
	}
	/* Another process has removed it: there is nothing to keep. */
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return fault_set_in(reterr,
				    number ? CALL_RENAMEAT2 : CALL_OF_STEP,
				    FAULT_BACKUP, FAULT_DST, r);
	return 0;
}

int replace_check_place(const struct run *run, const struct entry *entry,
			struct fault *reterr)
{
	if (entry->making != DEST_BESIDE || !stat_keeps_names(entry->dir))
		return 0;
	(void)entry_fault(run, entry,
			  run->policy->backup == BACKUP_NONE ? FAULT_NAME
							     : FAULT_BACKUP,
			  -EPERM, reterr);
	reterr->call = CALL_NONE;
	return -EPERM;
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

/* The call that failed when D was to get its name. */
static enum fault_call naming_call(const struct dest *d)
{
	if (d->state == DEST_HIDDEN)
		return CALL_RENAMEAT2;
	if (d->state != DEST_UNNAMED)
		return CALL_OF_STEP;
	return d->fd == FD_NONE ? CALL_CLOSE : CALL_LINKAT;
}

int replace_commit(struct run *run, struct entry *entry, struct dest *d,
		   struct fault *reterr)
{
	_cleanup_(freep) char *backup = NULL;
	int r = dest_close(d);

	if (r < 0)
		return fault_set(reterr, FAULT_CLOSE, FAULT_DST, r);
	/* Don't replace the existing file after a terminating signal. */
	if (interrupted() && d->state == DEST_BESIDE)
		return fault_set(reterr, FAULT_INTERRUPTED, FAULT_DST, -EINTR);
	if (run->policy->backup != BACKUP_NONE && d->state == DEST_BESIDE) {
		r = replace_backup(run->policy, entry->dir, entry->name,
				   &backup, reterr);
		if (r < 0)
			return r;
	}
	r = dest_commit(d);
	if (r < 0) {
		if (backup)
			(void)dir_rename_at(entry->dir, backup, entry->name);
		(void)entry_fault(run, entry, FAULT_NAME, r, reterr);
		reterr->call = naming_call(d);
		return r;
	}
	if (backup)
		name_backup(run, entry, backup);
	return 0;
}
