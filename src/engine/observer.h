/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "fault.h"
#include "fileinfo.h"

/*
 * How the engine tells its story.  The engine prints nothing: whoever wants
 * words gives it one of these.  All strings are lent for the call.
 */

/* One file to be made, as the user knows it. */
struct job {
	const char *src;    /* path of the source */
	const char *dst;    /* path of the destination */
	const char *backup; /* path of the backup made of it; NULL if none */
};

/* What was done for a file. */
enum outcome_what {
	OUTCOME_DATA,	    /* a file with the source's data */
	OUTCOME_ATTRIBUTES, /* --attributes-only */
	OUTCOME_LINK,	    /* a hard link or a symbolic link */
	OUTCOME_DIRECTORY,  /* a directory, for --parents */
	OUTCOME_RANGES,	    /* ranges, each told by itself */
	OUTCOME_SKIPPED,    /* nothing, as was asked for */
};

/* How holes were looked for by a byte copy; a set. */
enum outcome_sparse {
	SPARSE_BY_SEEK = 1 << 0,  /* asked the file system, SEEK_HOLE */
	SPARSE_BY_ZEROS = 1 << 1, /* looked at the bytes */
};

/* What was observed while a file was made. */
struct outcome {
	enum outcome_what what;
	bool removed;	    /* an old destination was removed for it */
	bool is_clone;	    /* one clone made it, be it of no bytes */
	uint64_t cloned;    /* bytes that share storage with the source */
	uint64_t offloaded; /* bytes the kernel copied; sharing is unknown */
	uint64_t copied;    /* bytes read and written */
	uint64_t holes;	    /* bytes left as holes by a byte copy */
	unsigned sparse;    /* set of enum outcome_sparse */
	int clone_err;	    /* errno that refused the clone; 0 if none did */
	int offload_err;    /* errno that refused copy_file_range(2); 0 */
	bool not_offered;   /* there was nothing to call that for */
};

/* Why bytes of a range were copied, not cloned. */
enum range_why {
	RANGE_CLONED,  /* none were */
	RANGE_NEVER,   /* sharing was not asked for */
	RANGE_REFUSED, /* the system said no: clone_err */
	RANGE_PHASE,   /* the offsets differ modulo the block size */
	RANGE_EDGES,   /* it begins or ends inside a block */
};

/* What was observed while a range was done. */
struct range_outcome {
	uint64_t number;  /* which of those given, from 1 */
	struct span span; /* as it was given, its length filled in */
	uint64_t cloned;  /* bytes that share storage with the source */
	uint64_t copied;  /* bytes read and written */
	uint64_t holes;	  /* bytes of holes, made without a clone */
	enum range_why why;
	uint64_t align; /* the block size, for RANGE_PHASE and RANGE_EDGES */
	int clone_err;	/* errno that refused the clone; 0 if none did */
};

/* How far ranges had come when they were stopped. */
struct ranges_stop {
	uint64_t n_done;  /* ranges done, the first ones */
	uint64_t n;	  /* ranges asked for */
	uint64_t done;	  /* bytes of those done */
	struct span span; /* the one that was stopped */
	uint64_t partly;  /* bytes of it that are done for certain */
	enum {
		STOP_FIRST,   /* those are its first */
		STOP_SOME,    /* they are not */
		STOP_UNKNOWN, /* a clone ended in the middle: any more may be */
	} which;
};

/* How much a fault matters. */
enum severity {
	SEVERITY_FAILURE, /* counts in the exit status */
	SEVERITY_WARNING, /* only told */
};

/* What -i asks. */
struct question {
	bool writable;	   /* could it be opened for writing? */
	bool will_replace; /* is it removed, or written? */
	uint32_t mode;	   /* its mode bits */
};

struct observer {
	void *ctx; /* given to each call */

	/*
	 * Threads are about to be started: all else below may be called by any
	 * of them, one at a time.
	 */
	void (*threads)(void *ctx);

	/* A file is done, whole. */
	void (*done)(void *ctx, const struct job *job,
		     const struct outcome *outcome);

	/* A range of JOB is done. */
	void (*range_done)(void *ctx, const struct job *job,
			   const struct range_outcome *outcome);

	/*
	 * The ranges of JOB are stopped by a fault, which is told afterwards.
	 * Those that are done stay done.
	 */
	void (*ranges_stopped)(void *ctx, const struct job *job,
			       const struct ranges_stop *stop);

	/*
	 * Something went wrong with JOB.  DETAIL is the extended attribute, the
	 * context or the other path that the fault is about, or NULL.
	 */
	void (*fault)(void *ctx, const struct job *job,
		      const struct fault *fault, enum severity severity,
		      const char *detail);

	/* May the existing destination of JOB be overwritten? */
	bool (*ask)(void *ctx, const struct job *job,
		    const struct question *question);
};
