/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cmdline.h"
#include "policy.h"

/* options.def as data, and the words that options take. */

/* What -p, and --preserve without a list, preserve. */
#define PRESERVE_USUAL \
	(PRESERVE_MODE | PRESERVE_OWNERSHIP | PRESERVE_TIMESTAMPS)

/* What becomes of an existing file, by the last of -i and -n. */
enum clobber {
	CLOBBER_YES,   /* neither was given */
	CLOBBER_ASK,   /* -i */
	CLOBBER_NEVER, /* -n */
};

/* The struct with all fields of the table. */
struct draft {
	struct policy policy;
	struct operands operands; /* what options say of them */
	enum clobber clobber;	  /* becomes a part of the policy */
	const char *control; /* --backup's argument; NULL if there was none */
};

/* How an option is carried out. */
enum opt_kind {
	KIND_FLAG,	  /* bool: set to value */
	KIND_VALUE,	  /* enum: set to value */
	KIND_WORD,	  /* enum: what the argument's word means, or value */
	KIND_KEEP,	  /* set of enum preserve: add the list, or value */
	KIND_DENY,	  /* set of enum preserve: remove the list */
	KIND_TEXT,	  /* string: the argument, if there is one */
	KIND_FILE,	  /* the same for a file; "-" without an argument */
	KIND_DIRECTORY,	  /* the same for a directory; may be given once */
	KIND_RANGE,	  /* struct range_args: the argument is added */
	KIND_RANGES_FROM, /* the same for the name of a list */
	KIND_COUNT,	  /* unsigned: the argument, at least 1 */
	/* These store nothing. */
	KIND_EXPAND, /* stands for others: options.c lists them */
	KIND_ANSWER, /* parsing ends and returns value */
};

/* The sections of --help, in order. */
enum opt_group {
	GROUP_DATA,
	GROUP_RANGES,
	GROUP_EXISTING,
	GROUP_ATTRIBUTES,
	GROUP_TREES,
	GROUP_NAMES,
	GROUP_LINKS,
	GROUP_WORDS,
	GROUP_COMMANDS,
	GROUP_MAX,
};

/* One id per row: OPT_REFLINK and so on. */
enum opt_id {
/* clang-format off */
#define OPT(id, ...) OPT_##id,
#define OWN(id, ...) OPT_##id,
#include "options.def"
#undef OPT
#undef OWN
	OPT_MAX,
	/* clang-format on */
};

/* A word that is a valid argument. */
struct opt_word {
	const char *word;
	unsigned value;
	/*
	 * What it means, for completions, without double quotes.  NULL: the
	 * same as the word above.
	 */
	const char *help;
};

/* The words of an argument, in the order in which messages list them. */
struct opt_words {
	const struct opt_word *v;
	size_t n;
};

extern const struct opt_words opt_reflink_words;
extern const struct opt_words opt_sparse_words;
extern const struct opt_words opt_update_words;
extern const struct opt_words opt_backup_words;
extern const struct opt_words opt_preserve_words;

/* A row of options.def; its columns are explained there. */
struct opt_row {
	char letter;
	const char *name;
	const char *argument;
	enum opt_kind kind;
	size_t field; /* offset in struct draft */
	unsigned value;
	const struct opt_words *words;
	enum opt_group group;
	const char *help;
	bool is_own; /* cp doesn't have it */
};

extern const struct opt_row opt_rows[OPT_MAX];

/* Headings of --help. */
extern const char *const opt_group_titles[GROUP_MAX];

/* The forms of a command line after "PROGRAM [OPTION]...". */
#define OPT_N_FORMS 7
extern const char *const opt_forms[OPT_N_FORMS];

/* Must an argument follow ROW's letter and its long name? */
bool opt_needs_argument(const struct opt_row *row);
