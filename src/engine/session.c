/* SPDX-License-Identifier: BSD-2-Clause */
#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "clock.h"
#include "copy.h"
#include "entry.h"
#include "hardlinks.h"
#include "interrupt.h"
#include "meta.h"
#include "parents.h"
#include "pathname.h"
#include "planned.h"
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
	char *backup;	       /* owned: a path that was chosen for it */
};

static void place_release(struct place *place)
{
	free(place->backup);
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

/* An earlier operand, by its name in the directory of the copy. */
struct operand {
	uint64_t dev; /* file_info.dev of the source */
	uint64_t ino;
	char path[];
};

/*
 * Was ENTRY's name an earlier operand, however it was written, with the same
 * destination, which is in PLACE?  Two hard links of one file are different
 * operands; a directory has only one name.  Returns 1, with a warning, if it
 * was; 0 if not; or -errno with *RETERR.
 */
static int is_named_again(struct run *run, struct entry *entry,
			  const struct file_info *place, struct fault *reterr)
{
	const struct file_info *info = &entry->src->info;
	const bool directory = info->type == FILE_DIRECTORY;
	const struct fault twice = {
		.op = directory ? FAULT_SOURCE_TWICE_DIRECTORY
				: FAULT_SOURCE_TWICE,
		.obj = FAULT_SRC,
	};
	const struct inotab_key key = inotab_key_of(place, entry->name);
	const size_t n = strlen(entry->job.src) + 1;
	struct operand *o;

	if (!run->several || (!directory && run->policy->backup != BACKUP_NONE))
		return 0;
	o = inotab_get(&run->sources, key);
	if (o && o->dev == info->dev && o->ino == info->ino &&
	    (directory || lie_together(o->path, entry->job.src))) {
		entry->out.what = OUTCOME_REPEATED;
		run_warn(run, &entry->job, &twice, NULL);
		return 1;
	}
	if (o)
		return 0;
	o = inotab_add(&run->sources, key, sizeof(*o) + n);
	if (!o)
		return fault_set(reterr, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
	o->dev = info->dev;
	o->ino = info->ino;
	memcpy(o->path, entry->job.src, n);
	return 0;
}

/* Where the copy of one operand goes, as far as that is owned for it. */
struct spot {
	char *src; /* the operand's path, as it is copied */
	char *last;
	char *dst;
	fd_t dir;
	struct parents parents; /* with --parents */
	struct file_info info;	/* of the directory, if there are several */
};

static void spot_release(struct spot *spot)
{
	free(spot->src);
	free(spot->last);
	free(spot->dst);
	fd_closep(&spot->dir);
	parents_release(&spot->parents);
}

/* Make the directories of --parents; the copy goes into the last of them. */
static int go_below(struct run *run, struct entry *entry, struct spot *spot,
		    struct fault *reterr)
{
	struct parents *parents = &spot->parents;
	int r = 0;

	if (parents_make(run, &entry->job, parents) < 0)
		return 1;
	if (parents->dir != FD_NONE)
		entry->dir = parents->dir;
	if (parents->is_absent) {
		entry->base = entry->dir;
		entry->dir = FD_NONE;
		entry->dev = parents->absent.dev;
		spot->info = parents->absent;
	}
	if (parents->dir == FD_NONE && !parents->is_absent)
		return 0;
	/* ".." of a directory that was just made is refused. */
	if (parents->made && strcmp(entry->name, "..") == 0)
		return fault_set_in(reterr, CALL_NONE, FAULT_CREATE_DIRECTORY,
				    FAULT_DST, -EEXIST);
	if (run->several && !parents->is_absent)
		r = stat_fd(parents->dir, &spot->info);
	return r < 0 ? fault_set(reterr, FAULT_STAT, FAULT_DST, r) : 0;
}

/*
 * Find the paths of OPERAND and its copy in PLACE.  Returns 0; or -ENOMEM with
 * those of SPOT that are known.
 */
static int name_spot(const struct policy *policy, const struct place *place,
		     const char *operand, struct spot *spot)
{
	bool parents = policy->parents;

	spot->src = strdup(operand);
	if (spot->src && policy->strip_trailing_slashes)
		pathname_strip(spot->src);
	if (!spot->src || place->dir == FD_NONE)
		return spot->src ? 0 : -ENOMEM;
	spot->last = pathname_last(spot->src);
	if (!spot->last)
		return -ENOMEM;
	/* ".." must not lead out of the directory, except with --parents. */
	if (!parents && strcmp(spot->last, "..") == 0)
		spot->last[1] = '\0';
	spot->dst =
		pathname_join(place->path, parents ? spot->src : spot->last);
	if (spot->dst && parents)
		pathname_strip(spot->dst);
	return spot->dst ? 0 : -ENOMEM;
}

/*
 * ENTRY goes into PLACE, which is a directory.  Returns 0; 1 if that failed and
 * was reported; or -errno with *RETERR.
 */
static int go_into(struct run *run, const struct place *place,
		   struct entry *entry, struct spot *spot, struct fault *reterr)
{
	entry->dir = place->dir;
	/* The content of "/" goes into the directory itself. */
	entry->name = pathname_is_absolute(spot->last) ? "." : spot->last;
	return run->policy->parents ? go_below(run, entry, spot, reterr) : 0;
}

/* ENTRY goes to the name of PLACE. */
static int go_as(struct run *run, const struct place *place,
		 struct entry *entry, struct spot *spot, struct fault *reterr)
{
	_cleanup_(freep) char *parent = pathname_parent(place->path);
	int r = 0;

	entry->dir = FD_CWD;
	if (!parent)
		return fault_set(reterr, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
	entry->name = place->path + strlen(parent);
	if (*parent) {
		r = fd_open_at(FD_CWD, parent, FD_PATH | FD_DIRECTORY,
			       &spot->dir);
		entry->dir = spot->dir;
	}
	return r < 0 ? entry_fault(run, entry, FAULT_PARENT, r, reterr) : 0;
}

/* Open the source of ENTRY, an operand; without -R, refuse a directory. */
static int open_operand(struct run *run, const struct entry *entry,
			struct fault *reterr)
{
	int r;

	*entry->src = (struct source){
		.dir = FD_CWD,
		.name = entry->job.src,
		.follow = source_follows(run->policy, true),
		.fd = FD_NONE,
	};
	r = source_open(entry->src, FILE_OTHER, run->policy, reterr);
	if (r < 0)
		return r;
	if (entry->src->info.type != FILE_DIRECTORY || run->policy->recursive)
		return 0;
	if (run->policy->ranged)
		return fault_set_type(reterr, FAULT_SRC, FILE_DIRECTORY);
	return fault_set(reterr, FAULT_OMIT_DIRECTORY, FAULT_SRC, -EISDIR);
}

static void copy_operand(struct run *run, const char *operand,
			 const struct place *place)
{
	_cleanup_(source_release) struct source src = SOURCE_EMPTY;
	_cleanup_(spot_release) struct spot spot = {
		.dir = FD_NONE,
		.parents = PARENTS_IN(place->dir, place->path),
		.info = place->info,
	};
	int r = name_spot(run->policy, place, operand, &spot);
	_cleanup_(entry_release) struct entry entry = {
		.src = &src,
		.base = FD_NONE,
		.job.src = spot.src ? spot.src : operand,
		.job.dst = spot.dst ? spot.dst : place->path,
	};
	struct fault fault;

	run_begin(run, &entry.job);
	if (r < 0)
		(void)fault_set(&fault, FAULT_MEMORY, FAULT_SRC, r);
	else
		r = open_operand(run, &entry, &fault);
	if (r == 0 && place->dir == FD_NONE)
		r = go_as(run, place, &entry, &spot, &fault);
	else if (r == 0)
		r = go_into(run, place, &entry, &spot, &fault);
	if (r == 0)
		r = is_named_again(run, &entry, &spot.info, &fault);
	if (r == 0 && src.info.type == FILE_DIRECTORY)
		tree_copy(run, &entry);
	else if (r == 0)
		r = copy_one(run, &entry, &fault);
	if (r < 0)
		run_fail(run, &entry.job, &fault, entry.foreign.path);
	entry_end(run, &entry);
	parents_finish(run, &spot.parents);
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
	if (r == 0 && run->several) {
		r = stat_fd(ret->dir, &ret->info);
		if (r < 0)
			return target_fault(run, ret->path, FAULT_TARGET, r);
	}
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
 * the file and copies it to the name of its backup, which becomes PLACE.
 * POLICY is the run's own.
 *
 * Returns 0, also if this is another case, or -errno with the fault reported.
 */
static int turn_to_backup(struct run *run, struct policy *policy,
			  const char *operand, struct place *place)
{
	_cleanup_(freep) char *parent = NULL;
	_cleanup_(freep) char *backup = NULL;
	_cleanup_(fd_closep) fd_t dir = FD_NONE;
	const char *path = place->path;
	struct file_info info;
	struct fault fault;

	if (place->dir != FD_NONE || !policy->force ||
	    policy->backup == BACKUP_NONE || strcmp(operand, path) != 0)
		return 0;
	parent = pathname_parent(path);
	if (!parent)
		return target_fault(run, path, FAULT_MEMORY, -ENOMEM);
	if (stat_at(FD_CWD, path, STAT_FOLLOW, &info) < 0 ||
	    info.type != FILE_REGULAR ||
	    fd_open_at(FD_CWD, *parent ? parent : ".", FD_PATH | FD_DIRECTORY,
		       &dir) < 0)
		return 0;

	if (replace_backup_name(policy, dir, path + strlen(parent), &backup,
				&fault) < 0)
		return target_fault(run, path, fault.op, -fault.err);
	place->backup = pathname_join(parent, backup);
	if (!place->backup)
		return target_fault(run, path, FAULT_MEMORY, -ENOMEM);
	place->path = place->backup;
	policy->backup = BACKUP_NONE;
	policy->no_create = false;
	return 0;
}

static void run_release(struct run *run)
{
	selinux_defaults_closep(&run->contexts);
	fs_pairs_release(&run->pairs);
	inotab_release(&run->sources);
	inotab_release(&run->created);
	inotab_release(&run->parents);
	inotab_release(&run->links);
	if (run->planned)
		planned_release(run->planned);
}

void session_run(const struct policy *policy, char *const *operands, size_t n,
		 const struct observer *obs, struct totals *totals)
{
	size_t n_sources = policy->target_directory ? n : n - 1;
	_cleanup_(place_release) struct place place = { .dir = FD_NONE };
	struct policy own = *policy;
	struct lock turn = { 0 };
	struct planned planned = { .n = 0 };
	_cleanup_(run_release) struct run run = {
		.policy = &own,
		.obs = obs,
		.turn = &turn,
		.totals = totals,
		.planned = policy->dry_run ? &planned : NULL,
		.umask = meta_umask(),
		.several = n_sources > 1,
		.privileged = meta_is_privileged(),
		.tick_due = clock_ms() + OBSERVER_TICK,
	};

	/* Copy all operands except the last, or with -t all of them. */
	if (selinux_label_begin(&run) == 0 &&
	    find_place(&run, operands, n, &place) == 0 &&
	    turn_to_backup(&run, &own, operands[0], &place) == 0)
		for (size_t i = 0; i < n_sources && !interrupted(); i++)
			copy_operand(&run, operands[i], &place);
	hardlinks_finish(&run);
	planned_finish(&run);
}
