/* SPDX-License-Identifier: BSD-2-Clause */
#include "file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attrs.h"
#include "base.h"
#include "cpstep.h"
#include "data.h"
#include "nocow.h"
#include "pathname.h"
#include "ranges.h"
#include "replace.h"
#include "stat.h"

/* -f: a file that can't be opened must be replaced. */
enum {
	REPLACE = 1
};

/*
 * Open the existing file as HOW says.  It must still be OLD; a held file is,
 * whatever its inode number.
 */
static int open_old(const struct entry *entry, unsigned how,
		    const struct file_info *old, struct temp *ret)
{
	struct file_info name;
	int r;

	if (entry->held != FD_NONE) {
		r = temp_held(entry->dir, entry->name, how, entry->held, ret);
		return r == -ENOENT ? -EBUSY : r;
	}
	r = stat_at(entry->dir, entry->name, STAT_NOFOLLOW, &name);
	if (r < 0)
		return r;
	if (name.type != FILE_SYMLINK)
		how |= FD_NOFOLLOW;
	r = temp_in_place(entry->dir, entry->name, how, old, ret);
	return r > 0 ? -EBUSY : r;
}

/*
 * The same for writing.  Also returns REPLACE if it can't be written and -f
 * asks for its replacement (but not after a signal), and FILE_CHANGED.
 */
static int open_in_place(const struct run *run, const struct entry *entry,
			 const struct file_info *old, struct temp *ret,
			 struct fault *reterr)
{
	int r = open_old(entry, FD_WRITE, old, ret);

	if (r == -ENOENT || r == -EBUSY)
		return FILE_CHANGED;
	if (r < 0 && r != -EINTR && run->policy->force) {
		if (!run->policy->attributes_only)
			return REPLACE;
		/* Its data stays, so nothing will be written. */
		r = open_old(entry, FD_READ | FD_NO_WAIT, old, ret);
	}
	if (r < 0)
		return fault_set(reterr, FAULT_CREATE, FAULT_DST, r);
	return 0;
}

/* Can the source be copied again? */
static bool is_repeatable(const struct entry *entry)
{
	return entry->src->info.type == FILE_REGULAR && !entry->src->is_spent;
}

/* Has another process taken the name, which was free? */
static bool is_name_taken(const struct entry *entry, int r)
{
	return r == -EEXIST && entry->making == MAKING_NEW && !entry->fresh &&
	       is_repeatable(entry);
}

/*
 * From this size on, a new file gets its name only when it is complete.  For
 * smaller files, which one call writes, a file without a name would make the
 * copy a tenth slower or more (8 KiB, 64 KiB; XFS, Btrfs, ext4 and tmpfs, Linux
 * 6.18).
 */
#define UNNAMED_FROM ((uint64_t)1 << 20)

static bool is_unnamed_first(const struct run *run, const struct entry *entry)
{
	const struct file_info *src = &entry->src->info;

	/* A trailing slash has its own errors. */
	if (entry->making != MAKING_NEW || run->policy->attributes_only ||
	    pathname_has_slash(entry->name))
		return false;
	return run->policy->ranged || src->type != FILE_REGULAR ||
	       src->size >= UNNAMED_FROM;
}

static int open_destination(struct run *run, struct entry *entry,
			    const struct file_info *old, struct temp *ret,
			    struct fault *reterr)
{
	const struct label_job lj = entry_label(entry, FILE_REGULAR);
	uint32_t mode = attrs_first_mode(run->policy, &entry->src->info);
	int r;

	if (entry->making == MAKING_IN_PLACE) {
		r = open_in_place(run, entry, old, ret, reterr);
		if (r == 0)
			r = selinux_label_old(run, &lj, ret->fd, reterr);
		if (r != REPLACE)
			return r;
		entry->making = MAKING_BESIDE;
	}
	r = replace_check_place(run, entry, FAULT_CREATE, reterr);
	if (r == 0)
		r = selinux_label_new(run, &lj, reterr);
	if (r < 0)
		return r;
	if (entry->making == MAKING_BESIDE)
		r = temp_beside(entry->dir, entry->name, mode, ret);
	else if (entry->making == MAKING_THROUGH)
		r = temp_through(entry->dir, entry->name, mode, ret);
	else if (is_unnamed_first(run, entry))
		r = temp_unnamed(entry->dir, entry->name, mode, ret);
	else
		r = temp_new(entry->dir, entry->name, mode, ret);
	if (r == -EISDIR) /* "name/" */
		r = -ENOTDIR;
	if (is_name_taken(entry, r))
		return FILE_CHANGED;
	if (r < 0)
		return fault_set(
			reterr,
			cpstep_begin(run->policy, entry, FAULT_CREATE, r),
			FAULT_DST, r);
	return 0;
}

