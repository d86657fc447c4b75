/* SPDX-License-Identifier: BSD-2-Clause */
#include "file.h"

#include <errno.h>
#include <stdlib.h>

#include "attrs.h"
#include "base.h"
#include "content.h"
#include "interrupt.h"
#include "meta.h"
#include "nocow.h"
#include "pathname.h"
#include "ranges.h"
#include "replace.h"
#include "stat.h"

/*
 * Open the existing file as HOW says.  It must still be OLD; a held file is,
 * whatever its inode number.
 */
static int open_old(const struct entry *entry, unsigned how,
		    const struct file_info *old, fd_t *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info now;
	int r;

	if (entry->held != FD_NONE)
		return fd_reopen(entry->held, how, ret);
	r = stat_at(entry->dir, entry->name, STAT_NOFOLLOW, &now);
	if (r < 0)
		return r;
	if (now.type != FILE_SYMLINK)
		how |= FD_NOFOLLOW;
	r = fd_open_at(entry->dir, entry->name, how, &fd);
	if (r == 0)
		r = stat_fd(fd, &now);
	if (r == 0 && !file_info_same(&now, old))
		r = -EBUSY;
	if (r == 0)
		*ret = TAKE(fd, FD_NONE);
	return r;
}

/*
 * The same for writing.  If it can't be written, and -f asks for its
 * replacement (but not after a signal), ENTRY->making becomes DEST_BESIDE.
 * Also returns FILE_AGAIN.
 */
static int open_in_place(struct run *run, struct entry *entry,
			 const struct file_info *old, struct dest *d,
			 struct fault *reterr)
{
	const struct label_job lj = entry_label(entry, FILE_REGULAR);
	fd_t fd = FD_NONE;
	int r = open_old(entry, FD_WRITE, old, &fd);

	if (r == -ENOENT || r == -EBUSY)
		return FILE_AGAIN;
	if (r < 0 && r != -EINTR && run->policy->force) {
		if (!run->policy->attributes_only) {
			entry->making = DEST_BESIDE;
			return 0;
		}
		/* Its data stays, so nothing will be written. */
		r = open_old(entry, FD_READ | FD_NO_WAIT, old, &fd);
	}
	if (r < 0)
		return entry_fault(run, entry, FAULT_OPEN, r, reterr);
	dest_in_place(d, fd);
	return selinux_label_old(run, &lj, fd, reterr);
}

/* Can the source be copied again? */
static bool is_repeatable(const struct entry *entry)
{
	return entry->src->info.type == FILE_REGULAR && !entry->src->is_spent;
}

/* Has another process taken the name, which was free? */
static bool is_name_taken(const struct entry *entry, int r)
{
	return r == -EEXIST && entry->making == DEST_NEW && !entry->fresh &&
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
	if (entry->making != DEST_NEW || run->policy->attributes_only ||
	    pathname_has_slash(entry->name))
		return false;
	return run->policy->ranged || src->type != FILE_REGULAR ||
	       src->size >= UNNAMED_FROM;
}

static int create(struct run *run, struct entry *entry, struct dest *d,
		  struct fault *reterr)
{
	const struct label_job lj = entry_label(entry, FILE_REGULAR);
	int r = replace_check_place(run, entry, reterr);

	if (r == 0)
		r = selinux_label_new(run, &lj, reterr);
	if (r < 0)
		return r;
	r = dest_create(
		d, is_unnamed_first(run, entry) ? DEST_UNNAMED : entry->making,
		attrs_first_mode(run->policy, &entry->src->info));
	if (is_name_taken(entry, r))
		return FILE_AGAIN;
	if (r < 0)
		return entry_fault(run, entry, FAULT_CREATE, r, reterr);
	return 0;
}

static int look(const struct dest *d, struct file_info *ret,
		struct fault *reterr)
{
	int r = stat_fd(d->fd, ret);

	return r < 0 ? fault_set(reterr, FAULT_STAT, FAULT_DST, r) : 0;
}

