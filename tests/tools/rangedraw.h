/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "range.h"

/* Random files, random ranges, and what has to come of them: for rangecheck. */

enum {
	SPANS_MAX = 6,
	ARGS_MAX = 24,
	ARG_SIZE = 96,
	FILE_MAX = 300 << 10,	/* bytes of most files, before the run */
	LARGE_MAX = 3 << 20,	/* of the others */
	CONTENT_MAX = 32 << 20, /* of any file, after it */
	FAR_MAX = 1536 << 10,	/* the furthest offset in a destination */
	POOL_SIZE = 1 << 20	/* random bytes to write */
};

enum place {
	PLACE_NEW,     /* there is no destination */
	PLACE_OLD,     /* there is one */
	PLACE_ITSELF,  /* it is the source, by its name */
	PLACE_HARD,    /* by a hard link */
	PLACE_SYMBOLIC /* by a symbolic link */
};

enum expect {
	EXPECT_DONE,
	EXPECT_REFUSED, /* and nothing changed */
	EXPECT_EITHER
};

enum reflink {
	REFLINK_AUTO,
	REFLINK_ALWAYS,
	REFLINK_NEVER
};

/* What has to be told of a range. */
enum told {
	TOLD_ANYTHING,
	TOLD_PARTLY, /* at least a part was cloned */
	TOLD_CLONED  /* all was */
};

/* Bytes of a file. */
struct content {
	unsigned char *v; /* all of CONTENT_MAX; zero from n on */
	uint64_t n;
};

/* One run of the program, and what is to come of it. */
struct trial {
	const char *program;
	const unsigned char *pool; /* POOL_SIZE random bytes */
	uint64_t seed;
	uint64_t clone_block; /* what clones are aligned to; 0: none is made */

	/* The rest is drawn anew for each case. */
	uint64_t number;     /* of the case */
	uint64_t state;	     /* of the random numbers */
	uint64_t block;	     /* that offsets are drawn around */
	struct content src;  /* the source, before */
	struct content old;  /* the destination, before */
	struct content want; /* the destination, after */
	enum place place;
	enum reflink reflink;
	enum expect expect;
	bool verbose;
	const char *sparse;	      /* NULL: not given */
	struct span spans[SPANS_MAX]; /* as given: len 0 is "to the end" */
	enum told told[SPANS_MAX];
	size_t n_spans;
	char *argv[ARGS_MAX + 1]; /* point into args */
	char args[ARGS_MAX][ARG_SIZE];
	size_t n_args;
	struct stat src_st; /* before the run */
	struct stat old_st;
};

/* Get memory for T's contents and fill the pool. */
void trial_prepare(struct trial *t);

/*
 * Draw case NUMBER: make its files in the current directory, and the model of
 * what comes of them.  The same each time for the same seed and block.
 */
void trial_draw(struct trial *t, uint64_t number);

/* Is the destination the source? */
bool trial_is_one_file(const struct trial *t);

/* The name of T's destination; the source's is "s". */
const char *trial_dst_name(const struct trial *t);

/* Remove the files of all cases. */
void trial_remove_files(void);
