/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "fault_class.h"
#include "observer.h"
#include "policy.h"

/* What has come of a run, counted: for its summary and its exit status. */

/* The result of one thing. */
enum result {
	RESULT_CLONED,	/* it shares the storage of its source */
	RESULT_COPIED,	/* it doesn't, as far as is known */
	RESULT_MIXED,	/* some of it does */
	RESULT_LINKED,	/* it is a link */
	RESULT_CREATED, /* it was made, and nothing was to be put into it */
	RESULT_SKIPPED, /* nothing was made, and nothing had to be */
	RESULT_FAILED,	/* it is not made, or not to its end */
	RESULT_MAX,
};

/* What things are counted apart. */
enum thing {
	THING_FILE, /* all that is neither of the next two */
	THING_DIRECTORY,
	THING_RANGE,
	THING_MAX,
};

/* Files that could not be cloned, between two file systems. */
struct tally_pair {
	struct tally_pair *next;
	uint64_t src_dev; /* file_info.dev */
	uint64_t dst_dev;
	int err;	/* errno that refused them */
	bool by_range;	/* of FICLONERANGE, not FICLONE */
	uint64_t files; /* how many */
	uint64_t bytes; /* copied in place of the clones */
	char *src;	/* one of them, owned; NULL: out of memory */
	char *dst;
};

/* Failures for one reason. */
struct tally_reason {
	struct tally_reason *next;
	struct fault fault; /* the first of them */
	uint64_t n;
};

struct tally {
	uint64_t n[THING_MAX][RESULT_MAX];
	/* Bytes of what has not failed; those of ranges once, as their file's. */
	uint64_t cloned;
	uint64_t copied;
	uint64_t offloaded;
	uint64_t holes;
	/* Failures, all of which have a class; and warnings. */
	uint64_t failures[FAULT_CLASS_MAX];
	uint64_t warnings;
	uint64_t refused;	  /* failures that are only refused clones */
	uint64_t vanished;	  /* failures because a source is gone */
	struct tally_pair *pairs; /* owned, the latest first */
	struct tally_reason *reasons; /* the same */
};

/*
 * An observer that counts in TALLY, which is all zeros before.  In a dry run, it
 * counts failures only.
 */
struct observer tally_observer(struct tally *tally,
			       const struct policy *policy);

/* How many failures there are. */
uint64_t tally_failures(const struct tally *tally);

/*
 * The exit status of --detailed-exit-code for what TALLY has counted: 0, or of
 * several that apply the first of 1 (something failed), 6 (no space), 4 (a clone
 * was refused), 5 (a source is gone), 3 (bytes were copied).
 */
int tally_status(const struct tally *tally);

/* The result of a thing that ended as OUT says. */
enum result result_of(const struct outcome *out);

/* The same for a range that is done. */
enum result result_of_range(const struct range_outcome *out);

/* Its name in reports: "cloned", "copied" ... */
const char *result_name(enum result result);

/* Free what TALLY holds.  For _cleanup_. */
void tally_release(struct tally *tally);
