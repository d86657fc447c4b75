/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What the source is. */
enum source {
	SOURCE_PLAIN,  /* 8 KiB */
	SOURCE_ODD,    /* 9192 bytes: no whole number of blocks */
	SOURCE_LONG,   /* 40000 bytes, the same */
	SOURCE_EMPTY,  /* no byte */
	SOURCE_SPARSE, /* 1 MiB with holes, one at its end, and stored zeros */
	SOURCE_ATTRS,  /* 8 KiB, owner, set-id bits, attributes and an ACL */
	SOURCE_LINK,   /* a symbolic link */
	SOURCE_TWO,    /* 8 KiB with the names src and src2 */
	SOURCE_TREE,   /* a/b/f */
	SOURCE_BIG,    /* 64 MiB of storage: cloned by a child process */
	SOURCE_NOCOW, /* 8 KiB, chattr +C; refused where there is no such thing */
	SOURCE_PROC,  /* /proc/version, of which nothing is made */
	SOURCE_TREES, /* SOURCE_TREES + a grove of trees.h */
};

/* What comes of it if nothing fails. */
enum result {
	RESULT_COPY,	/* dst has the bytes of the source */
	RESULT_KEPT,	/* dst stays */
	RESULT_ATTRS,	/* dst has its attributes */
	RESULT_SYMLINK, /* dst is a symbolic link to the source */
	RESULT_SAME,	/* dst is the source; or src is src2, in dst */
	RESULT_TREE,	/* the source with its directories */
	RESULT_RANGES,	/* dst has the source's bytes in ranges (ranges.h) */
	RESULT_TREES,	/* trees have the names that they had (treejudge.h) */
};

enum scenario_flag {
	/* The old name gets a new file; or it may, as with -f. */
	REPLACES = 1 << 0,
	/* The old file may be written in place. */
	IN_PLACE = 1 << 1,
	/* The old file is kept under another name. */
	BACKUP = 1 << 2,
	/* All or nothing is shared; where clones are impossible it fails. */
	ALWAYS = 1 << 3,
	/* Nothing is shared. */
	NEVER = 1 << 4,
	/* Mode, owner, times, ACLs are kept. */
	KEEPS = 1 << 5,
	/* Source and destination must be on one file system. */
	ONE_FS = 1 << 6,
	/* The program says no. */
	REFUSED = 1 << 7,
	/* Standard input is closed. */
	NO_STDIN = 1 << 8,
	/* The old file is newer than the source. */
	OLD_IS_NEWER = 1 << 9,
	/* dst is a symbolic link to the old file, which is called real. */
	OLD_IS_LINKED = 1 << 10,
	/* All extended attributes are kept. */
	KEEPS_ALL = 1 << 11,
	/* Ranges that can't be shared: they differ in phase. */
	COPIED = 1 << 12,
	/* Trees: the names are, or stand for, what links lead to. */
	LINKS_DIFFER = 1 << 13,
	/* Trees: what is there has other content or another type. */
	CONTENT_DIFFERS = 1 << 14,
	/* Several threads: what is called when is not known. */
	THREADS = 1 << 15,
	/* The old file was written just before. */
	OLD_IS_FRESH = 1 << 16,
	/* Standard error is a terminal, and time passes fast. */
	ON_TERMINAL = 1 << 17,
};

/* No old file. */
#define NO_OLD (-1)

struct scenario {
	const char *name;
	/*
	 * Arguments, with blanks between.  They are looked up in the source
	 * directory; %NAME is NAME in the destination directory, @NAME the
	 * source with its whole path.
	 */
	const char *args;
	enum source source;
	/* Size of the old file dst, or NO_OLD; with trees, which grove. */
	off_t old;
	unsigned flags;
	enum result result;
	/*
	 * On standard input, and in the file "list" beside the source if ARGS
	 * speak of it; NULL: nothing.
	 */
	const char *answer;
};

extern const struct scenario scenarios[];
extern const size_t n_scenarios;
