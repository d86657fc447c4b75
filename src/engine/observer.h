/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "fault.h"
#include "fileinfo.h"

/*
 * The observer receives what the engine reports.  The engine itself prints
 * nothing.  All strings are valid only during the call.
 */

/* One file to be made, by the paths that the user knows. */
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
	OUTCOME_RANGES,	    /* ranges, which were reported one by one */
	OUTCOME_SKIPPED,    /* nothing, as requested */
};

/* How a byte copy searched for holes; a set. */
enum outcome_sparse {
	SPARSE_BY_SEEK = 1 << 0,  /* asked the file system, SEEK_HOLE */
	SPARSE_BY_ZEROS = 1 << 1, /* examined the bytes */
};

/* What was observed while a file was made. */
struct outcome {
	enum outcome_what what;
	bool removed;	    /* an old destination was removed for it */
	bool is_clone;	    /* one clone made it, perhaps of 0 bytes */
	uint64_t cloned;    /* bytes that share storage with the source */
	uint64_t offloaded; /* bytes the kernel copied; sharing is unknown */
	uint64_t copied;    /* bytes read and written */
	uint64_t holes;	    /* bytes left as holes by a byte copy */
	unsigned sparse;    /* set of enum outcome_sparse */
	int clone_err;	    /* errno that refused the clone; 0 if none did */
	int offload_err;    /* errno that refused copy_file_range(2); 0 */
	bool not_offered;   /* there was no reason to call it */
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

struct observer {
	void *ctx; /* passed to each call */

	/*
	 * Threads will be started now.  From here on, any of them may make the
	 * other calls, one at a time.
	 */
	void (*threads)(void *ctx);

	/* A file is completed. */
	void (*done)(void *ctx, const struct job *job,
		     const struct outcome *outcome);

	/* A range of JOB is done. */
	void (*range_done)(void *ctx, const struct job *job,
			   const struct range_outcome *outcome);

	/*
	 * A fault, which is reported next, has stopped the ranges of JOB.
	 * Ranges that are done stay done.
	 */
	void (*ranges_stopped)(void *ctx, const struct job *job,
			       const struct ranges_stop *stop);

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
