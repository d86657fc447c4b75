/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "claims.h"
#include "dest.h"
#include "fs_pairs.h"
#include "inotab.h"
#include "observer.h"
#include "policy.h"
#include "thread.h"

struct late_file;
struct planned;
struct selinux_defaults;

/* How the SELinux context of a copy is chosen: selinux_label.h. */
enum label {
	LABEL_NONE,    /* by the kernel: SELinux is off, or CTX was given */
	LABEL_KEEP,    /* the source's context */
	LABEL_DEFAULT, /* the default by selinux.h */
};

/*
 * The state of one run of the program, from the first operand to the last.
 * session_run() owns it; the rest of the engine borrows it.
 */
struct run {
	const struct policy *policy;
	const struct observer *obs; /* called only with TURN held */
	struct lock *turn;
	struct totals *totals;
	struct fs_pairs pairs; /* what pairs of file systems refused */
	struct inotab sources; /* operands so far, by directory; label: name */
	struct inotab created; /* destinations so far; label: path, or "" */
	struct inotab parents; /* directories that --parents made */
	struct inotab links;   /* sources with several names: first_copy */
	bool several;	       /* several operands, so the tables matter */
	bool privileged;       /* may give files away */
	enum label label;      /* how contexts are chosen */
	struct selinux_defaults *contexts; /* with LABEL_DEFAULT; owned */
	struct dest_refusals refusals;	   /* of file systems, so far */
	struct claims claims;	 /* files of trees that are being written */
	struct late_file *late;	 /* files to complete: hardlinks_finish() */
	struct planned *planned; /* by a dry run; else NULL */
	struct lock names; /* guards links, late, and files of several names */
	uint32_t umask;	   /* the umask of the process */
	_Atomic uint64_t tick_due; /* clock_ms() of the next Observer.tick */
};

/* Observer.threads, as each call below while no other thread calls one. */
void run_threads(const struct run *run);

/* Observer.tick, if it is due. */
void run_tick(struct run *run);

/* Give JOB its number, and call Observer.begin.  This ticks. */
void run_begin(struct run *run, struct job *job);

/* Observer.made. */
void run_made(const struct run *run, const struct job *job,
	      const struct outcome *outcome);

/* Add OUTCOME's bytes to the totals, and call Observer.end. */
void run_end(const struct run *run, const struct job *job,
	     const struct outcome *outcome);

/* Observer.range_done. */
void run_range_done(const struct run *run, const struct job *job,
		    const struct range_outcome *outcome);

/* Observer.ranges_stopped. */
void run_ranges_stopped(const struct run *run, const struct job *job,
			const struct ranges_stop *stop);

/* Observer.space. */
void run_space(const struct run *run, const struct plan_space *space);

/* Observer.ask. */
bool run_ask(const struct run *run, const struct job *job,
	     const struct question *question);

/* Report a failure to the observer, and count it.  DETAIL may be NULL. */
void run_fail(struct run *run, const struct job *job, const struct fault *fault,
	      const char *detail);

/* The same for a fault made of OP, OBJ and R (negative).  Returns R. */
int run_fault(struct run *run, const struct job *job, enum fault_op op,
	      enum fault_obj obj, int r);

/* The same as run_fail() for a warning: it is reported, not counted. */
void run_warn(const struct run *run, const struct job *job,
	      const struct fault *fault, const char *detail);
