/* SPDX-License-Identifier: BSD-2-Clause */
#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "copy.h"
#include "cpstep.h"
#include "entry.h"
#include "hardlinks.h"
#include "interrupt.h"
#include "meta.h"
#include "parents.h"
#include "pathname.h"
#include "replace.h"
#include "selinux.h"
#include "selinux_label.h"
#include "stat.h"
#include "tree.h"

/* Where the copies go: a directory, or one name. */
struct place {
	const char *path;      /* the operand */
	fd_t dir;	       /* the directory; FD_NONE if PATH is the name */
	struct file_info info; /* of dir, if there are several operands */
};

static void place_release(struct place *place)
{
	fd_closep(&place->dir);
}

/* Are both operands in the same directory? */
static bool lie_together(const char *a, const char *b)
{
	struct file_info in_a;
	struct file_info in_b;

	return source_directory(a, &in_a) == 0 &&
	       source_directory(b, &in_b) == 0 && file_info_same(&in_a, &in_b);
}

/*
 * Was this name an earlier operand, however it was written, with the same
 * destination?  Two hard links of one file are different operands; a directory
 * has only one name.  Returns 1 if it was, 0 if not, or -errno with *RETERR.
 */
static int is_named_again(struct run *run, const struct entry *entry,
			  const struct file_info *place, struct fault *reterr)
{
	const struct file_info *info = &entry->src->info;
	struct inotab_key key = { place->dev, place->ino, entry->name };
	struct inotab_value now = { .text = entry->job.src,
				    .dev = info->dev,
				    .ino = info->ino };
	const struct inotab_value *before = inotab_get(&run->sources, key);

	if (before && before->dev == info->dev && before->ino == info->ino &&
	    (info->type == FILE_DIRECTORY ||
	     lie_together(before->text, entry->job.src)))
		return 1;
	if (inotab_put(&run->sources, key, now) < 0)
		return fault_set(reterr, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
	return 0;
}

/* Make ENTRY, whose source is open and whose copy goes to PLACE. */
static int make_entry(struct run *run, struct entry *entry,
		      const struct file_info *place, struct fault *reterr)
{
	const bool directory = entry->src->info.type == FILE_DIRECTORY;
	const struct fault twice = {
		.op = directory ? FAULT_SOURCE_TWICE_DIRECTORY
				: FAULT_SOURCE_TWICE,
		.obj = FAULT_SRC,
	};
	int r = 0;

	if (run->several && (directory || run->policy->backup == BACKUP_NONE))
		r = is_named_again(run, entry, place, reterr);
	if (r == 1) {
		run_warn(run, &entry->job, &twice, NULL);
		return 0;
	}
	if (r < 0)
		return r;
	if (!directory)
		return copy_one(run, entry, reterr);
	tree_copy(run, entry);
	return 0;
}

static void make_and_tell(struct run *run, struct entry *entry,
			  const struct file_info *place)
{
	struct fault fault;

	if (make_entry(run, entry, place, &fault) < 0)
		run_fail(run, &entry->job, &fault, entry->foreign.path);
}

static void tell_no_memory(struct run *run, const struct entry *entry)
{
	(void)run_fault(run, &entry->job, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
}

/* Make the directories of --parents, and copy into the last of them. */
static void make_below(struct run *run, struct entry *entry,
		       const struct place *place)
{
	_cleanup_(parents_release) struct parents parents =
		PARENTS_IN(place->dir, place->path);
	struct file_info info = place->info;
	int r = parents_make(run, entry->job.src, &parents);

	if (parents.dir != FD_NONE)
		entry->dir = parents.dir;
	/* ".." of a directory that was just made is refused. */
	if (r == 0 && parents.made && strcmp(entry->name, "..") == 0)
		r = run_fault(run, &entry->job, FAULT_CREATE_DIRECTORY,
			      FAULT_DST, -EEXIST);
	if (r == 0 && run->several && parents.dir != FD_NONE) {
		r = stat_fd(parents.dir, &info);
		if (r < 0)
			(void)run_fault(run, &entry->job, FAULT_STAT, FAULT_DST,
					r);
	}
	if (r == 0)
		make_and_tell(run, entry, &info);
	parents_finish(run, &parents);
}

/* Copy the source into PLACE, which is a directory. */
static void copy_into(struct run *run, const struct place *place,
		      struct entry *entry)
{
	bool parents = run->policy->parents;
	_cleanup_(freep) char *last = pathname_last(entry->job.src);
	_cleanup_(freep) char *dst = NULL;

	/* ".." must not lead out of the directory, except with --parents. */
	if (last && !parents && strcmp(last, "..") == 0)
		last[1] = '\0';
	if (last)
		dst = pathname_join(place->path,
				    parents ? entry->job.src : last);
	if (dst && parents)
		pathname_strip(dst);
	entry->job.dst = dst;
	entry->dir = place->dir;
	entry->name = last;
	/* The content of "/" goes into the directory itself. */
	if (last && pathname_is_absolute(last))
		entry->name = ".";
	if (!dst)
		tell_no_memory(run, entry);
	else if (parents)
		make_below(run, entry, place);
	else
		make_and_tell(run, entry, &place->info);
}

/* Copy the source to the name of PLACE. */
static void copy_as(struct run *run, const struct place *place,
		    struct entry *entry)
{
	_cleanup_(freep) char *parent = pathname_parent(place->path);
	_cleanup_(fd_closep) fd_t dir = FD_NONE;
	int r = 0;

	entry->job.dst = place->path;
	entry->dir = FD_CWD;
	if (!parent) {
		tell_no_memory(run, entry);
		return;
	}
	if (*parent) {
		r = fd_open_at(FD_CWD, parent, FD_PATH | FD_DIRECTORY, &dir);
		entry->dir = dir;
	}
	if (r < 0) {
		(void)run_fault(run, &entry->job,
				r == -ENOENT
					? cpstep_make(run->policy,
						      entry->src->info.type)
					: FAULT_STAT,
				FAULT_DST, r);
		return;
	}
	entry->name = place->path + strlen(parent);
	make_and_tell(run, entry, &place->info);
}

/* The source is a directory, and -R was not given. */
static void refuse_directory(struct run *run, const struct entry *entry)
{
	struct fault fault;

	if (run->policy->ranged)
		(void)fault_set_type(&fault, FAULT_SRC, FILE_DIRECTORY);
	else
		(void)fault_set(&fault, FAULT_OMIT_DIRECTORY, FAULT_SRC,
				-EISDIR);
	run_fail(run, &entry->job, &fault, NULL);
}

static void copy_operand(struct run *run, const char *operand,
			 const struct place *place)
{
	_cleanup_(source_release) struct source src = SOURCE_EMPTY;
	_cleanup_(freep) char *path = strdup(operand);
	_cleanup_(entry_release) struct entry entry = { .src = &src };
	struct fault fault;

	entry.job.src = path ? path : operand;
	if (!path) {
		tell_no_memory(run, &entry);
		return;
	}
	if (run->policy->strip_trailing_slashes)
		pathname_strip(path);

	if (source_open(
		    &(struct source_name){ FD_CWD, path,
					   source_follows(run->policy, true),
					   FILE_OTHER },
		    run->policy, &src, &fault) < 0)
		run_fail(run, &entry.job, &fault, NULL);
	else if (src.info.type == FILE_DIRECTORY && !run->policy->recursive)
		refuse_directory(run, &entry);
	else if (place->dir == FD_NONE)
		copy_as(run, place, &entry);
	else
		copy_into(run, place, &entry);
}

/* Report a fault of the target itself. */
static int target_fault(struct run *run, const char *path, enum fault_op op,
			int r)
{
	struct job job = { .src = path, .dst = path };

	return run_fault(run, &job, op, FAULT_DIR, r);
}

/* Does R, from opening a directory, mean that there is none of that name? */
static bool is_no_directory(int r)
{
	return r == -ENOENT || r == -ENOTDIR || r == -EACCES || r == -ELOOP ||
	       r == -ENAMETOOLONG;
}

/*
 * Is the last of N operands a directory to copy into?  Returns 0 with *RET
 * filled, or -errno with the fault reported.
 */
static int find_place(struct run *run, char *const *operands, size_t n,
		      struct place *ret)
{
	const struct policy *policy = run->policy;
	int r;

	ret->path = policy->target_directory ? policy->target_directory
					     : operands[n - 1];
	if (policy->no_target_directory && policy->parents)
		return target_fault(run, ret->path, FAULT_PARENTS_TARGET,
				    -ENOTDIR);
	if (policy->no_target_directory)
		return 0;

	r = fd_open_at(FD_CWD, ret->path, FD_PATH | FD_DIRECTORY, &ret->dir);
	if (r == 0)
		return 0;
	if (policy->target_directory)
		return target_fault(run, ret->path, FAULT_TARGET_DIRECTORY, r);
	if (n > 2 || !is_no_directory(r))
		return target_fault(run, ret->path, FAULT_TARGET, r);
	if (policy->parents)
		return target_fault(run, ret->path, FAULT_PARENTS_TARGET, r);
	return 0;
}

/*
 * cp's special case: with -f and --backup, copying a file onto itself leaves
 * the file and copies it to the name of its backup.  *RET_NAME is set to that
 * path, which the caller frees.
 *
 * Returns 0, also if this is another case, or -errno with the fault reported.
 */
static int find_own_backup(struct run *run, const char *path, char **ret_name)
{
	_cleanup_(freep) char *parent = pathname_parent(path);
	_cleanup_(freep) char *backup = NULL;
	_cleanup_(fd_closep) fd_t dir = FD_NONE;
	struct file_info info;
	struct fault fault;

	if (!parent)
		return target_fault(run, path, FAULT_MEMORY, -ENOMEM);
	if (stat_at(FD_CWD, path, STAT_FOLLOW, &info) < 0 ||
	    info.type != FILE_REGULAR ||
	    fd_open_at(FD_CWD, *parent ? parent : ".", FD_PATH | FD_DIRECTORY,
		       &dir) < 0)
		return 0;

	if (replace_backup_name(run->policy, dir, path + strlen(parent),
				&backup, &fault) < 0)
		return target_fault(run, path, fault.op, -fault.err);
	*ret_name = pathname_join(parent, backup);
	if (!*ret_name)
		return target_fault(run, path, FAULT_MEMORY, -ENOMEM);
	return 0;
}

/* Copy all operands except the last, or with -t all of them. */
static void copy_operands(struct run *run, char *const *operands, size_t n,
			  const struct place *place)
{
	for (size_t i = 0; i < n && !interrupted(); i++)
		copy_operand(run, operands[i], place);
}

/* POLICY is the run's own. */
static void run_operands(struct run *run, struct policy *policy,
			 char *const *operands, size_t n)
{
	_cleanup_(place_release) struct place place = { .dir = FD_NONE };
	_cleanup_(freep) char *own_backup = NULL;

	if (find_place(run, operands, n, &place) < 0)
		return;
	if (!policy->target_directory)
		n--;
	run->several = n > 1;
	if (run->several) {
		int r = stat_fd(place.dir, &place.info);

		if (r < 0) {
			(void)target_fault(run, place.path, FAULT_TARGET, r);
			return;
		}
	}

	if (place.dir == FD_NONE && policy->force &&
	    policy->backup != BACKUP_NONE &&
	    strcmp(operands[0], place.path) == 0) {
		if (find_own_backup(run, place.path, &own_backup) < 0)
			return;
		if (own_backup) {
			place.path = own_backup;
			policy->backup = BACKUP_NONE;
			policy->no_create = false;
		}
	}
	copy_operands(run, operands, n, &place);
	hardlinks_finish(run);
}

static void run_release(struct run *run)
{
	selinux_defaults_closep(&run->contexts);
	fs_pairs_release(&run->pairs);
	inotab_release(&run->sources);
	inotab_release(&run->created);
	inotab_release(&run->parents);
	inotab_release(&run->links);
}

uint64_t session_run(const struct policy *policy, char *const *operands,
		     size_t n, const struct observer *obs)
{
	struct policy own = *policy;
	struct lock turn = LOCK_INIT;
	_cleanup_(run_release) struct run run = {
		.policy = &own,
		.obs = obs,
		.turn = &turn,
		.pairs = FS_PAIRS_EMPTY,
		.names = LOCK_INIT,
		.claims = CLAIMS_EMPTY,
		.umask = meta_umask(),
		.sources = INOTAB_EMPTY,
		.created = INOTAB_EMPTY,
		.parents = INOTAB_EMPTY,
		.links = INOTAB_EMPTY,
		.privileged = meta_is_privileged(),
	};

	if (selinux_label_begin(&run) == 0)
		run_operands(&run, &own, operands, n);
	return run.n_failed;
}