/* T may be another file now: get facts about it. */
static int look_again(const struct temp *t, struct file_info *info,
		      struct fault *reterr)
{
	int r = stat_fd(t->fd, info);

	return r < 0 ? fault_set(reterr, FAULT_STAT, FAULT_DST, r) : 0;
}

/*
 * Must a new file be made again so that ranges can be cloned to it?  For an
 * existing file it is not known yet whether anything will be written.
 */
static int match_new(const struct run *run, struct data_job *dj,
		     struct fault *reterr)
{
	if (run->policy->reflink == REFLINK_NEVER ||
	    run->policy->sparse == SPARSE_NEVER || !temp_is_new(dj->dst) ||
	    nocow_match(dj->dst, dj->src->fd) < 0)
		return 0;
	return look_again(dj->dst, &dj->dst_info, reterr);
}

/*
 * A new file whose name is taken meanwhile is made again: what is said of its
 * ranges, if anything, is said when it has its name.
 */
static int keep_untold(const struct run *run, struct entry *entry,
		       struct fault *reterr)
{
	free(entry->ranges);
	entry->ranges = NULL;
	if (entry->making != MAKING_NEW || !run->policy->verbose)
		return 0;
	entry->ranges = calloc(run->policy->n_ranges, sizeof(*entry->ranges));
	if (!entry->ranges)
		return fault_set(reterr, FAULT_MEMORY, FAULT_DST, -ENOMEM);
	return 0;
}

static void tell_ranges(struct run *run, const struct entry *entry)
{
	for (size_t i = 0; entry->ranges && i < run->policy->n_ranges; i++)
		run_range_done(run, &entry->job, &entry->ranges[i]);
}

/* Copy the requested ranges. */
static int fill_ranges(struct run *run, struct entry *entry,
		       struct data_job *dj, struct fault *reterr)
{
	int kept = keep_untold(run, entry, reterr);
	int r = kept < 0 ? kept : match_new(run, dj, reterr);
	const struct ranges_job rj = {
		.job = dj->job,
		.src = dj->src,
		.dir = dj->dst->dir,
		.dst = dj->dst->fd,
		.dst_info = dj->dst_info,
		.is_new = entry->making == MAKING_NEW,
		.spans = run->policy->ranges,
		.n = run->policy->n_ranges,
		.untold = entry->ranges,
	};

	entry->out.what = OUTCOME_RANGES;
	return r < 0 ? r : ranges_copy(run, &rj, &entry->out, reterr);
}

/* Copy all of the source's data, or ranges of it. */
static int fill_data(struct run *run, struct entry *entry, struct data_job *dj,
		     struct fault *reterr)
{
	if (run->policy->ranged)
		return fill_ranges(run, entry, dj, reterr);
	entry->out.what = OUTCOME_DATA;
	return data_copy(run, dj, &entry->out, reterr);
}

/* Get facts about the open destination; in a fresh directory they are known. */
static int look_at(const struct entry *entry, const struct temp *tmp,
		   struct file_info *ret, struct fault *reterr)
{
	int r;

	if (entry->fresh && entry->making == MAKING_NEW) {
		*ret = (struct file_info){ .type = FILE_REGULAR,
					   .dev = entry->dev };
		return 0;
	}
	r = stat_fd(tmp->fd, ret);
	return r < 0 ? fault_set(reterr, FAULT_STAT, FAULT_DST, r) : 0;
}

/* Get all facts, if they have not been read yet. */
static int look_well(const struct temp *tmp, struct file_info *info,
		     struct fault *reterr)
{
	int r = info->ino ? 0 : stat_fd(tmp->fd, info);

	return r < 0 ? fault_set(reterr, FAULT_STAT, FAULT_DST, r) : 0;
}

/*
 * If the source's flags are preserved, don't inherit NOCOW from the directory.
 */
