/* SPDX-License-Identifier: BSD-2-Clause */
#include "existing.h"

#include <errno.h>
#include <string.h>

#include "backup.h"
#include "base.h"
#include "dir.h"
#include "fs.h"
#include "links.h"
#include "overwrite.h"
#include "pathname.h"
#include "planned.h"
#include "replace.h"
#include "stat.h"

/* Finer steps are rare, and taken for coincidence. */
#define LEAST_STEP 100

/* Open the destination, and with FOLLOW its target, and get facts about it. */
static int hold(const struct entry *entry, bool follow, fd_t *ret,
		struct file_info *ret_info)
{
	int r;

	fd_closep(ret);
	r = fd_open_at(entry->dir, entry->name,
		       follow ? FD_PATH : FD_PATH | FD_NOFOLLOW, ret);
	return r < 0 ? r : stat_fd(*ret, ret_info);
}

/* The call that failed when ENTRY's destination was looked at. */
static enum fault_call failed_call(const struct entry *entry, bool holds)
{
	if (!holds)
		return CALL_FSTATAT;
	return entry->held == FD_NONE ? CALL_OPENAT : CALL_FSTAT;
}

static int look(const struct run *run, struct entry *entry,
		enum existing_look how, struct existing *ret,
		struct fault *reterr)
{
	const struct label_job at = entry_label(entry, FILE_OTHER);
	bool holds = how == LOOK_AND_HOLD;
	int r = holds ? hold(entry, false, &entry->held, &ret->info)
		      : planned_stat(run, &at, STAT_NOFOLLOW, &ret->info);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return fault_set_in(reterr, failed_call(entry, holds),
				    FAULT_STAT, FAULT_DST, r);

	ret->exists = true;
	ret->target = ret->info;
	if (ret->info.type != FILE_SYMLINK)
		return 0;
	ret->target_err =
		holds ? hold(entry, true, &entry->held, &ret->target)
		      : planned_stat(run, &at, STAT_FOLLOW, &ret->target);
	if (ret->target_err < 0)
		ret->target_call = failed_call(entry, holds);
	return 0;
}

/*
 * Are source and destination one name in one directory, by whatever path?
 * Called only if they are one file.
 */
static bool is_same_name(const struct entry *entry)
{
	_cleanup_(freep) char *last = pathname_last(entry->src->name);
	struct file_info src_dir;
	struct file_info dst_dir;

	/* Yes if in doubt: that refuses more, and destroys nothing. */
	if (!last)
		return true;
	if (strcmp(last, entry->name) != 0)
		return false;
	if (source_found_in(entry->src, &src_dir) < 0 ||
	    stat_fd(entry->dir, &dst_dir) < 0)
		return true;
	return file_info_same(&src_dir, &dst_dir);
}

/* Was it reached by a link?  Called only for one file; yes if in doubt. */
static bool is_by_link(const struct source *src)
{
	struct file_info name;

	return src->follow && src->info.type != FILE_SYMLINK &&
	       (stat_at(src->dir, src->name, STAT_NOFOLLOW, &name) < 0 ||
		name.type == FILE_SYMLINK);
}

/*
 * Was OLD made for an earlier operand?  Either under this name, or under one
 * that is the same name there, because the file has only one link.
 */
static bool was_created(const struct run *run, const struct entry *entry,
			const struct file_info *old)
{
	if (entry->below)
		return false;
	return inotab_get(&run->created, inotab_key_of(old, entry->job.dst)) ||
	       (old->nlink == 1 &&
		inotab_get(&run->created, inotab_key_of(old, "")));
}

int existing_note(struct run *run, const struct entry *entry,
		  const struct file_info *made)
{
	int r;

	if (!run->several || entry->below)
		return 0;
	r = inotab_put(&run->created, inotab_key_of(made, entry->job.dst), "",
		       1);
	return r < 0 ? r
		     : inotab_put(&run->created, inotab_key_of(made, ""), "",
				  1);
}

/* Can times that are multiples of SHOWN come from a file system with STEP? */
static bool fits(uint64_t shown, uint64_t step)
{
	return shown >= step || (shown == SECOND && step > SECOND);
}

/*
 * The step in which DST's file system stores times, in nanoseconds as for
 * timestamp_cut(); 1 if in doubt.  DST is the file with ENTRY's name, or what
 * that resolves to.  If the file system isn't known, the times of DST and of its
 * directory show the step.
 */
