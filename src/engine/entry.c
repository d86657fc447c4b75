/* SPDX-License-Identifier: BSD-2-Clause */
#include "entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "dir.h"
#include "pathname.h"
#include "planned.h"
#include "stat.h"

/* Is NAME in DIR, with a slash at its end, a link to nothing? */
static bool is_dangling(fd_t dir, const char *name)
{
	_cleanup_(freep) char *link = strdup(name);
	struct file_info there;

	if (!link || dir == FD_NONE || !pathname_has_slash(name))
		return false;
	pathname_strip(link);
	return stat_at(dir, link, STAT_NOFOLLOW, &there) == 0;
}

int entry_make_directory(const struct run *run, const struct label_job *at,
			 uint32_t mode)
{
	struct file_info there;
	int r;

	if (!run->policy->no_create && !run->policy->dry_run)
		return dir_make_at(at->dir, at->name, mode);
	r = planned_stat(run, at, STAT_NOFOLLOW, &there);
	if (!*at->name)
		return -ENOENT;
	/* mkdir(2) finds these, whatever follows. */
	if (run->policy->dry_run &&
	    (r == -ENOTDIR || (r == -ENOENT && is_dangling(at->dir, at->name))))
		r = 0;
	if (r != -ENOENT || run->policy->no_create)
		return r == 0 ? -EEXIST : r;
	return at->dir == FD_NONE
		       ? 0
		       : stat_access(at->dir, ".", STAT_WRITE | STAT_ENTER);
}

enum fault_op entry_step(const struct run *run, const struct entry *entry)
{
	static const enum fault_op links[] = {
		[MAKE_HARD_LINK] = FAULT_HARD_LINK,
		[MAKE_SYMBOLIC_LINK] = FAULT_SYMLINK,
	};
	const enum file_type type = entry->src->info.type;
	const struct policy *policy = run->policy;

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

int entry_fault(const struct run *run, const struct entry *entry,
		enum fault_op op, int r, struct fault *reterr)
{
	(void)fault_set(reterr, op, FAULT_DST, r);
	reterr->makes = entry_step(run, entry);
	reterr->replaces = entry->making == DEST_BESIDE;
	reterr->backs_up = run->policy->backup != BACKUP_NONE;
	return r;
}

struct label_job entry_label(const struct entry *entry, enum file_type type)
{
	return (struct label_job){ .job = &entry->job,
				   .src = entry->src->fd,
				   .dir = entry->dir,
				   .name = entry->name,
				   .type = type };
}

int entry_keep_ranges(const struct run *run, struct entry *entry,
		      struct fault *reterr)
{
	free(entry->ranges);
	entry->ranges = calloc(run->policy->n_ranges, sizeof(*entry->ranges));
	if (!entry->ranges)
		return fault_set(reterr, FAULT_MEMORY, FAULT_DST, -ENOMEM);
	return 0;
}

void entry_tell_ranges(struct run *run, const struct entry *entry)
{
	for (size_t i = 0; entry->ranges && i < run->policy->n_ranges; i++) {
		struct job job = entry->job;

		run_begin(run, &job);
		run_range_done(run, &job, &entry->ranges[i]);
	}
}

void entry_describe(struct entry *entry)
{
	const struct file_info *src = &entry->src->info;

	entry->out.type = src->ino == 0 ? FILE_OTHER : src->type;
	entry->out.size = src->size;
}

void entry_note(struct run *run, struct entry *entry, uint64_t done)
{
	struct totals *totals = run->totals;

	/* A short file is left out: threads share the totals. */
	if (done == entry->so_far)
		return;
	if (entry->in_all == 0) {
		entry->in_all = policy_bytes(run->policy, &entry->src->info);
		totals->in_all += entry->in_all;
	}
	totals->so_far += done - entry->so_far;
	entry->so_far = done;
}

/* ENTRY, which is no directory, ends. */
static void settle(const struct run *run, const struct entry *entry)
{
	struct totals *totals = run->totals;
	uint64_t all = policy_bytes(run->policy, &entry->src->info);
	uint64_t done = 0;

	if (entry->out.what != OUTCOME_FAILED)
		done = counts_bytes(&entry->out.counts);
	if (done < all)
		totals->passed += all - done;
	if (entry->so_far > 0)
		totals->so_far -= entry->so_far;
	if (entry->in_all > 0)
		totals->in_all -= entry->in_all;
	totals->n_files++;
}

void entry_end(const struct run *run, struct entry *entry)
{
	entry_describe(entry);
	if (entry->src->info.type != FILE_DIRECTORY)
		settle(run, entry);
	if (!entry->is_ended)
		run_end(run, &entry->job, &entry->out);
	entry->is_ended = true;
}

void entry_release(struct entry *entry)
{
	free(entry->backup);
	entry->backup = NULL;
	free(entry->link);
	entry->link = NULL;
	foreign_link_release(&entry->foreign);
	free(entry->ranges);
	entry->ranges = NULL;
}
