/* SPDX-License-Identifier: BSD-2-Clause */
#include "rehearsal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup.h"
#include "base.h"
#include "clone_chance.h"
#include "fs.h"
#include "meta.h"
#include "pathname.h"
#include "planned.h"
#include "ranges.h"
#include "replace.h"
#include "stat.h"

/* Is the file NAME in DIR immutable, or may it only grow? */
static bool is_kept(fd_t dir, const char *name)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;

	return fd_open_at(dir, name, FD_PATH | FD_NOFOLLOW, &fd) == 0 &&
	       stat_keeps_names(fd);
}

#define STICKY 01000

/* Is ENTRY's name another user's, in a directory where that counts? */
static bool is_guarded(const struct run *run, const struct entry *entry)
{
	struct file_info dir;
	struct file_info file;

	return !run->privileged && stat_fd(entry->dir, &dir) == 0 &&
	       dir.mode & STICKY && !meta_is_own(dir.owner) &&
	       stat_at(entry->dir, entry->name, STAT_NOFOLLOW, &file) == 0 &&
	       !meta_is_own(file.owner);
}

/* Making something new that takes ENTRY's name would fail with R. */
static int refuse_place(const struct run *run, const struct entry *entry, int r,
			struct fault *reterr)
{
	if (entry->is_name || run->policy->make == MAKE_HARD_LINK)
		return fault_set(reterr, FAULT_HARD_LINK, FAULT_DST, r);
	return entry_fault(run, entry, entry_step(run, entry), r, reterr);
}

/* Could something new take ENTRY's name? */
static int check_place(const struct run *run, const struct entry *entry,
		       struct fault *reterr)
{
	int r;

	if (entry->dir == FD_NONE)
		return 0;
	r = replace_check_place(run, entry, reterr);
	if (r < 0)
		return r;
	if (!*entry->name)
		r = -ENOENT;
	else if (pathname_has_slash(entry->name))
		r = run->policy->make == MAKE_COPY ? -EISDIR : -ENOENT;
	else
		r = stat_access(entry->dir, ".", STAT_WRITE | STAT_ENTER);
	if (r < 0)
		return refuse_place(run, entry, r, reterr);
	if (entry->making == DEST_BESIDE &&
	    (is_kept(entry->dir, entry->name) || is_guarded(run, entry)))
		return entry_fault(run, entry,
				   run->policy->backup == BACKUP_NONE
					   ? FAULT_NAME
					   : FAULT_BACKUP,
				   -EPERM, reterr);
	return 0;
}

/* Could the source be read?  A FIFO or a device is not opened for that. */
static int check_source(struct entry *entry, struct fault *reterr)
{
	const struct source *src = entry->src;
	int r = src->read_err;

	if (r == 0 && src->only_looks)
		r = stat_access(src->dir, src->name, STAT_READ);
	if (r == 0 && src->info.type == FILE_SOCKET)
		r = -ENXIO;
	return r < 0 ? fault_set(reterr, FAULT_OPEN, FAULT_SRC, r) : 0;
}

/*
 * Could the existing file be written?  If not, and -f asks for its replacement,
 * ENTRY->making becomes DEST_BESIDE.
 */
static int check_in_place(const struct run *run, struct entry *entry,
			  const struct existing *old, struct fault *reterr)
{
	int r = planned_is_made(run, entry->job.dst)
			? 0
			: stat_access(entry->dir, entry->name, STAT_WRITE);

	if (r == 0 && old->target.type == FILE_SOCKET)
		r = -ENXIO;
	if (r == 0 && is_kept(entry->dir, entry->name))
		r = -EPERM;
	if (r == 0)
		return 0;
	if (!run->policy->force)
		return entry_fault(run, entry, FAULT_OPEN, r, reterr);
	/* With --attributes-only, opening it for reading is enough. */
	if (!run->policy->attributes_only)
		entry->making = DEST_BESIDE;
	return 0;
}

/* Set the path of ENTRY's backup to that of NAME.  Returns 0 or -ENOMEM. */
static int use_backup(struct entry *entry, const char *name)
{
	_cleanup_(freep) char *parent = pathname_parent(entry->job.dst);

	free(entry->backup);
	entry->backup = parent ? pathname_join(parent, name) : NULL;
	entry->job.backup = entry->backup;
	return entry->backup ? 0 : -ENOMEM;
}