static uint64_t time_step_of(const struct entry *entry,
			     const struct file_info *dst)
{
	unsigned how =
		dst->type == FILE_SYMLINK ? FD_PATH | FD_NOFOLLOW : FD_PATH;
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	uint64_t step = file_info_time_step(dst);
	struct file_info dir;
	uint64_t known;

	if (fd_open_at(entry->dir, entry->name, how, &fd) < 0)
		return 1;
	known = fs_time_step(fd);
	if (known > 0)
		return fits(step, known) ? known : 1;

	fd_closep(&fd);
	if (fd_open_at(entry->dir, ".", FD_PATH | FD_DIRECTORY, &fd) < 0 ||
	    stat_fd(fd, &dir) < 0)
		return 1;
	if (file_info_time_step(&dir) < step)
		step = file_info_time_step(&dir);
	return step >= LEAST_STEP ? step : 1;
}

static enum overwrite judge(const struct run *run, const struct entry *entry,
			    const struct existing *old, enum fault_op *ret_why)
{
	const struct source *src = entry->src;
	const struct file_info *leads_to =
		old->target_err == 0 ? &old->target : NULL;
	bool one_file = file_info_same(&src->info, &old->info) ||
			(leads_to && file_info_same(&src->info, leads_to));
	struct overwrite_case c = {
		.src = &src->info,
		.src_target = src->has_target ? &src->target : NULL,
		.dst = &old->info,
		.dst_target = leads_to,
		.same_name = one_file && is_same_name(entry),
		.by_link = one_file && is_by_link(src),
		.just_created = was_created(run, entry, &old->info),
		.below = entry->below,
	};

	if (overwrite_asks_step(run->policy, &c))
		c.time_step =
			time_step_of(entry, overwrite_dated(run->policy, &c));
	return overwrite_judge(run->policy, &c, ret_why);
}

/* Ask for -i.  Files of other types are treated as writable. */
static bool may_overwrite(const struct run *run, struct entry *entry,
			  const struct existing *old, enum overwrite verdict)
{
	const struct policy *policy = run->policy;
	bool link =
		old->info.type == FILE_SYMLINK && verdict == OVERWRITE_REPLACE;
	bool plain = old->target.type == FILE_REGULAR && !link;
	struct question q = {
		.will_replace = policy->force || policy->remove_destination,
		.mode = old->target.mode,
	};

	entry->out.plan.asks = policy->interactive;
	if (!policy->interactive || policy->dry_run)
		return true;
	q.writable =
		!plain || stat_access(entry->dir, entry->name, STAT_WRITE) == 0;
	return run_ask(run, &entry->job, &q);
}

/*
 * Would the backup replace the source?  A numbered backup always gets a free
 * name.  The directory is read only in the rare case that this matters.
 */
static int check_backup(const struct run *run, const struct entry *entry,
			struct fault *reterr)
{
	_cleanup_(freep) char *last = pathname_last(entry->job.src);
	_cleanup_(freep) char *name = NULL;
	struct file_info info;
	int r;

	if (run->policy->backup == BACKUP_NONE ||
	    run->policy->backup == BACKUP_NUMBERED)
		return 0;
	if (last && !backup_is_simple(entry->name, run->policy->suffix, last))
		return 0;
	r = replace_backup_name(run->policy, entry->dir, entry->name, &name,
				reterr);
	if (r < 0)
		return r;
	if ((!last || strcmp(last, name) == 0) &&
	    stat_at(entry->dir, name, STAT_FOLLOW, &info) == 0 &&
	    file_info_same(&info, &entry->src->target))
		return fault_set(reterr, FAULT_BACKUP_IS_SOURCE, FAULT_DST,
				 -EINVAL);
	return 0;
}

/* No link or node can be made, because the name is taken. */
static int refuse_taken(const struct run *run, const struct entry *entry,
			struct fault *reterr)
{
	int r = run->policy->make == MAKE_SYMBOLIC_LINK
			? link_check_symbolic(entry, reterr)
			: 0;

	if (r < 0)
		return r;
	return entry_fault(run, entry, FAULT_TAKEN, -EEXIST, reterr);
}

/*
 * --parents: if the destination is a link that would be written through, check
 * that no other user has put it there, or a link that it leads through.
 */
static int check_way(const struct run *run, struct entry *entry,
		     const struct existing *old, struct fault *reterr)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info now;
	int r;

	if (!run->policy->parents || old->info.type != FILE_SYMLINK)
		return 0;
	r = trusted_path_open(entry->dir, entry->name, entry->job.dst,
			      &entry->foreign, &fd);
	if (r == TRUSTED_PATH_FOREIGN) {
		r = fault_set(reterr, FAULT_FOREIGN_LINK, FAULT_DST, -ELOOP);
		reterr->owner = entry->foreign.owner;
		return r;
	}
	if (r < 0)
		return fault_set_in(reterr, CALL_OPENAT, FAULT_STAT, FAULT_DST,
				    r);
	r = stat_fd(fd, &now);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	/* It must be the file that was examined. */
	if (!file_info_same(&now, &old->target))
		return fault_set(reterr, FAULT_SWAPPED, FAULT_DST, -EBUSY);
	return 0;
}

