/* SPDX-License-Identifier: BSD-2-Clause */
#include "copy.h"

#include <errno.h>
#include <string.h>

#include "attrs.h"
#include "backup.h"
#include "base.h"
#include "file.h"
#include "keep.h"
#include "links.h"
#include "nodes.h"
#include "overwrite.h"
#include "pathname.h"
#include "stat.h"
#include "time_step.h"

/* The existing file with the destination's name. */
struct existing {
	bool exists;
	int target_err;		 /* 0 if it leads to something; else -errno */
	struct file_info info;	 /* of the name itself */
	struct file_info target; /* what it leads to */
};

/* How often to examine a destination that other processes are changing. */
#define LOOKS 10

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

/*
 * Examine the destination.  With HOLDS, keep it open, so that it can be
 * recognized even if its inode number changes: on overlayfs that happens when
 * it is opened for writing.
 */
static int look(struct entry *entry, bool holds, struct existing *ret,
		struct fault *reterr)
{
	int r = holds ? hold(entry, false, &entry->held, &ret->info)
		      : stat_at(entry->dir, entry->name, STAT_NOFOLLOW,
				&ret->info);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);

	ret->exists = true;
	ret->target = ret->info;
	if (ret->info.type != FILE_SYMLINK)
		return 0;
	ret->target_err = holds ? hold(entry, true, &entry->held, &ret->target)
				: stat_at(entry->dir, entry->name, STAT_FOLLOW,
					  &ret->target);
	return 0;
}

static int stat_directory(fd_t dir, struct file_info *ret)
{
	return dir == FD_CWD ? stat_at(FD_CWD, ".", STAT_FOLLOW, ret)
			     : stat_fd(dir, ret);
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
	    stat_directory(entry->dir, &dst_dir) < 0)
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

static struct inotab_key key_of(const struct file_info *info, const char *label)
{
	return (struct inotab_key){ info->dev, info->ino, label };
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
	return inotab_get(&run->created, key_of(old, entry->job.dst)) ||
	       (old->nlink == 1 && inotab_get(&run->created, key_of(old, "")));
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
static bool may_overwrite(const struct run *run, const struct entry *entry,
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

	if (!policy->interactive)
		return true;
	q.writable = !plain || stat_is_writable(entry->dir, entry->name);
	return run->obs->ask(run->obs->ctx, &entry->job, &q);
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
	r = keep_name(run->policy, entry->dir, entry->name, &name, reterr);
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
	const struct policy *policy = run->policy;
	int r = policy->make == MAKE_SYMBOLIC_LINK
			? link_check_symbolic(entry, reterr)
			: 0;

	if (r < 0)
		return r;
	return fault_set(reterr, entry_create_op(policy, entry->src->info.type),
			 FAULT_DST, -EEXIST);
}

/*
 * Refuse for the reason WHY.  If the destination is a directory and a backup
 * was requested, cp fails in a later step; report it as cp does.
 */
static int refuse(const struct run *run, const struct entry *entry,
		  enum fault_op why, struct fault *reterr)
{
	const struct policy *policy = run->policy;
	enum fault_op op = entry_create_op(policy, entry->src->info.type);