/* The name of the backup, if there would be one. */
static int name_backup(const struct run *run, struct entry *entry,
		       const struct existing *old, struct fault *reterr)
{
	_cleanup_(freep) char *name = NULL;
	struct file_info was = old->info;
	uint64_t number;
	int r;

	if (run->policy->backup == BACKUP_NONE || entry->making != DEST_BESIDE)
		return 0;
	r = replace_check_backup(run->policy, entry->dir, entry->name, &name,
				 reterr);
	if (r < 0)
		return r;
	number = backup_number(entry->name, name);
	r = use_backup(entry, name);
	/* Earlier backups of this run have numbers, too. */
	while (r == 0 && number && planned_is_made(run, entry->backup)) {
		free(TAKE_PTR(name));
		if (asprintf(&name, "%s.~%" PRIu64 "~", entry->name, ++number) <
		    0)
			name = NULL;
		r = name ? use_backup(entry, name) : -ENOMEM;
	}
	if (r == 0)
		r = planned_note(run, entry->backup, &was);
	if (r < 0)
		return fault_set(reterr, FAULT_MEMORY, FAULT_DST, r);
	return 0;
}

/* The file systems of ENTRY's source and destination; NULL: not known. */
struct places {
	struct planned_fs *src;
	struct planned_fs *dst;
};

static int find_places(const struct run *run, const struct entry *entry,
		       struct places *ret, struct fault *reterr)
{
	bool is_there = entry->making == DEST_IN_PLACE &&
			!planned_is_made(run, entry->job.dst);
	uint64_t dev;
	int r;

	if (entry->dir == FD_NONE)
		r = planned_fs(run, entry->dev, FD_NONE, &ret->dst);
	else
		r = planned_fs_at(run, entry->dir, is_there ? entry->name : ".",
				  &dev, &ret->dst);
	if (r == 0)
		r = planned_fs(run, entry->src->info.dev, entry->src->fd,
			       &ret->src);
	return r < 0 ? fault_set(reterr, FAULT_MEMORY, FAULT_DST, r) : 0;
}

/* The answer of clone_chance() as a reason. */
static enum plan_why why_no_clone(const struct places *places)
{
	static const enum plan_why whys[] = {
		[CLONE_CHANCE_OPEN] = PLAN_WHY_NONE,
		[CLONE_CHANCE_APART] = PLAN_WHY_APART,
		[CLONE_CHANCE_LACKING] = PLAN_WHY_LACKING,
	};

	if (!places->src || !places->dst)
		return PLAN_WHY_NONE;
	return whys[clone_chance(&places->src->side, &places->dst->side)];
}

/* Why ENTRY's content would be copied in any case. */
static enum plan_why why_copied(const struct run *run,
				const struct entry *entry,
				const struct existing *old,
				const struct places *places)
{
	const struct source *src = entry->src;

	if (src->info.type != FILE_REGULAR ||
	    (entry->making == DEST_IN_PLACE &&
	     old->target.type != FILE_REGULAR))
		return PLAN_WHY_STREAM;
	if (run->policy->reflink == REFLINK_NEVER)
		return PLAN_WHY_NEVER;
	if (run->policy->sparse == SPARSE_NEVER)
		return PLAN_WHY_SPARSE;
	return why_no_clone(places);
}

/* Bytes that a copy of SRC's content would take, about. */
static uint64_t storage_of(const struct policy *policy,
			   const struct source *src)
{
	const struct file_info *info = &src->info;

	/* Some file systems report no storage for any file. */
	if (policy->sparse == SPARSE_NEVER || info->allocated >= info->size ||
	    (info->allocated == 0 && !fs_sizes_are_exact(fs_sizes(src->fd))))
		return info->size;
	return info->allocated;
}

/* Add up what ENTRY would need. */
static int add_space(const struct run *run, const struct entry *entry,
		     const struct existing *old, struct planned_fs *place)
{
	const struct plan *plan = &entry->out.plan;
	struct plan_space space = { .path = entry->job.dst };

	if (!place || plan->way == PLAN_WAY_NONE ||
	    (entry->making == DEST_IN_PLACE &&
	     old->target.type != FILE_REGULAR))
		return 0;
	if (plan->way != PLAN_WAY_CLONE_OR_FAIL)
		space.most = storage_of(run->policy, entry->src);
	if (plan->way == PLAN_WAY_COPY && run->policy->sparse != SPARSE_ALWAYS)
		space.least = space.most;
	if (old->exists && entry->making != DEST_NEW && !entry->job.backup)
		space.freed = old->target.allocated;
	return planned_add(run, place, &space);
}

