/* SPDX-License-Identifier: BSD-2-Clause */
#include "copy.h"

#include <errno.h>

#include "existing.h"
#include "file.h"
#include "hardlinks.h"
#include "links.h"
#include "nodes.h"
#include "planned.h"
#include "rehearsal.h"
#include "stat.h"

/*
 * How often to begin again: while other processes change the destination, and
 * after the file system has refused a way of giving it its name (at most twice
 * in a run).
 */
#define TRIES 10

/* What is made of a source of TYPE, no directory. */
static enum outcome_what outcome_of(const struct policy *policy,
				    enum file_type type)
{
	if (policy->make != MAKE_COPY || type == FILE_SYMLINK)
		return OUTCOME_LINK;
	if (policy_makes_node(policy, type))
		return OUTCOME_NODE;
	if (policy->attributes_only)
		return OUTCOME_ATTRIBUTES;
	return policy->ranged ? OUTCOME_RANGES : OUTCOME_DATA;
}

/* Examine the destination and act.  In a new directory each name is free. */
static int make(struct run *run, struct entry *entry, enum existing_look how,
		struct fault *reterr)
{
	struct existing old = { .exists = false };
	int r = entry->fresh ? 0
			     : existing_judge(run, entry, how, &old, reterr);

	if (r < 0)
		return r;
	if (r == 1)
		return hardlinks_join(run, entry, &old, reterr);
	r = hardlinks_make(run, entry, reterr);
	if (r <= 0)
		return r;
	entry->out.what = outcome_of(run->policy, entry->src->info.type);
	if (run->policy->dry_run)
		return rehearsal_make(run, entry, &old, reterr);
	if (run->policy->make == MAKE_HARD_LINK)
		return link_hard(run, entry, reterr);
	if (run->policy->make == MAKE_SYMBOLIC_LINK)
		return link_symbolic(run, entry, reterr);
	if (entry->out.what == OUTCOME_LINK)
		return link_copy(run, entry, reterr);
	if (entry->out.what == OUTCOME_NODE)
		return node_copy(run, entry, reterr);
	return file_copy(run, entry, &old.target, reterr);
}

/* Remember what was made, if later entries could meet it. */
static int remember(struct run *run, struct entry *entry, struct fault *reterr)
{
	const struct label_job at = entry_label(entry, FILE_OTHER);
	struct file_info made;
	int r;

	if ((!run->several || entry->below) && !hardlinks_concern(run, entry))
		return 0;
	made = entry->made;
	r = run->policy->dry_run && entry->making != DEST_IN_PLACE
		    ? 0
		    : planned_stat(run, &at, STAT_NOFOLLOW, &made);
	if (r < 0)
		return fault_set_in(reterr, CALL_FSTATAT, FAULT_STAT, FAULT_DST,
				    r);
	r = existing_note(run, entry, &made);
	if (r == 0)
		r = hardlinks_note(run, entry, &made);
	if (r < 0)
		return fault_set(reterr, FAULT_MEMORY, FAULT_DST, r);
	return 0;
}

/* ENTRY was made or skipped. */
static int report(struct run *run, struct entry *entry, struct fault *reterr)
{
	if (entry->out.what == OUTCOME_SKIPPED)
		return 0;
	entry->out.removed = entry->making == DEST_BESIDE;
	run_made(run, &entry->job, &entry->out);
	if (run->policy->dry_run)
		entry_tell_ranges(run, entry);
	hardlinks_set_flags(run, entry);
	return remember(run, entry, reterr);
}

/* Is the source what --json writes, under whatever name? */
static bool is_report(const struct run *run, const struct entry *entry)
{
	return run->policy->report &&
	       file_info_same(&entry->src->info, run->policy->report);
}

int copy_one(struct run *run, struct entry *entry, struct fault *reterr)
{
	bool alone = hardlinks_concern(run, entry);
	const struct fault from_report = { .op = FAULT_FROM_REPORT,
					   .obj = FAULT_SRC };
	enum existing_look how = LOOK_BY_NAME;
	int r = FILE_AGAIN;

	entry->held = FD_NONE;
	if (is_report(run, entry)) {
		entry->out.what = OUTCOME_SKIPPED;
		run_warn(run, &entry->job, &from_report, NULL);
		return 0;
	}
	/* Two names copied at the same time would become two files. */
	if (alone)
		lock_take(&run->names);
	for (int i = 0; i < TRIES && r == FILE_AGAIN; i++) {
		entry->out = (struct outcome){ .what = OUTCOME_SKIPPED };
		entry->making = DEST_NEW;
		r = make(run, entry, how, reterr);
		fd_closep(&entry->held);
		how = LOOK_AND_HOLD;
	}
	if (r == FILE_AGAIN)
		r = fault_set(reterr, FAULT_SWAPPED, FAULT_DST, -EBUSY);
	/* Another process took the name; or a directory ignores case. */
	if (r == -EEXIST && entry->fresh)
		r = fault_set(reterr,
			      existing_taken_op(entry->dir, entry->name),
			      FAULT_DST, r);
	if (r >= 0)
		r = report(run, entry, reterr);
	if (r < 0)
		entry->out.what = OUTCOME_FAILED;
	if (alone)
		lock_give(&run->names);
	return r;
}
