/* SPDX-License-Identifier: BSD-2-Clause */
#include "hardlinks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attrs.h"
#include "base.h"
#include "links.h"
#include "rehearsal.h"
#include "stat.h"

static struct inotab_key key_of(const struct entry *entry)
{
	return inotab_key_of(&entry->src->info, "");
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

/* Record COPY, the first of ENTRY's source.  Returns 0 or -ENOMEM. */
static int note_copy(struct run *run, const struct entry *entry,
		     const struct file_info *made)
{
	const size_t n = strlen(entry->job.dst) + 1;
	struct first_copy *copy;

	if (inotab_get(&run->links, key_of(entry)))
		return 0;
	copy = inotab_add(&run->links, key_of(entry), sizeof(*copy) + n);
	if (!copy)
		return -ENOMEM;
	copy->dev = made->dev;
	copy->ino = made->ino;
	copy->left = names_left(run, entry);
	memcpy(copy->path, entry->job.dst, n);
	return 0;
}

/* COPY got one more name, ENTRY.  After the last one it is forgotten. */
static void count_name(struct run *run, const struct entry *entry,
		       struct first_copy *copy)
{
	if (copy->left > 1)
		copy->left--;
	else
		inotab_forget(&run->links, key_of(entry));
}

int hardlinks_make(struct run *run, struct entry *entry, struct fault *reterr)
{
	const enum dest_state judged = entry->making;
	struct first_copy *copy;
	int r;

	if (!hardlinks_concern(run, entry) || keeps_data(run, entry))
		return 1;
	copy = inotab_get(&run->links, key_of(entry));
	if (!copy)
		return 1;
	if (judged == DEST_IN_PLACE)
		entry->making = DEST_BESIDE;
	r = run->policy->dry_run ? rehearsal_link(run, entry, copy, reterr)
				 : link_to_copy(run, entry, copy, reterr);
	if (r == 0) {
		count_name(run, entry, copy);
		entry->out.what = OUTCOME_LINK;
		entry->is_name = true;
	}
	if (r == 1) {
		inotab_forget(&run->links, key_of(entry));
		entry->making = judged;
	}
	return r;
}

int hardlinks_join(struct run *run, struct entry *entry,
		   const struct existing *old, struct fault *reterr)
{
	struct first_copy *copy;
	int r;

	if (run->policy->update != UPDATE_OLDER ||
	    run->policy->attributes_only || !hardlinks_concern(run, entry))
		return 0;
	copy = inotab_get(&run->links, key_of(entry));
	if (copy && copy->dev == old->info.dev && copy->ino == old->info.ino) {
		count_name(run, entry, copy);
		return 0;
	}
	if (copy)
		entry->making = DEST_BESIDE;
	r = hardlinks_make(run, entry, reterr);
	if (r == 1 && note_copy(run, entry, &old->info) < 0)
		return fault_set(reterr, FAULT_MEMORY, FAULT_DST, -ENOMEM);
	return r < 0 ? r : 0;
}

/* An entry that gets its inode flags only at the end of the run. */
struct late_file {
	struct late_file *next;
	struct entry entry; /* only what set_late() and run_end() need */
	char *src;	    /* owned: its paths */
	char *dst;
	char *backup; /* NULL if there is none */
};

static void late_file_free(struct late_file *late)
{
	free(late->src);
	free(late->dst);
	free(late->backup);
	free(late);
}

/* Let hardlinks_finish() complete ENTRY.  Returns 0 or -ENOMEM. */
static int put_off(struct run *run, struct entry *entry)
{
	const struct job *job = &entry->job;
	struct late_file *late = calloc(1, sizeof(*late));

	if (!late)
		return -ENOMEM;
	late->src = strdup(job->src);
	late->dst = strdup(job->dst);
	late->backup = job->backup ? strdup(job->backup) : NULL;
	if (!late->src || !late->dst || (job->backup && !late->backup)) {
		late_file_free(late);
		return -ENOMEM;
	}
	entry_describe(entry);
	late->entry = (struct entry){
		.job = { job->number, late->src, late->dst, late->backup },
		.dir = FD_CWD,
		.name = late->dst,
		.out = entry->out,
		.late_flags = entry->late_flags,
		.made = entry->made,
	};
	late->next = run->late;
	run->late = late;
	entry->is_ended = true;
	return 0;
}

int hardlinks_note(struct run *run, struct entry *entry,
		   const struct file_info *made)
{
	int r;

	if (!hardlinks_concern(run, entry) || entry->is_name)
		return 0;
	/* The name may be a link to the file that was written. */
	if (entry->out.what != OUTCOME_LINK && entry->out.what != OUTCOME_NODE)
		made = &entry->made;
	r = note_copy(run, entry, made);
	return r == 0 && entry->late_flags ? put_off(run, entry) : r;
}

/* Set ENTRY's inode flags that must come last. */
static void set_late(struct run *run, const struct entry *entry)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info now;
	int r = fd_open_at(entry->dir, entry->name, FD_READ | FD_NO_WAIT, &fd);

	enum fault_call call = r < 0 ? CALL_OPENAT : CALL_FSTAT;
	struct fault fault;

	if (r == 0)
		r = stat_fd(fd, &now);
	if (r == 0 && !file_info_same(&now, &entry->made)) {
		call = CALL_NONE;
		r = -EBUSY;
	}
	if (r == 0) {
		attrs_set_late(run, &entry->job, fd, entry->late_flags);
		return;
	}
	(void)fault_set_in(&fault, call, FAULT_SET_FLAGS, FAULT_DST, r);
	run_fail(run, &entry->job, &fault, NULL);
}

void hardlinks_set_flags(struct run *run, const struct entry *entry)
{
	if (entry->late_flags && !hardlinks_concern(run, entry))
		set_late(run, entry);
}

void hardlinks_finish(struct run *run)
{
	struct late_file *late;

	while ((late = run->late)) {
		set_late(run, &late->entry);
		run_end(run, &late->entry.job, &late->entry.out);
		run->late = late->next;
		late_file_free(late);
	}
}
