/* SPDX-License-Identifier: BSD-2-Clause */
#include "hardlinks.h"

#include <errno.h>

#include "attrs.h"
#include "base.h"
#include "links.h"
#include "stat.h"

static struct inotab_key key_of(const struct entry *entry)
{
	const struct file_info *src = &entry->src->info;

	return (struct inotab_key){ src->dev, src->ino, "" };
}

bool hardlinks_concern(const struct run *run, const struct entry *entry)
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
	return run->policy->attributes_only && entry->making != DEST_NEW &&
	       entry->making != DEST_BESIDE;
}

int hardlinks_make(struct run *run, struct entry *entry, struct fault *reterr)
{
	const struct inotab_key key = key_of(entry);
	const enum dest_state judged = entry->making;
	const struct inotab_value *copy;
	int r;

	if (!hardlinks_concern(run, entry) || keeps_data(run, entry))
		return 1;
	copy = inotab_get(&run->links, key);
	if (!copy)
		return 1;
	if (judged == DEST_IN_PLACE)
		entry->making = DEST_BESIDE;
	r = link_to_copy(run, entry, copy, reterr);
	if (r == 0) {
		inotab_use(&run->links, key);
		entry->out.what = OUTCOME_LINK;
		entry->is_name = true;
	}
	if (r == 1) {
		inotab_forget(&run->links, key);
		entry->making = judged;
	}
	return r;
}

int hardlinks_join(struct run *run, struct entry *entry,
		   const struct existing *old, struct fault *reterr)
{
	const struct inotab_key key = key_of(entry);
	const struct inotab_value there = { entry->job.dst, old->info.dev,
					    old->info.ino,
					    names_left(run, entry), 0 };
	const struct inotab_value *copy;
	int r;

	if (run->policy->update != UPDATE_OLDER ||
	    run->policy->attributes_only || !hardlinks_concern(run, entry))
		return 0;
	copy = inotab_get(&run->links, key);
	if (copy && copy->dev == there.dev && copy->ino == there.ino) {
		inotab_use(&run->links, key);
		return 0;
	}
	if (copy)
		entry->making = DEST_BESIDE;
	r = hardlinks_make(run, entry, reterr);
	if (r == 1 && inotab_put(&run->links, key, there) < 0)
		return fault_set(reterr, FAULT_MEMORY, FAULT_DST, -ENOMEM);
	return r < 0 ? r : 0;
}

int hardlinks_note(struct run *run, const struct entry *entry,
		   const struct file_info *made)
{
	struct inotab_value copy = { entry->job.dst, made->dev, made->ino,
				     names_left(run, entry),
				     entry->late_flags };

	if (!hardlinks_concern(run, entry) || entry->is_name)
		return 0;
	/* The name may be a link to the file that was written. */
	if (entry->out.what != OUTCOME_LINK) {
		copy.dev = entry->made.dev;
		copy.ino = entry->made.ino;
	}
	return inotab_put(&run->links, key_of(entry), copy);
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

void hardlinks_set_flags(struct run *run, const struct entry *entry)
{
	const struct late late = { entry->dir, entry->name, entry->made,
				   entry->late_flags };

	if (late.flags && !hardlinks_concern(run, entry))
		set_late(run, &entry->job, &late);
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

void hardlinks_finish(struct run *run)
{
	inotab_each(&run->links, set_late_at_end, run);
}
