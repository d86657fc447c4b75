/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "dest.h"
#include "run.h"
#include "selinux_label.h"
#include "source.h"
#include "trusted_path.h"

/*
 * An entry: one destination to make from one source.  It is the unit that is
 * decided about, made and reported.
 */
struct entry {
	struct job job;	  /* paths, for messages */
	fd_t dir;	  /* directory of the destination; borrowed */
	const char *name; /* its name there; borrowed */
	fd_t base; /* of an operand in a dry run, if DIR would be made: where
		      that is; FD_NONE */
	struct source *src; /* open; borrowed */
	/* About the directory of the destination: */
	bool below;	/* it is in a tree, where links are not followed */
	bool fresh;	/* this run made it, so the name is free */
	bool acl_free;	/* new files in it get no ACL */
	bool flag_free; /* new files in it get no inode flags */
	uint64_t dev;	/* file_info.dev, if it is fresh */
	/* The members below belong to copy_one(): */
	/* As decided: DEST_NEW, DEST_IN_PLACE, DEST_BESIDE, DEST_THROUGH. */
	enum dest_state making;
	struct outcome out;    /* as observed */
	fd_t held;	       /* the existing file; FD_NONE: not open */
	bool is_ended;	       /* its end was reported, or others do that */
	bool is_name;	       /* it was made a hard link to an earlier copy */
	uint32_t late_flags;   /* inode flags to set last of all */
	struct file_info made; /* the written file, if there is one */
	uint64_t so_far;       /* what it adds to totals.so_far */
	uint64_t in_all;       /* the same for totals.in_all */
	/* Owned; entry_release() frees them: */
	char *backup;		      /* job.backup */
	char *link;		      /* out.plan.link */
	struct foreign_link foreign;  /* a link that is not written through */
	struct range_outcome *ranges; /* of a new file, not told yet */
};

/*
 * Make the directory that AT names with MODE.  With --no-create, only check
 * whether the name exists; in a dry run, also whether it could be made.
 *
 * Returns 0; -EEXIST if the name exists; or -errno: -ENOENT also if --no-create
 * forbids to make the directory.
 */
int entry_make_directory(const struct run *run, const struct label_job *at,
			 uint32_t mode);

/* The step that makes the copy of ENTRY's source, or a link to it. */
enum fault_op entry_step(const struct run *run, const struct entry *entry);

/* Fill *RETERR: OP of making ENTRY's destination failed with R.  Returns R. */
int entry_fault(const struct run *run, const struct entry *entry,
		enum fault_op op, int r, struct fault *reterr);

/* The label job for making ENTRY as a TYPE.  It borrows from ENTRY. */
struct label_job entry_label(const struct entry *entry, enum file_type type);

/* Fill in what the outcome of ENTRY tells of its source. */
void entry_describe(struct entry *entry);

/* Add to the totals that DONE bytes of ENTRY are copied so far. */
void entry_note(struct run *run, struct entry *entry, uint64_t done);

/*
 * Make ENTRY->ranges.
 *
 * Returns 0, or -ENOMEM with *RETERR.
 */
int entry_keep_ranges(const struct run *run, struct entry *entry,
		      struct fault *reterr);

/* Report ENTRY->ranges, if there are any. */
void entry_tell_ranges(struct run *run, const struct entry *entry);

/* Report ENTRY's end to the observer, if nobody has or will. */
void entry_end(const struct run *run, struct entry *entry);

/* Free what ENTRY owns.  For _cleanup_. */
void entry_release(struct entry *entry);
