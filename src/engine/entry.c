/* SPDX-License-Identifier: BSD-2-Clause */
#include "entry.h"

#include <errno.h>
#include <stdlib.h>

#include "base.h"
#include "dir.h"
#include "stat.h"

int entry_make_directory(const struct policy *policy, fd_t dir,
			 const char *name, uint32_t mode)
{
	struct file_info there;
	int r;

	if (!policy->no_create)
		return dir_make_at(dir, name, mode);
	r = stat_at(dir, name, STAT_NOFOLLOW, &there);
	return r == 0 ? -EEXIST : r;
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
	foreign_link_release(&entry->foreign);
	free(entry->ranges);
	entry->ranges = NULL;
}
