/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fault.h"
#include "fd.h"
#include "fileinfo.h"
#include "fsinfo.h"
#include "pairs.h"
#include "policy.h"

/*
 * The source of a copy: opened once, when its facts are wanted, and held to
 * the end, so that what was judged is what is read.
 */
struct source {
	fd_t dir;	       /* where NAME is looked up; lent */
	const char *name;      /* an operand, or one component; lent */
	bool follow;	       /* a symbolic link was followed */
	fd_t fd;	       /* open for reading, or only to look at */
	bool only_looks;       /* the latter */
	struct file_info info; /* facts about what FD is */
	bool has_target;       /* the link leads to something */
	struct file_info
		target; /* what a link leads to; else the same as info */
	/* Inode flags, if attrs_before_data() found some; else 0. */
	uint32_t flags;
	int flags_err; /* 0; or -errno why they are not known */
	int read_err;  /* 0 if FD can be read; else the -errno of trying */
	bool is_spent; /* it was read where it stood: there is no second time */
};

#define SOURCE_EMPTY          \
	(struct source)       \
	{                     \
		.fd = FD_NONE \
	}

/* A source that is to be opened. */
struct source_name {
	fd_t dir;	     /* directory; FD_CWD for an operand */
	const char *name;    /* in it: an operand, or one component */
	bool follow;	     /* a symbolic link is followed */
	enum file_type type; /* what was listed; FILE_OTHER: not known */
};

/*
 * Open NAME: for reading or, where POLICY has a link made, only to look at.
 * What can't be opened for reading, and what is changed by being opened (FIFOs,
 * devices), is looked at too: whether more is needed is decided later,
 * source_readable().
 *
 * Returns 0 with *RET to be given to source_release(); or -errno with a
 * FAULT_STAT.
 */
int source_open(const struct source_name *name, const struct policy *policy,
		struct source *ret, struct fault *reterr);

/* Is a link followed that is an operand, or (not OPERAND) in a tree? */
bool source_follows(const struct policy *policy, bool operand);

/*
 * Make sure that the source can be read from here on; wait for the writer of
 * a FIFO.
 *
 * Returns 0, or -errno with a FAULT_OPEN, or a FAULT_SWAPPED if the name is
 * another file's by now.
 */
int source_readable(struct source *src, struct fault *reterr);

/*
 * Facts about the directory that has the name at the end of PATH, an operand.
 *
 * Returns 0 with *RET filled, or -errno of stat(2), -ENOMEM.
 */
int source_directory(const char *path, struct file_info *ret);

/* The same for the directory that SRC was found in. */
int source_found_in(const struct source *src, struct file_info *ret);

/*
 * One file seen twice, where a file system shows it under two numbers: the
 * upper layer of an overlay, or what FUSE shows, beside the file itself.  Is DST,
 * open for writing and with the facts DST_INFO, SRC in that way?  A snapshot
 * looks the same, but is not touched by what is done to the other; to tell them
 * apart the mtime of DST is moved by more than the coarsest step that either may
 * tell it in, and put back.  If it may not be moved they are taken for one.
 */
bool source_is_disguised(const struct source *src, fd_t dst,
			 const struct file_info *dst_info);

/*
 * What the size of SRC, a regular file, is worth.  PAIR remembers it for all
 * files of the same pair of file systems; it may be NULL.
 */
enum fs_sizes source_sizes(const struct source *src, struct pair *pair);

/* Is the size of SRC exact?  PAIR as for source_sizes(). */
bool source_is_exact(const struct source *src, struct pair *pair);

/* Close it.  For _cleanup_. */
void source_release(struct source *src);