/* The -errno of a clone that is refused because of WHY. */
static int refusal_of(enum plan_why why)
{
	if (why == PLAN_WHY_APART)
		return -EXDEV;
	return why == PLAN_WHY_LACKING ? -EOPNOTSUPP : -EINVAL;
}

/* How ENTRY's content would come. */
static int plan_content(const struct run *run, struct entry *entry,
			const struct existing *old, struct fault *reterr)
{
	struct plan *plan = &entry->out.plan;
	struct places places = { .src = NULL };
	int r;

	plan->bytes = entry->src->info.size;
	if (plan->bytes == 0 && entry->src->info.type == FILE_REGULAR &&
	    fs_sizes_are_exact(fs_sizes(entry->src->fd)))
		return 0;
	r = find_places(run, entry, &places, reterr);
	if (r < 0)
		return r;
	plan->why = why_copied(run, entry, old, &places);
	plan->way = run->policy->reflink == REFLINK_ALWAYS
			    ? PLAN_WAY_CLONE_OR_FAIL
			    : PLAN_WAY_CLONE_OR_COPY;
	if (plan->why != PLAN_WHY_NONE) {
		if (plan->way == PLAN_WAY_CLONE_OR_FAIL)
			return fault_set(reterr, FAULT_CLONE, FAULT_DST,
					 refusal_of(plan->why));
		plan->way = PLAN_WAY_COPY;
	}
	if (add_space(run, entry, old, places.dst) < 0)
		return fault_set(reterr, FAULT_MEMORY, FAULT_DST, -ENOMEM);
	return 0;
}

static int plan_ranges(struct run *run, struct entry *entry,
		       const struct existing *old, struct fault *reterr)
{
	enum plan_why why;
	struct places places = { .src = NULL };
	int r = entry_keep_ranges(run, entry, reterr);
	struct xfer x = { .src = entry->src->fd,
			  .src_info = entry->src->info,
			  .dst = FD_NONE,
			  .dst_info = old->target,
			  .reflink = run->policy->reflink,
			  .sparse = run->policy->sparse };
	const struct ranges_job rj = { .job = &entry->job,
				       .x = &x,
				       .spans = run->policy->ranges,
				       .n = run->policy->n_ranges,
				       .untold = entry->ranges };

	if (r == 0)
		r = find_places(run, entry, &places, reterr);
	if (r < 0)
		return r;
	why = why_copied(run, entry, old, &places);
	if (run->policy->reflink == REFLINK_ALWAYS && why != PLAN_WHY_NONE)
		return fault_set(reterr, FAULT_CLONE, FAULT_DST,
				 refusal_of(why));
	return ranges_plan(&rj, why, reterr);
}

static enum plan_old fate_of(const struct entry *entry,
			     const struct existing *old)
{
	if (!old->exists)
		return PLAN_OLD_NONE;
	return entry->making == DEST_BESIDE ? PLAN_OLD_REPLACED
					    : PLAN_OLD_WRITTEN;
}

/* What ENTRY's file would be, for other names that meet it. */
static int note(const struct run *run, struct entry *entry,
		const struct existing *old, struct fault *reterr)
{
	const struct file_info *src = &entry->src->info;
	bool keeps = run->policy->preserve & PRESERVE_TIMESTAMPS;

	if (entry->making == DEST_IN_PLACE) {
		entry->made = old->target;
		return 0;
	}
	if (entry->out.what == OUTCOME_LINK &&
	    run->policy->make == MAKE_HARD_LINK) {
		entry->made = *src;
	} else if (!entry->is_name) {
		entry->made = (struct file_info){
			.type = run->policy->make == MAKE_SYMBOLIC_LINK
					? FILE_SYMLINK
					: src->type,
			.mode = src->mode,
			.nlink = 1,
			.dev = entry->dev,
			.size = src->size,
			.mtime = keeps ? src->mtime
				       : (struct timestamp){ INT64_MAX, 0 },
		};
	}
	if (planned_note(run, entry->job.dst, &entry->made) < 0)
		return fault_set(reterr, FAULT_MEMORY, FAULT_DST, -ENOMEM);
	return 0;
}