/*
 * Decide what to do about the existing destination.  Returns 0 with
 * ENTRY->making set, 1 if nothing is to be made, or -errno with *RETERR.
 */
static int decide(const struct run *run, struct entry *entry,
		  const struct existing *old, struct fault *reterr)
{
	bool keeps_links = !entry->below || run->policy->keep_file_symlink;
	/* For a dangling link it is unknown which file will be opened. */
	bool makes_through = keeps_links && !run->policy->parents;
	enum fault_op why;
	enum overwrite verdict = judge(run, entry, old, &why);
	int r;

	if (verdict == OVERWRITE_REFUSE && why == FAULT_DANGLING_LINK &&
	    old->target_err == -ENOENT && run->policy->posix && makes_through &&
	    !run->policy->no_create) {
		entry->making = DEST_THROUGH;
		return 0;
	}
	/* As cp: -f removes a link that leads to itself. */
	if (verdict == OVERWRITE_REFUSE && why == FAULT_DANGLING_LINK &&
	    old->target_err != -ENOENT) {
		if (!run->policy->force)
			return fault_set_in(reterr, old->target_call,
					    FAULT_STAT, FAULT_DST,
					    old->target_err);
		verdict = OVERWRITE_REPLACE;
	}
	entry->out.plan.type = entry->src->info.type;
	entry->out.plan.old =
		verdict == OVERWRITE_LINKED ? PLAN_OLD_SAME : PLAN_OLD_KEPT;
	if (verdict == OVERWRITE_SKIP || verdict == OVERWRITE_LINKED)
		return 1;
	if (run->policy->report &&
	    (file_info_same(&old->info, run->policy->report) ||
	     file_info_same(&old->target, run->policy->report)))
		return fault_set(reterr, FAULT_ONTO_REPORT, FAULT_DST, -EEXIST);
	if (verdict == OVERWRITE_REFUSE)
		return entry_fault(run, entry, why, -EEXIST, reterr);
	if (!keeps_links && verdict == OVERWRITE_IN_PLACE &&
	    old->info.type == FILE_SYMLINK)
		return fault_set(reterr, FAULT_THROUGH_LINK, FAULT_DST, -ELOOP);
	if (verdict == OVERWRITE_TAKEN)
		return refuse_taken(run, entry, reterr);
	r = verdict == OVERWRITE_IN_PLACE && !entry->below
		    ? check_way(run, entry, old, reterr)
		    : 0;
	if (r == 0)
		r = check_backup(run, entry, reterr);
	if (r < 0)
		return r;
	/* Ask last: not about a copy that is refused anyway. */
	if (!may_overwrite(run, entry, old, verdict))
		return fault_set(reterr, FAULT_DECLINED, FAULT_DST, -EEXIST);

	entry->making =
		verdict == OVERWRITE_REPLACE ? DEST_BESIDE : DEST_IN_PLACE;
	return 0;
}

/* Ranges need regular files on both sides. */
static int check_ranged(const struct entry *entry, const struct existing *old,
			struct fault *reterr)
{
	if (entry->src->info.type != FILE_REGULAR)
		return fault_set_type(reterr, FAULT_SRC, entry->src->info.type);
	if (old->exists && old->target_err == 0 &&
	    old->target.type != FILE_REGULAR)
		return fault_set_type(reterr, FAULT_DST, old->target.type);
	return 0;
}

int existing_judge(const struct run *run, struct entry *entry,
		   enum existing_look how, struct existing *ret,
		   struct fault *reterr)
{
	int r;

	*ret = (struct existing){ .exists = false };
	r = look(run, entry, how, ret, reterr);
	if (r == 0 && run->policy->ranged)
		r = check_ranged(entry, ret, reterr);
	if (r < 0)
		return r;
	if (ret->exists)
		return decide(run, entry, ret, reterr);
	if (run->policy->no_create)
		return fault_set(reterr, FAULT_NOT_CREATING, FAULT_DST,
				 -ENOENT);
	return 0;
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

enum fault_op existing_taken_op(fd_t dir, const char *name)
{
	struct spelling s = { .name = name };
	struct file_info there;

	return dir_each(dir, 0, see_entry, &s) < 0 || s.found ||
			       stat_at(dir, name, STAT_NOFOLLOW, &there) < 0
		       ? FAULT_APPEARED
		       : FAULT_JUST_CREATED;
}
