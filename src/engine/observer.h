/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "counts.h"
#include "fault.h"

/*
 * The observer receives what the engine reports.  The engine itself prints
 * nothing.
 *
 * A thing is what the run may make under one name: an operand, an entry of a
 * directory that is copied, a directory that --parents needs; and a range.
 * Each has a number of its own, from 1 on.  What is reported of a thing, in
 * this order:
 *
 * begin  Once, before anything is done for it.
 * made   At most once: it has its name.  It may still fail to get attributes.
 * end    Once, however it ends.  Nothing of it is reported after that.
 *
 * Its faults come between its begin and its end.  A thing that failed has at
 * least one, or a directory of --parents that it needs has, or a signal ends
 * the run: after that, no further operand or entry begins.  The number 0 belongs
 * to faults of the run itself, which come before the first begin.
 *
 * A directory is made before anything in it is, and ends after all of it has
 * ended.  Only a file with several names that is to become immutable ends last
 * of all, with the run.
 *
 * A range begins after its file.  It ends before its file does, by range_done()
 * or ranges_stopped(), and has no faults: what stopped it is a fault of its
 * file, which comes next.  Ranges of a new file begin only when it has its name.
 *
 * One call is made at a time, by any thread; those about different things are
 * mixed.  All strings and structs are valid only during the call.
 */

/* One thing to be made, by the paths that the user knows. */
struct job {
	uint64_t number;    /* its own in this run; 0: the run itself */
	const char *src;    /* path of the source */
	const char *dst;    /* path of the destination */
	const char *backup; /* path of the backup made of it; NULL if none */
};

/* What became of a thing. */
enum outcome_what {
	OUTCOME_FAILED,	    /* it is not made, or not to its end */
	OUTCOME_DATA,	    /* a file with the source's data */
	OUTCOME_ATTRIBUTES, /* --attributes-only */
	OUTCOME_LINK,	    /* a hard link or a symbolic link */
	OUTCOME_NODE,	    /* a FIFO, a socket or a device */
	OUTCOME_DIRECTORY,  /* a new directory */
	OUTCOME_EXISTING,   /* a directory that was there before */
	OUTCOME_RANGES,	    /* ranges, which were reported one by one */
	OUTCOME_SKIPPED,    /* nothing was made, as requested */
	OUTCOME_REPEATED,   /* nothing: the operand was named before */
};

/* How a file would get its content, if a dry run were none. */
enum plan_way {
	PLAN_WAY_NONE,		/* it has none */
	PLAN_WAY_CLONE_OR_COPY, /* by a clone, or else byte by byte */
	PLAN_WAY_CLONE_OR_FAIL, /* --reflink=always */
	PLAN_WAY_COPY,		/* byte by byte: plan.why */
};

/* Why no clone would be tried, or why it is known to be refused. */
enum plan_why {
	PLAN_WHY_NONE,
	PLAN_WHY_NEVER,	  /* --reflink=never */
	PLAN_WHY_SPARSE,  /* --sparse=never */
	PLAN_WHY_APART,	  /* different file systems */
	PLAN_WHY_LACKING, /* this type of file system can't clone */
	PLAN_WHY_STREAM,  /* it is no regular file */
};

/* What would become of an existing destination. */
enum plan_old {
	PLAN_OLD_NONE,	   /* there is none */
	PLAN_OLD_WRITTEN,  /* it would be written in place */
	PLAN_OLD_REPLACED, /* something new would take its name */
	PLAN_OLD_KEPT,	   /* it stays, as requested */
	PLAN_OLD_SAME,	   /* it stays: it is the requested link already */
};

/* What a dry run found out about a thing that would be made. */
struct plan {
	enum file_type type; /* of its source */
	enum plan_way way;
	enum plan_why why;
	enum plan_old old;
	bool asks;	/* -i would ask first */
	uint64_t bytes; /* of content, if that is known */
	/* The earlier copy that it would be a hard link to; NULL: none. */
	const char *link;
};

/* What was observed while a file was made. */
struct outcome {
	enum outcome_what what;
	enum file_type type; /* of the source; FILE_OTHER: unknown */
	uint64_t size;	     /* bytes in it, when it was opened */
	/* The file systems of the two, if content was to be copied; else 0. */
	uint64_t src_dev;
	uint64_t dst_dev;
	bool removed;	      /* an old destination was removed for it */
	struct counts counts; /* of its content */
	struct plan plan;     /* with --dry-run only */
};

/* What a dry run would need on a file system. */
struct plan_space {
	const char *path; /* the first destination on it */
	uint64_t least;	  /* bytes that would be copied for certain */
	uint64_t most;	  /* the same if every clone were refused */
	uint64_t freed;	  /* bytes of what would be overwritten */
	uint64_t free;	  /* bytes that this user may still use */
};