/* Let OTHER be the destination in place of D's file. */
static int adopt(struct xfer *x, struct dest *d, struct dest *other,
		 struct fault *reterr)
{
	dest_adopt(d, other);
	x->dst = d->fd;
	return look(d, &x->dst_info, reterr);
}

/* If flags are preserved, don't inherit NOCOW from the directory. */
static int shed_flag(const struct run *run, const struct entry *entry,
		     struct dest *d, struct xfer *x, struct fault *reterr)
{
	_cleanup_(dest_dropp) struct dest other = DEST_EMPTY;

	if (!(run->policy->preserve & PRESERVE_FLAGS) || entry->flag_free ||
	    !x->dst_is_new || meta_get_nocow(x->dst) != 1 ||
	    nocow_wanted(x->src, x->dst) != 0 || dest_other(d, 0, &other) < 0)
		return 0;
	return adopt(x, d, &other, reterr);
}

/*
 * Must a new file be made again so that ranges can be cloned to it?  For an
 * existing file it is not known yet whether anything will be written.
 */
static int match_new(struct dest *d, struct xfer *x, struct fault *reterr)
{
	_cleanup_(dest_dropp) struct dest other = DEST_EMPTY;
	int want;

	if (x->reflink == REFLINK_NEVER || x->sparse == SPARSE_NEVER ||
	    !x->dst_is_new)
		return 0;
	want = nocow_wanted(x->src, x->dst);
	if (want < 0 || dest_other(d, want, &other) < 0 ||
	    nocow_try(x->src, other.fd) < 0 || fd_truncate(other.fd, 0) < 0)
		return 0;
	return adopt(x, d, &other, reterr);
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
	if (entry->making != DEST_NEW || !run->obs->range_done)
		return 0;
	return entry_keep_ranges(run, entry, reterr);
}

static struct fs_pair *pair_of(struct run *run, const struct xfer *x)
{
	return fs_pairs_get(&run->pairs, x->src_info.dev, x->dst_info.dev);
}

static int fill_ranges(struct run *run, struct entry *entry, struct dest *d,
		       struct xfer *x, struct fault *reterr)
{
	int kept = keep_untold(run, entry, reterr);
	int r = kept < 0 ? kept : match_new(d, x, reterr);
	const struct ranges_job rj = {
		.job = &entry->job,
		.x = x,
		.is_new = entry->making == DEST_NEW,
		.spans = run->policy->ranges,
		.n = run->policy->n_ranges,
		.untold = entry->ranges,
	};

	x->pair = pair_of(run, x);
	return r < 0 ? r : ranges_copy(run, &rj, &entry->out.counts, reterr);
}

/* Clone to another file with the right flag; if that works, use that file. */
static int fill_other(struct dest *d, struct xfer *x, struct fault *reterr)
{
	_cleanup_(dest_dropp) struct dest other = DEST_EMPTY;
	int r;

	(void)dest_other(d, x->nocow, &other);
	r = content_copy_other(x, other.fd, reterr);
	if (x->dst == other.fd)
		dest_adopt(d, &other);
	return r;
}

/* Record what has come of X, all of the content. */
static void note_content(struct run *run, struct entry *entry, struct dest *d,
			 const struct xfer *x)
{
	const struct counts *c = &x->counts;
	const struct fault grew = { .op = FAULT_GREW, .obj = FAULT_SRC };
	const struct fault elsewhere = {
		.op = FAULT_OTHER_END,
		.obj = FAULT_SRC,
		.at = { .span = { .len = counts_bytes(c) },
			.bound = x->src_info.size },
	};

	entry->out.counts = *c;
	entry->src->is_spent |= x->src_is_spent;
	if (x->is_spoiled)
		dest_spoil(d);
	if (x->src_end != SRC_END_AS_TOLD)
		run_warn(run, &entry->job,
			 x->src_end == SRC_END_GREW ? &grew : &elsewhere, NULL);
}

/* A copy under way. */
struct under_way {
	struct run *run;
	struct entry *entry;
};

