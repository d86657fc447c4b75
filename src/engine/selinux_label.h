/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"
#include "fileinfo.h"
#include "run.h"

/*
 * The SELinux context (label) of a copy: its source's (--preserve=context), the
 * system's default for its path (-Z), or one for all (--context=CTX).  A new
 * file is created with it, so that it never has another one.
 *
 * If a source's context can't be preserved, that depends on the option.  With
 * --preserve=context, it is a failure, and nothing is made.  With
 * --preserve=all, it is reported.  With -a, it is ignored.  If -Z can't set a
 * context, that is reported and counted, and the copy is made.
 */

/* A file that gets a context. */
struct label_job {
	const struct job *job;
	fd_t src;	     /* open, perhaps with FD_PATH */
	fd_t dir;	     /* the directory of the destination */
	const char *name;    /* its final name there */
	enum file_type type; /* the destination's type */
};

/*
 * Prepare for what the policy asks for, as far as SELinux allows it.  Call this
 * before threads are started.  If SELinux is off, warn about a CTX only.
 *
 * Returns 0 with RUN->label and RUN->contexts set, or -errno with the fault
 * reported.
 */
int selinux_label_begin(struct run *run);

/*
 * Choose the context of the next file that this thread makes, LJ.
 *
 * Returns 0, or -errno with *RETERR.
 */
int selinux_label_new(struct run *run, const struct label_job *lj,
		      struct fault *reterr);

/* The same for an existing file, FD.  A CTX is for new files only. */
int selinux_label_old(struct run *run, const struct label_job *lj, fd_t fd,
		      struct fault *reterr);
