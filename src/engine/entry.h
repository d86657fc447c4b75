/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "run.h"
#include "selinux_label.h"
#include "source.h"
#include "temp.h"
#include "trusted_path.h"

/* How the destination is made. */
enum making {
	MAKING_NEW,	 /* as a new file: the name is free */
	MAKING_IN_PLACE, /* by new content for the existing file */
	MAKING_BESIDE,	 /* under a temporary name, then renamed */
	MAKING_THROUGH,	 /* as the file that a dangling link leads to */
};

/*
 * An entry: one destination to make from one source.  It is the unit that is
 * decided about, made and reported.
 */
struct entry {
	struct job job;	    /* paths, for messages */
	fd_t dir;	    /* directory of the destination; borrowed */
	const char *name;   /* its name there; borrowed */
	struct source *src; /* open; borrowed */
	/* About the directory of the destination: */
	bool below;	/* it is in a tree, where links are not followed */
	bool fresh;	/* this run made it, so the name is free */
	bool acl_free;	/* new files in it get no ACL */
	bool flag_free; /* new files in it get no inode flags */
	uint64_t dev;	/* file_info.dev, if it is fresh */
	/* The members below belong to copy_one(): */
	enum making making;    /* as decided */
	struct outcome out;    /* as observed */
	fd_t held;	       /* the existing file; FD_NONE: not open */
	bool is_name;	       /* it was made a hard link to an earlier copy */
	uint32_t late_flags;   /* inode flags to set last of all */
	struct file_info made; /* the written file, if there is one */
	/* Owned; entry_release() frees them: */
	char *backup;		      /* job.backup */
	struct foreign_link foreign;  /* a link that is not written through */
	struct range_outcome *ranges; /* of a new file, not told yet */
};

/* The fault if the copy of a source of TYPE, or a link, can't be made. */
enum fault_op entry_create_op(const struct policy *policy, enum file_type type);

/*
 * Make the directory NAME in DIR with MODE.  With --no-create, only check
 * whether the name exists.
 *
 * Returns 0; -EEXIST if the name exists; or -errno: -ENOENT also if --no-create
 * forbids to make the directory.
 */
int entry_make_directory(const struct policy *policy, fd_t dir,
			 const char *name, uint32_t mode);

/* The label job for making ENTRY as a TYPE.  It borrows from ENTRY. */
struct label_job entry_label(const struct entry *entry, enum file_type type);

/*
 * The step to report when making ENTRY failed with R (negative): OP; or the
 * removal of the existing file, if cp would have failed there.
 */
enum fault_op entry_failed_op(const struct run *run, const struct entry *entry,
			      enum fault_op op, int r);

/*
 * Check that a file with a temporary name could take its final name: where
 * names can't be removed, the temporary name would stay for ever.
 *
 * Returns 0, or -EPERM with *RETERR, for OP as in entry_failed_op().
 */
int entry_check_place(const struct run *run, const struct entry *entry,
		      enum fault_op op, struct fault *reterr);

/*
 * NAME in DIR is taken, although this run made DIR: who made NAME?  If this run
 * did, DIR treats two different names as one (it ignores case, for example).
 *
 * Returns FAULT_JUST_CREATED or FAULT_APPEARED.
 */
enum fault_op entry_taken_op(fd_t dir, const char *name);

/* Free what ENTRY owns.  For _cleanup_. */
void entry_release(struct entry *entry);

/*
 * Give the new file its final name.  If the policy asks for a backup of an
 * existing file, make that first.  T must be closed.  On failure the old file
 * has its name again.
 *
 * Returns 0, or -errno with *RETERR.
 */
int entry_commit(struct run *run, struct entry *entry, struct temp *t,
		 struct fault *reterr);
