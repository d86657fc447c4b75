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
	uint64_t cloned;    /* bytes that share storage with the source */
	uint64_t offloaded; /* bytes the kernel copied; sharing is unknown */
	uint64_t copied;    /* bytes read and written */
	uint64_t holes;	    /* bytes left as holes by a byte copy */
	unsigned sparse;    /* set of enum outcome_sparse */
	int clone_err;	    /* errno that refused the clone; 0 if none did */
	int offload_err;    /* errno that refused copy_file_range(2); 0 */
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

	/* A file is done, whole. */
	void (*done)(void *ctx, const struct job *job,
		     const struct outcome *outcome);

	/*
	 * Something went wrong with JOB.  DETAIL is the extended attribute or
	 * the other path that the fault is about, or NULL.
	 */
	void (*fault)(void *ctx, const struct job *job,
		      const struct fault *fault, enum severity severity,
		      const char *detail);

	/* May the existing destination of JOB be overwritten? */
	bool (*ask)(void *ctx, const struct job *job,
		    const struct question *question);
};
