/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "label.h"
#include "run.h"
#include "source.h"
#include "temp.h"
#include "way.h"

/* How the destination comes to be. */
enum making {
	MAKING_NEW,	 /* nothing has its name */
	MAKING_IN_PLACE, /* what has the name gets new content */
	MAKING_BESIDE,	 /* made under another name, then renamed */
	MAKING_THROUGH,	 /* made where a link leads that leads to nothing */
};

/*
 * One name to be made from one source: what is judged, made and told as one.
 */
struct item {
	struct job job;	    /* paths, for what is told */
	fd_t dir;	    /* directory of the destination; the caller's */
	const char *name;   /* its name there; the caller's */
	struct source *src; /* open; the caller's */
	/* Of the directory that it is made in: */
	bool below;	/* it is in a tree: a link that has the name stays */
	bool fresh;	/* it was made by this run, so the name is free */
	bool acl_free;	/* what is made in it gets no ACL */
	bool flag_free; /* what is made in it gets no inode flags */
	uint64_t dev;	/* file_info.dev, if it is fresh */
	/* from here on copy_item()'s */
	enum making making;    /* as judged */
	struct outcome out;    /* as observed */
	fd_t held;	       /* what has the name; FD_NONE: not held */
	bool is_name;	       /* made a name of an earlier copy */
	uint32_t late_flags;   /* inode flags that are set last of all */
	struct file_info made; /* the file that was written, if one was */
	/* owned: item_release() */
	char *backup;		     /* job.backup */
	struct foreign_link foreign; /* that is not written through */
};

/* What fails where the copy of a source of TYPE, or a link, can't be made. */
enum fault_op item_create_op(const struct policy *policy, enum file_type type);

/*
 * Make the directory NAME in DIR with MODE; with --no-create see only whether
 * something has the name.
 *
 * Returns 0; -EEXIST if something has it; or -errno: -ENOENT also if none has,
 * and none may be made.
 */
int item_make_directory(const struct policy *policy, fd_t dir, const char *name,
			uint32_t mode);

/* What gets a context where ITEM is made as a TYPE.  It lends from ITEM. */
struct label_job item_label(const struct item *item, enum file_type type);

/*
 * What is told to have failed with R (negative) while ITEM was made: OP, or,
 * where cp takes away first what has the name, that.
 */
enum fault_op item_failed_op(const struct run *run, const struct item *item,
			     enum fault_op op, int r);

/*
 * Something new beside what has the name is made only if it can take the name:
 * in a directory where names can't be taken away it would stay for ever.
 *
 * Returns 0, or -EPERM with *RETERR, by OP as in item_failed_op().
 */
int item_check_place(const struct run *run, const struct item *item,
		     enum fault_op op, struct fault *reterr);

/*
 * NAME can't be made in DIR, which this run made, for something has it: whose?
 * Where this run made that, DIR takes two names for one, and has it by the other.
 *
 * Returns FAULT_JUST_CREATED or FAULT_APPEARED.
 */
enum fault_op item_taken_op(fd_t dir, const char *name);

/* Free what came to be ITEM's own.  For _cleanup_. */
void item_release(struct item *item);

/*
 * Give the file that was made its name: a backup of what has the name first,
 * if the policy wants one.  T is closed.  On failure the old file has its
 * name again.
 *
 * Returns 0, or -errno with *RETERR.
 */
int item_commit(struct run *run, struct item *item, struct temp *t,
		struct fault *reterr);