/* Only root makes devices; character device 0 is no device (mknod(2)). */
static bool needs_root(const struct file_info *node)
{
	return node->type == FILE_BLOCK_DEVICE ||
	       (node->type == FILE_CHAR_DEVICE && node->rdev != 0);
}

/* All that is common to files and links, once it is known what it would be. */
static int plan(struct run *run, struct entry *entry,
		const struct existing *old, struct fault *reterr)
{
	const enum outcome_what what = entry->out.what;
	int r = 0;

	if (entry->making != DEST_IN_PLACE)
		r = check_place(run, entry, reterr);
	else if (what == OUTCOME_LINK || what == OUTCOME_NODE)
		r = refuse_place(run, entry, -EEXIST, reterr);
	if (r == 0 && what == OUTCOME_NODE && needs_root(&entry->src->info) &&
	    !run->privileged)
		r = refuse_place(run, entry, -EPERM, reterr);
	if (r == 0)
		r = name_backup(run, entry, old, reterr);
	if (r < 0)
		return r;
	entry->out.plan.type = entry->src->info.type;
	entry->out.plan.old = fate_of(entry, old);
	if (what == OUTCOME_DATA)
		r = plan_content(run, entry, old, reterr);
	if (what == OUTCOME_RANGES)
		r = plan_ranges(run, entry, old, reterr);
	return r < 0 ? r : note(run, entry, old, reterr);
}

/* What is checked of a file before anything is made. */
static int check_file(const struct run *run, struct entry *entry,
		      const struct existing *old, struct fault *reterr)
{
	int r = check_source(entry, reterr);

	if (r == 0 && run->policy->ranged)
		r = ranges_check(run->policy->ranges, run->policy->n_ranges,
				 entry->src, reterr);
	if (r == 0 && entry->making == DEST_IN_PLACE)
		r = check_in_place(run, entry, old, reterr);
	return r;
}

/* Could the source get another name, on the file system of ENTRY? */
static int check_hard_link(const struct entry *entry, struct fault *reterr)
{
	const struct source *src = entry->src;
	struct file_info name;
	struct file_info from;
	struct file_info to = { .dev = entry->dev };

	/*
	 * Numbers of directories can be compared on every file system.  But what
	 * a link leads to is in another directory.
	 */
	if (stat_at(src->dir, src->name, STAT_NOFOLLOW, &name) < 0 ||
	    source_found_in(src, &from) < 0 ||
	    (entry->dir != FD_NONE && stat_fd(entry->dir, &to) < 0))
		return 0;
	if (src->follow && name.type == FILE_SYMLINK) {
		if (!fs_sizes_are_exact(fs_sizes(src->fd)))
			return 0;
		from = src->info;
	}
	if (from.dev != to.dev)
		return fault_set(reterr, FAULT_HARD_LINK, FAULT_DST, -EXDEV);
	return stat_keeps_names(src->fd)
		       ? fault_set(reterr, FAULT_HARD_LINK, FAULT_DST, -EPERM)
		       : 0;
}

int rehearsal_make(struct run *run, struct entry *entry,
		   const struct existing *old, struct fault *reterr)
{
	int r = 0;

	if (run->policy->make == MAKE_SYMBOLIC_LINK)
		r = link_check_symbolic(entry, reterr);
	else if (run->policy->make == MAKE_HARD_LINK)
		r = check_hard_link(entry, reterr);
	else if (entry->out.what != OUTCOME_LINK &&
		 entry->out.what != OUTCOME_NODE)
		r = check_file(run, entry, old, reterr);
	return r < 0 ? r : plan(run, entry, old, reterr);
}

int rehearsal_link(struct run *run, struct entry *entry,
		   const struct first_copy *copy, struct fault *reterr)
{
	const struct existing old = { .exists = entry->making == DEST_BESIDE };

	entry->is_name = true;
	entry->out.what = OUTCOME_LINK;
	free(entry->link);
	entry->link = strdup(copy->path);
	if (!entry->link)
		return fault_set(reterr, FAULT_MEMORY, FAULT_DST, -ENOMEM);
	entry->out.plan.link = entry->link;
	entry->made = (struct file_info){ .dev = copy->dev,
					  .ino = copy->ino,
					  .nlink = 2 };
	return plan(run, entry, &old, reterr);
}