/* For xfer_tick: a signal ends the copy.  Earlier ranges are counted already. */
static int tick(void *ctx, const struct counts *counts)
{
	const struct under_way *u = ctx;

	entry_note(u->run, u->entry,
		   counts_bytes(&u->entry->out.counts) + counts_bytes(counts));
	run_tick(u->run);
	return interrupted() ? -EINTR : 0;
}

static int fill(struct run *run, struct entry *entry, struct dest *d,
		struct fault *reterr)
{
	struct under_way under_way = { run, entry };
	/* In a fresh directory each file is new, and this is known of it. */
	struct xfer x = { .src = entry->src->fd,
			  .src_info = entry->src->info,
			  .dst = d->fd,
			  .dst_info = { .type = FILE_REGULAR,
					.dev = entry->dev },
			  .dst_is_new = dest_is_new(d),
			  .dir = d->dir,
			  .reflink = run->policy->reflink,
			  .sparse = run->policy->sparse,
			  .observes = run->policy->debug,
			  .tick = tick,
			  .tick_ctx = &under_way };
	struct attrs_dst dst = { .at.fd = d->fd,
				 .info = &x.dst_info,
				 .is_new = entry->making != DEST_IN_PLACE,
				 .acl_free = entry->acl_free,
				 .flag_free = entry->flag_free };
	_cleanup_(claim_give) struct claim claim = CLAIM_NONE;
	int r = 0;

	if (!entry->fresh || entry->making != DEST_NEW)
		r = look(d, &x.dst_info, reterr);
	if (r == 0 && entry->below && !entry->fresh &&
	    claim_take(&claim, &run->claims, &x.dst_info))
		r = look(d, &x.dst_info, reterr);
	if (r < 0)
		return r;
	attrs_before_data(run, entry->src, &dst);
	r = shed_flag(run, entry, d, &x, reterr);
	if (r < 0)
		return r;
	entry->out.src_dev = x.src_info.dev;
	entry->out.dst_dev = x.dst_info.dev;
	if (entry->out.what == OUTCOME_RANGES) {
		r = fill_ranges(run, entry, d, &x, reterr);
	} else if (entry->out.what == OUTCOME_DATA) {
		x.pair = pair_of(run, &x);
		r = content_copy(&x, reterr);
		if (r == XFER_OTHER)
			r = fill_other(d, &x, reterr);
		note_content(run, entry, d, &x);
	}
	if (r == 0 && x.dst_info.ino == 0)
		r = look(d, &x.dst_info, reterr);
	if (r < 0)
		return r;
	entry->made = x.dst_info;
	dst.at.fd = d->fd;
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

int file_copy(struct run *run, struct entry *entry, const struct file_info *old,
	      struct fault *reterr)
{
	_cleanup_(dest_dropp) struct dest d =
		DEST_AT(entry->dir, entry->name, &run->refusals);
	bool again;
	int r = source_readable(entry->src, reterr);

	/* Don't make a file for ranges that can't be copied. */
	if (r == 0 && run->policy->ranged)
		r = ranges_check(run->policy->ranges, run->policy->n_ranges,
				 entry->src, reterr);
	if (r < 0)
		return r;
	d.stale = stale_mtime(&entry->src->info);
	if (entry->making == DEST_IN_PLACE)
		r = open_in_place(run, entry, old, &d, reterr);
	if (r == 0 && entry->making != DEST_IN_PLACE)
		r = create(run, entry, &d, reterr);
	if (r != 0)
		return r;

	r = fill(run, entry, &d, reterr);
	if (r == 0)
		r = replace_commit(run, entry, &d, reterr);
	if (r == 0) {
		entry_tell_ranges(run, entry);
		return 0;
	}
	/* Another process may have taken the name while the file had none. */
	again = is_name_taken(entry, r) ||
		(dest_is_refused(&d) && is_repeatable(entry));
	reterr->left = dest_drop(&d);
	return again ? FILE_AGAIN : r;
}
