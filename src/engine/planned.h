/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "clone_chance.h"
#include "fd.h"
#include "inotab.h"
#include "run.h"
#include "selinux_label.h"
#include "stat.h"
#include "thread.h"

/*
 * What a dry run would have made so far, so that it meets that again as the run
 * itself would.  A directory that would be made has FD_NONE for a descriptor.
 * What would be made gets a number, which no file has, in file_info.ino.  All
 * zeros at the beginning.
 */
struct planned {
	struct lock lock;	   /* guards the rest */
	struct inotab names;	   /* by path: struct file_info */
	struct planned_fs *places; /* owned, with all that follow */
	uint64_t n;		   /* numbers given so far */
};

/* A file system, and what would be written to it. */
struct planned_fs {
	struct planned_fs *next;
	struct clone_side side;
	bool is_asked;		 /* whether it was made with reflinks */
	uint64_t free;		 /* bytes; UINT64_MAX: it has no size */
	char *path;		 /* of the first file on it; owned */
	struct plan_space space; /* without its path */
};

/*
 * stat_at() of what AT names, in any run.  In a dry run, it may be what would
 * have been made, and its directory one that would have been.
 */
int planned_stat(const struct run *run, const struct label_job *at,
		 enum stat_link link, struct file_info *ret);

/* Would PATH have been made by now? */
bool planned_is_made(const struct run *run, const char *path);

/*
 * Open the directory PATH, which leads by ".." back out of what would be made.
 * In what links lead to, it may be another one.
 *
 * Returns 0 with *RET, or -errno of fd_open_at().
 */
int planned_open_back(const char *path, fd_t *ret);

/*
 * PATH would be made, as INFO says, which gets a number unless it has one.  It
 * is remembered if there are several operands, or --parents, which could meet
 * it.
 *
 * Returns 0 or -ENOMEM.
 */
int planned_note(const struct run *run, const char *path,
		 struct file_info *info);

/*
 * The file system with the number DEV, of which FD is a file; FD_NONE: known
 * before, or not at all.  Of an FD that can be read, more can be known.
 *
 * Returns 0 with *RET, valid until planned_release(), or NULL if nothing is
 * known; or -ENOMEM.
 */
int planned_fs(const struct run *run, uint64_t dev, fd_t fd,
	       struct planned_fs **ret);

/*
 * The same for what NAME is in the directory DIR.  *RET_DEV is its number, and
 * stays as it is if that is not known either.
 */
int planned_fs_at(const struct run *run, fd_t dir, const char *name,
		  uint64_t *ret_dev, struct planned_fs **ret);

/*
 * What N says would be written to FS, N->path for one.
 *
 * Returns 0 or -ENOMEM.
 */
int planned_add(const struct run *run, struct planned_fs *fs,
		const struct plan_space *n);

/* Report what would be needed where, and what doesn't fit. */
void planned_finish(struct run *run);

/* Free what P holds.  For _cleanup_. */
void planned_release(struct planned *p);