	if (why != FAULT_OVERWRITE_DIRECTORY || policy->backup == BACKUP_NONE)
		return fault_set(reterr, why, FAULT_DST, -EEXIST);
	if (op == FAULT_CREATE)
		return fault_set(reterr, policy->force ? FAULT_REMOVE : op,
				 FAULT_DST, -EISDIR);
	return fault_set(reterr, op, FAULT_DST,
			 policy->force && op != FAULT_CREATE_FIFO ? -EISDIR
								  : -EEXIST);
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
	r = trusted_path_open_any(entry->dir, entry->name, entry->job.dst,
				  &entry->foreign, &fd);
	if (r == 1) {
		r = fault_set(reterr, FAULT_FOREIGN_LINK, FAULT_DST, -ELOOP);
		reterr->owner = entry->foreign.owner;
		return r;
	}
	if (r == 0)
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
static int decide(struct run *run, struct entry *entry,
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
		entry->making = MAKING_THROUGH;
		return 0;
	}
	/* As cp: -f removes a link that leads to itself. */
	if (verdict == OVERWRITE_REFUSE && why == FAULT_DANGLING_LINK &&
	    old->target_err != -ENOENT) {
		if (!run->policy->force)
			return fault_set(reterr, FAULT_STAT, FAULT_DST,
					 old->target_err);
		verdict = OVERWRITE_REPLACE;
	}
	if (verdict == OVERWRITE_SKIP || verdict == OVERWRITE_LINKED)
		return 1;
	if (verdict == OVERWRITE_REFUSE)
		return refuse(run, entry, why, reterr);
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
		verdict == OVERWRITE_REPLACE ? MAKING_BESIDE : MAKING_IN_PLACE;
	return 0;
}

/*
 * May the source have other names that must stay hard links of one file?  As in
 * cp, a link that is followed counts as a name: with -H, an operand.
 */
static bool has_names(const struct run *run, const struct entry *entry)
{
	/* If the only operand is no directory, no other name is met. */
	if (!(run->several || entry->below) ||
	    !(run->policy->preserve & PRESERVE_LINKS) ||
	    run->policy->make != MAKE_COPY)
		return false;
	return entry->src->info.nlink > 1 ||
	       source_follows(run->policy, !entry->below);
}

/*
 * How many times other names can be met.  Each is met once, except through
 * links, and if one operand contains another.
 */
static uint64_t names_left(const struct run *run, const struct entry *entry)
{
	return run->policy->deref == DEREF_NEVER && !run->several
		       ? entry->src->info.nlink - 1
		       : UINT64_MAX;
}

/* Must the data of the existing file stay? */
static bool keeps_data(const struct run *run, const struct entry *entry)
{
	return run->policy->attributes_only && entry->making != MAKING_NEW &&
	       entry->making != MAKING_BESIDE;
}

/* The earlier copy of the same source, if hard links are preserved. */
static const struct inotab_value *earlier_copy(const struct run *run,
					       const struct entry *entry)
{
	if (!has_names(run, entry) || keeps_data(run, entry))
		return NULL;
	return inotab_get(&run->links, key_of(&entry->src->info, ""));
}

/*
 * Make the entry a hard link to COPY.  Returns 1 if that no longer exists; then
 * the table forgets it.
 */
static int make_name_of(struct run *run, struct entry *entry,
			const struct inotab_value *copy, struct fault *reterr)
{
	const struct inotab_key key = key_of(&entry->src->info, "");
	enum making judged = entry->making;
	int r;

	if (entry->making == MAKING_IN_PLACE)
		entry->making = MAKING_BESIDE;
	r = link_to_copy(run, entry, copy, reterr);
	if (r == 0) {
		inotab_use(&run->links, key);
		entry->is_name = true;
	}
	if (r == 1) {
		inotab_forget(&run->links, key);
		entry->making = judged;
	}
	return r;
}

/*
 * -u keeps the destination.  But as in cp, hard links are preserved all the
 * same: it becomes a hard link to the earlier copy, newer or not.  If there is
 * no earlier copy, later names become hard links to this file.
 *
 * Returns 0 if it became a link, 1 if nothing was made, or -errno with *RETERR.
 */
static int join(struct run *run, struct entry *entry,
		const struct existing *old, struct fault *reterr)
{
	const struct inotab_key key = key_of(&entry->src->info, "");
	const struct inotab_value *copy = earlier_copy(run, entry);
	const struct inotab_value there = { entry->job.dst, old->info.dev,
					    old->info.ino,
					    names_left(run, entry), 0 };
	int r = 1;

	if (run->policy->update != UPDATE_OLDER ||
	    run->policy->attributes_only || !has_names(run, entry))
		return 1;
	if (copy && copy->dev == there.dev && copy->ino == there.ino) {
		inotab_use(&run->links, key);
		return 1;
	}
	if (copy) {
		entry->making = MAKING_BESIDE;
		entry->out.what = OUTCOME_LINK;
		r = make_name_of(run, entry, copy, reterr);
	}
	if (r != 1)
		return r;
	entry->out.what = OUTCOME_SKIPPED;
	if (inotab_put(&run->links, key, there) < 0)
		return fault_set(reterr, FAULT_MEMORY, FAULT_DST, -ENOMEM);
	return 1;
}

static int make(struct run *run, struct entry *entry,
		const struct existing *old, struct fault *reterr)
{
	const struct inotab_value *copy = earlier_copy(run, entry);
	int r;

	entry->out.what = OUTCOME_LINK;
	if (copy) {
		r = make_name_of(run, entry, copy, reterr);
		if (r <= 0)
			return r;
	}
	if (run->policy->make == MAKE_HARD_LINK)
		return link_hard(run, entry, reterr);
	if (run->policy->make == MAKE_SYMBOLIC_LINK)
		return link_symbolic(run, entry, reterr);
	if (entry->src->info.type == FILE_SYMLINK)
		return link_copy(run, entry, reterr);
	if (policy_makes_node(run->policy, entry->src->info.type))
		return node_copy(run, entry, reterr);
	return file_copy(run, entry, &old->target, reterr);
}

/* Record what was made, if a later operand could meet it. */
static int note_created(struct run *run, const struct entry *entry,
			const struct file_info *made)
{
	int r;

	if (!run->several || entry->below)
		return 0;
	r = inotab_put(&run->created, key_of(made, entry->job.dst),
		       INOTAB_NO_VALUE);
	return r < 0 ? r
		     : inotab_put(&run->created, key_of(made, ""),
				  INOTAB_NO_VALUE);
}

/* Record the copy of a source that may have more names. */
static int note_names(struct run *run, const struct entry *entry,
		      const struct file_info *made)
{
	const struct file_info *src = &entry->src->info;
	struct inotab_value copy = { entry->job.dst, made->dev, made->ino,
				     names_left(run, entry),
				     entry->late_flags };

	if (!has_names(run, entry) || entry->is_name)
		return 0;
	/* The name may be a link to the file that was written. */
	if (entry->out.what != OUTCOME_LINK) {
		copy.dev = entry->made.dev;
		copy.ino = entry->made.ino;
	}
	return inotab_put(&run->links, key_of(src, ""), copy);
}

static int remember(struct run *run, const struct entry *entry,
		    struct fault *reterr)
{
	struct file_info made;
	int r;