static int shed_flag(const struct run *run, const struct entry *entry,
		     struct data_job *dj, struct fault *reterr)
{
	if (run->policy->preserve & PRESERVE_FLAGS && !entry->flag_free &&
	    nocow_shed(dj->dst, entry->src->fd))
		return look_again(dj->dst, &dj->dst_info, reterr);
	return 0;
}

/* Copy data, then attributes. */
static int fill(struct run *run, struct entry *entry, struct temp *tmp,
		struct fault *reterr)
{
	struct data_job dj = { .job = &entry->job,
			       .src = entry->src,
			       .dst = tmp };
	struct attrs_dst dst = { .fd = tmp->fd,
				 .info = &dj.dst_info,
				 .is_new = entry->making != MAKING_IN_PLACE,
				 .acl_free = entry->acl_free,
				 .flag_free = entry->flag_free };
	_cleanup_(claim_give) struct claim claim = CLAIM_NONE;
	int r;

	r = look_at(entry, tmp, &dj.dst_info, reterr);
	if (r < 0)
		return r;
	/* In a fresh directory each file is new. */
	if (entry->below && !entry->fresh &&
	    claim_take(&claim, &run->claims, &dj.dst_info))
		r = look_at(entry, tmp, &dj.dst_info, reterr);
	if (r < 0)
		return r;
	attrs_before_data(run, entry->src, &dst);
	r = shed_flag(run, entry, &dj, reterr);
	if (r < 0)
		return r;
	entry->out.what = OUTCOME_ATTRIBUTES;
	if (!run->policy->attributes_only)
		r = fill_data(run, entry, &dj, reterr);
	if (r == 0)
		r = look_well(tmp, &dj.dst_info, reterr);
	if (r < 0)
		return r;
	entry->made = dj.dst_info;
	dst.fd = tmp->fd;
	entry->late_flags = attrs_apply(run, &entry->job, entry->src, &dst);
	return 0;
}

/* An mtime that makes -u and make(1) copy SRC again. */
static struct timestamp stale_mtime(const struct file_info *src)
{
	const struct timestamp epoch = { 0, 0 };

	if (timestamp_compare(src->mtime, epoch) > 0)
		return epoch;
	return (struct timestamp){ src->mtime.sec - 1, 0 };
}

/* Complete TMP, which is open, and give it its name. */
static int finish(struct run *run, struct entry *entry, struct temp *tmp,
		  struct fault *reterr)
{
	int r = fill(run, entry, tmp, reterr);

	if (r < 0)
		return r;
	r = temp_close(tmp);
	if (r < 0)
		return fault_set(reterr, FAULT_CLOSE, FAULT_DST, r);
	r = replace_commit(run, entry, tmp, reterr);
	if (r == 0)
		tell_ranges(run, entry);
	return r;
}

/* It was copied, but the copy could not be given the name. */
enum {
	AGAIN = 3
};

/* Returns what file_copy() does, or AGAIN; not if it is the LAST time. */
static int copy_once(struct run *run, struct entry *entry,
		     const struct file_info *old, bool last,
		     struct fault *reterr)
{
	_cleanup_(temp_dropp) struct temp tmp = TEMP_EMPTY;
	int r;

	r = open_destination(run, entry, old, &tmp, reterr);
	if (r != 0)
		return r;
	tmp.stale = stale_mtime(&entry->src->info);
	r = finish(run, entry, &tmp, reterr);
	if (tmp.state == TEMP_REFUSED && is_repeatable(entry) && !last)
		return AGAIN;
	if (r < 0)
		reterr->left = temp_drop(&tmp);
	/* Another process took the name, while the file had none. */
	return is_name_taken(entry, r) ? FILE_CHANGED : r;
}

int file_copy(struct run *run, struct entry *entry, const struct file_info *old,
	      struct fault *reterr)
{
	int r;

	r = source_readable(entry->src, reterr);
	/* Don't make a file for ranges that can't be copied. */
	if (r == 0 && run->policy->ranged)
		r = ranges_check(run->policy->ranges, run->policy->n_ranges,
				 entry->src, reterr);
	if (r < 0)
		return r;
	/* Unnamed first, then with a temporary name, then with its own. */
	r = AGAIN;
	for (int more = 2; r == AGAIN; more--) {
		entry->out = (struct outcome){ .what = OUTCOME_SKIPPED };
		r = copy_once(run, entry, old, more == 0, reterr);
	}
	return r;
}
