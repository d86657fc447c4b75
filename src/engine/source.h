/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fault.h"
#include "fd.h"
#include "fileinfo.h"
#include "policy.h"

/*
 * The source of a copy.  It is opened once, to examine it, and stays open to
 * the end, so that the file that was examined is the file that is read.
 */
struct source {
	fd_t dir;		 /* the directory of NAME; borrowed */
	const char *name;	 /* an operand, or one component; borrowed */
	bool follow;		 /* a symbolic link was followed */
	fd_t fd;		 /* open for reading, or with FD_PATH */
	bool only_looks;	 /* the latter */
	struct file_info info;	 /* facts about FD */
	bool has_target;	 /* the link leads to something */
	struct file_info target; /* facts about a link's target; else as info */
	/* Inode flags, if attrs_before_data() found some; else 0. */
	uint32_t flags;
	int flags_err; /* 0; or the -errno of reading the flags */
	int read_err;  /* 0 if FD can be read; else the -errno of opening it */
	bool is_spent; /* it was read as a stream, and can't be read again */
};

#define SOURCE_EMPTY ((struct source){ .fd = FD_NONE })

/*
 * Open SRC, whose DIR, NAME and FOLLOW are set, for reading.  Open it with
 * FD_PATH if POLICY makes links, if it can't be opened for reading, and if
 * opening it has an effect (FIFOs, devices); source_readable() is called later
 * if it must be read.  TYPE is its listed type; FILE_OTHER: unknown.
 *
 * Returns 0; or -errno with a FAULT_STAT.  In any case, the caller passes SRC to
 * source_release().
 */
int source_open(struct source *src, enum file_type type,
		const struct policy *policy, struct fault *reterr);

/* Are links followed that are operands, or (OPERAND false) inside trees? */
bool source_follows(const struct policy *policy, bool operand);

/*
 * Open the source for reading, unless it is; for a FIFO this waits for a
 * writer.
 *
 * Returns 0, or -errno with a FAULT_OPEN, or a FAULT_SWAPPED if the name is
 * another file's by now.
 */
int source_readable(struct source *src, struct fault *reterr);

/*
 * Facts about the directory that contains the last component of PATH, an
 * operand.
 *
 * Returns 0 with *RET filled, or -errno of stat(2), -ENOMEM.
 */
int source_directory(const char *path, struct file_info *ret);

/* The same for the directory in which SRC was found. */
int source_found_in(const struct source *src, struct file_info *ret);

/* Close it.  For _cleanup_. */
void source_release(struct source *src);