/*
 * What a run has done so far.  Any thread may read it at any time.  Bytes are
 * those of files that were made, as in struct counts.
 */
struct totals {
	_Atomic uint64_t n_begun;  /* things, which are numbered by it */
	_Atomic uint64_t n_failed; /* faults that count in the exit status */
	_Atomic uint64_t n_files;  /* those that have ended: no directories */
	_Atomic uint64_t cloned;
	_Atomic uint64_t offloaded;
	_Atomic uint64_t copied;
	_Atomic uint64_t holes;
	/* Of files that ended: what was to be copied and was not. */
	_Atomic uint64_t passed;
	/* Of files that are being copied, if they are long: */
	_Atomic uint64_t so_far; /* what is done */
	_Atomic uint64_t in_all; /* what is to be copied */
};

/* Why bytes of a range were copied, not cloned. */
enum range_why {
	RANGE_CLONED,  /* none were copied */
	RANGE_NEVER,   /* sharing was not requested */
	RANGE_REFUSED, /* the system refused: clone_err */
	RANGE_PHASE,   /* the offsets differ modulo the block size */
	RANGE_EDGES,   /* it begins or ends inside a block */
};

/* What was observed while a range was done. */
struct range_outcome {
	uint64_t number;  /* its place among those given, from 1 */
	struct span span; /* as given, with its length filled in */
	uint64_t cloned;  /* bytes that share storage with the source */
	uint64_t copied;  /* bytes read and written */
	uint64_t holes;	  /* bytes made holes without a clone */
	enum range_why why;
	uint64_t align; /* the block size, for RANGE_PHASE and RANGE_EDGES */
	int clone_err;	/* errno that refused the clone; 0 if none did */
};

/* How many ranges were done when a fault stopped them. */
struct ranges_stop {
	uint64_t n_done;  /* how many are done: the first n_done of n */
	uint64_t n;	  /* how many were requested */
	uint64_t done;	  /* bytes of those done */
	struct span span; /* the range that was stopped */
	uint64_t partly;  /* bytes of it that are certainly done */
	enum {
		STOP_FIRST,   /* these are its first bytes */
		STOP_SOME,    /* these are not its first bytes */
		STOP_UNKNOWN, /* a clone was interrupted: more may be done */
	} which;
};

/* How much a fault matters. */
enum severity {
	SEVERITY_FAILURE, /* counts in the exit status */
	SEVERITY_WARNING, /* only reported */
};

/* The question of -i about an existing file. */
struct question {
	bool writable;	   /* could it be opened for writing? */
	bool will_replace; /* will it be replaced, or else written? */
	uint32_t mode;	   /* its mode bits */
};

/* How often tick is called at most, in milliseconds. */
#define OBSERVER_TICK 100

/*
 * Of begin, made, end, range_done, space and tick, those not wanted are NULL.
 *
 * In a dry run, "made" means that it would be made, and nothing more is known of
 * it: outcome.plan is filled, and counts are 0.
 */
struct observer {
	void *ctx; /* passed to each call */

	/* Threads start now: from here on, any of them may call. */
	void (*threads)(void *ctx);

	/* Called now and then while something is being done. */
	void (*tick)(void *ctx);

	/* JOB begins. */
	void (*begin)(void *ctx, const struct job *job);

	/* JOB, which is no range, was made as OUTCOME says. */
	void (*made)(void *ctx, const struct job *job,
		     const struct outcome *outcome);

	/* JOB, which is no range, ends as OUTCOME says. */
	void (*end)(void *ctx, const struct job *job,
		    const struct outcome *outcome);

	/* JOB, a range, ends: it is done. */
	void (*range_done)(void *ctx, const struct job *job,
			   const struct range_outcome *outcome);

	/*
	 * JOB, a range, ends: a fault of its file, which is reported next, has
	 * stopped it.  Earlier ranges stay done, and later ones don't begin.
	 */
	void (*ranges_stopped)(void *ctx, const struct job *job,
			       const struct ranges_stop *stop);

	/* At the end of a dry run, of each file system that it would fill. */
	void (*space)(void *ctx, const struct plan_space *space);

	/*
	 * Something went wrong with JOB.  DETAIL is the extended attribute, the
	 * context or another path that the fault concerns, or NULL.
	 */
	void (*fault)(void *ctx, const struct job *job,
		      const struct fault *fault, enum severity severity,
		      const char *detail);

	/* May the existing destination of JOB be overwritten? */
	bool (*ask)(void *ctx, const struct job *job,
		    const struct question *question);
};