	if ((!run->several || entry->below) && !has_names(run, entry))
		return 0;
	r = stat_at(entry->dir, entry->name, STAT_NOFOLLOW, &made);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	r = note_created(run, entry, &made);
	if (r == 0)
		r = note_names(run, entry, &made);
	if (r < 0)
		return fault_set(reterr, FAULT_MEMORY, FAULT_DST, r);
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

/* A file that must still get inode flags: MADE, NAME in DIR. */
struct late {
	fd_t dir;
	const char *name;
	struct file_info made;
	uint32_t flags;
};

static void set_late(struct run *run, const struct job *job,
		     const struct late *late)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info now;
	int r = fd_open_at(late->dir, late->name, FD_READ | FD_NO_WAIT, &fd);

	if (r == 0)
		r = stat_fd(fd, &now);
	if (r == 0 && !file_info_same(&now, &late->made))
		r = -EBUSY;
	if (r < 0)
		(void)run_fault(run, job, FAULT_SET_FLAGS, FAULT_DST, r);
	else
		attrs_set_late(run, job, fd, late->flags);
}

/* Examine the destination, and act accordingly. */
static int judge_and_make(struct run *run, struct entry *entry, bool holds,
			  struct fault *reterr)
{
	struct existing old = { .exists = false };
	int r = look(entry, holds, &old, reterr);

	if (r == 0 && run->policy->ranged)
		r = check_ranged(entry, &old, reterr);
	if (r < 0)
		return r;
	if (!old.exists && run->policy->no_create)
		return fault_set(reterr, FAULT_NOT_CREATING, FAULT_DST,
				 -ENOENT);
	r = old.exists ? decide(run, entry, &old, reterr) : 0;
	if (r == 1)
		return join(run, entry, &old, reterr);
	return r == 0 ? make(run, entry, &old, reterr) : r;
}

/*
 * In a new directory a name is free, unless another process makes it, or the
 * directory ignores case: then this run has just created it.
 */
static int make_fresh(struct run *run, struct entry *entry,
		      struct fault *reterr)
{
	const struct existing none = { .exists = false };
	int r = make(run, entry, &none, reterr);

	return r == -EEXIST ? fault_set(reterr,
					entry_taken_op(entry->dir, entry->name),
					FAULT_DST, r)
			    : r;
}

/* Repeat while other processes change the destination, up to a limit. */
static int make_judged(struct run *run, struct entry *entry,
		       struct fault *reterr)
{
	int r = FILE_CHANGED;

	for (int i = 0; i < LOOKS && r == FILE_CHANGED; i++) {
		entry->out = (struct outcome){ .what = OUTCOME_SKIPPED };
		entry->making = MAKING_NEW;
		r = judge_and_make(run, entry, i > 0, reterr);
		fd_closep(&entry->held);
	}
	return r == FILE_CHANGED
		       ? fault_set(reterr, FAULT_SWAPPED, FAULT_DST, -EBUSY)
		       : r;
}

static int make_and_report(struct run *run, struct entry *entry,
			   struct fault *reterr)
{
	int r;

	entry->out = (struct outcome){ .what = OUTCOME_SKIPPED };
	entry->making = MAKING_NEW;
	entry->held = FD_NONE;
	r = entry->fresh ? make_fresh(run, entry, reterr)
			 : make_judged(run, entry, reterr);
	if (r < 0)
		return r;

	entry->out.removed = entry->making == MAKING_BESIDE;
	run->obs->done(run->obs->ctx, &entry->job, &entry->out);
	if (entry->out.what == OUTCOME_SKIPPED)
		return 0;
	/* An immutable file can't get hard links: make those first. */
	if (entry->late_flags && !has_names(run, entry))
		set_late(run, &entry->job,
			 &(struct late){ entry->dir, entry->name, entry->made,
					 entry->late_flags });
	return remember(run, entry, reterr);
}

int copy_one(struct run *run, struct entry *entry, struct fault *reterr)
{
	bool alone = has_names(run, entry);
	int r;

	/* Two names copied at the same time would become two files. */
	if (alone)
		lock_take(&run->names);
	r = make_and_report(run, entry, reterr);
	if (alone)
		lock_give(&run->names);
	return r;
}

/* For inotab_each(). */
static void set_late_at_end(void *arg, const struct inotab_value *copy)
{
	struct run *run = arg;
	const struct job job = { .src = copy->text, .dst = copy->text };
	const struct late late = {
		.dir = FD_CWD,
		.name = copy->text,
		.made = { .dev = copy->dev, .ino = copy->ino },
		.flags = copy->late,
	};

	if (late.flags)
		set_late(run, &job, &late);
}

void copy_finish(struct run *run)
{
	inotab_each(&run->links, set_late_at_end, run);
}
