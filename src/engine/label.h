/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fd.h"
#include "fileinfo.h"
#include "run.h"

/*
 * Which SELinux context a copy gets: its source's (--preserve=context), that
 * which the policy of the system has for its path (-Z), or one for all
 * (--context=CTX).  What is new is made with it, so that it never has another.
 *
 * A source's context that can't be kept is a failure before anything is made
 * if it was asked for by name, is told if --preserve=all brought it along, and
 * goes without a word if -a did.  What -Z can't set is told and counted, and
 * the copy is made.
 */

/* What gets a context. */
struct label_job {
	const struct job *job;
	fd_t src;	     /* open, if only to look at */
	fd_t dir;	     /* what is new gets NAME in it */
	const char *name;    /* in the end, whatever it is made by */
	enum file_type type; /* what is made, or is there */
};

/*
 * See what SELinux allows of what the policy asks for.  Before
 * there are threads.  Where it is off only a CTX is worth a warning.
 *
 * Returns 0 with RUN->label and RUN->contexts, or -errno with the fault told.
 */
int label_begin(struct run *run);

/*
 * The next thing that this thread makes is LJ: choose its context.
 *
 * Returns 0, or -errno with *RETERR.
 */
int label_new(struct run *run, const struct label_job *lj,
	      struct fault *reterr);

/*
 * The same for what is there, FD.  A CTX is for new files only.
 */
int label_old(struct run *run, const struct label_job *lj, fd_t fd,
	      struct fault *reterr);
