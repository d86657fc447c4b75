/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

#include "extent.h"

/*
 * What the bytes of a file share, by its extents.  Extents are only a way to
 * write a map down: two files that share everything may have it cut in different
 * ways.  So all this counts bytes.
 */

/* What is known about a byte of a file.  Each is one of these. */
enum share_class {
	SHARE_HOLE,	/* no storage; reads as zero */
	SHARE_RESERVED, /* storage of any kind that reads as zero */
	SHARE_GIVEN,	/* another of the files in question has its storage */
	SHARE_OTHER,	/* only something else has its storage */
	SHARE_OWN,	/* nothing else has its storage */
	SHARE_INLINE,	/* it lies among metadata, where nothing is shared */
	SHARE_UNKNOWN,	/* the file system doesn't tell */
	SHARE_CLASS_MAX,
};

/*
 * The class of the bytes of an extent with these flags.  They don't tell
 * SHARE_GIVEN and SHARE_OTHER apart: it is the latter.
 */
enum share_class share_classify(unsigned flags);

/*
 * The part of E that lies in [OFF, SIZE) of its file, with its place.
 *
 * Returns 1 with *RET, or 0 if there is no such part.
 */
int share_clip(const struct extent *e, uint64_t off, uint64_t size,
	       struct extent *ret);

/* How many bytes of E there are from OFF on, which is in it or at its end. */
uint64_t share_behind(const struct extent *e, uint64_t off);

/* Numbers of bytes, by their class. */
struct share_sums {
	uint64_t bytes[SHARE_CLASS_MAX];
};

/*
 * The sums of a file of SIZE bytes, which they add up to, and of its N_CELLS
 * parts, from the first to the last, which differ by one byte at most.
 */
struct share_tally {
	uint64_t size;
	struct share_sums sums;
	struct share_sums *cells; /* owned by its user */
	size_t n_cells;		  /* at most SIZE */
};

/* Begin with all of *T's SIZE bytes in holes. */
void share_tally_begin(struct share_tally *t);

/* The bytes of RANGE, which were FROM, are TO. */
void share_tally_move(struct share_tally *t, struct range range,
		      enum share_class from, enum share_class to);

/* Is all of a file shared?  A later one of these counts before an earlier one. */
enum share_answer {
	SHARE_ALL,	  /* all its data is, or it has no data */
	SHARE_NOT_ALL,	  /* some isn't */
	SHARE_NO_TELLING, /* of some, it can't be known */
};

/* Whom a file is to share its data with. */
enum share_aim {
	SHARE_WITH_ANYTHING,
	SHARE_WITH_GIVEN, /* one or several of the other files in question */
};

/* Does a file with SUMS share all its data as AIM says? */
enum share_answer share_judge(const struct share_sums *sums,
			      enum share_aim aim);

/* What a cell looks like, by the data that it shares as an aim says. */
enum share_look {
	SHARE_LOOKS_EMPTY,    /* holes only */
	SHARE_LOOKS_RESERVED, /* no data, but storage */
	SHARE_LOOKS_SHARED,   /* all data is shared so */
	SHARE_LOOKS_MOSTLY,   /* at least half */
	SHARE_LOOKS_PARTLY,   /* less */
	SHARE_LOOKS_OTHER,    /* none; most is shared with something else */
	SHARE_LOOKS_OWN,      /* none; most is not shared */
	SHARE_LOOKS_UNKNOWN,  /* something is unknown */
	SHARE_LOOK_MAX,
};

/* The look of a cell with SUMS. */
enum share_look share_look(const struct share_sums *sums, enum share_aim aim);
