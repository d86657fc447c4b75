/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * getopt_long(3) gets its arrays from the rows of options.def; convert.c stores
 * what it finds.  Relations between options are in two tables (expansions,
 * conflicts) and in finish().
 */
#include "options.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "convert.h"
#include "optable.h"
#include "pathname.h"

/*
 * What getopt_long(3) returns for the long name of row 0.  Letters are lower; in
 * musl they are characters of Unicode.
 */
#define LONG_BASE 0x110000

/* A set with one option, or one fact, in it. */
#define BIT(id) (UINT64_C(1) << (id))

/* What arguments of options come to; in sets they stand beside enum opt_id. */
enum fact {
	FACT_KEEPS = OPT_MAX, /* no existing file is overwritten */
	FACT_CLONES,	      /* --reflink=always */
	FACT_MAKES_HOLES,     /* --sparse is not auto */
	FACT_NO_LIST,	      /* --ranges-from was not given */
	FACT_MAX,
};

static_assert(FACT_MAX <= 64, "a set has 64 bits");

/* The command line as parsed so far. */
struct line {
	struct draft draft;
	uint64_t given; /* set of enum opt_id */
	char **argv;
	struct usage_error *error;
};

/* What options of KIND_EXPAND stand for. */
static const struct {
	enum opt_id id;
	enum opt_id means;
	const char *arg;
} expansions[] = {
	{ OPT_ARCHIVE, OPT_RECURSIVE, NULL },
	{ OPT_ARCHIVE, OPT_NO_DEREFERENCE, NULL },
	{ OPT_ARCHIVE, OPT_PRESERVE, "all" },
	{ OPT_NO_DEREFERENCE_LINKS, OPT_NO_DEREFERENCE, NULL },
	{ OPT_NO_DEREFERENCE_LINKS, OPT_PRESERVE, "links" },
};

/* Returns 0, -EINVAL, -ENOMEM, or a final result of options_parse(). */
static int take_option(struct line *l, enum opt_id id, const char *arg)
{
	const struct opt_row *row = &opt_rows[id];
	int r = 0;

	l->given |= BIT(id);
	if (row->kind == KIND_ANSWER)
		return (int)row->value;
	if (row->kind != KIND_EXPAND)
		return convert_option(row, arg, &l->draft, l->error);
	for (size_t i = 0; r == 0 && i < countof(expansions); i++)
		if (expansions[i].id == id)
			r = take_option(l, expansions[i].means,
					expansions[i].arg);
	return r;
}

/*
 * The letters for getopt(3).  ':' first means that it prints no messages.  '+'
 * means POSIXLY_CORRECT, which musl does not read.
 */
static void list_letters(char letters[2 * OPT_MAX + 3])
{
	if (getenv("POSIXLY_CORRECT"))
		*letters++ = '+';
	*letters++ = ':';
	for (size_t i = 0; i < OPT_MAX; i++) {
		if (!opt_rows[i].letter)
			continue;
		*letters++ = opt_rows[i].letter;
		if (opt_needs_argument(&opt_rows[i]))
			*letters++ = ':';
	}
	*letters = '\0';
}

static int getopt_has_arg(const struct opt_row *row)
{
	if (opt_needs_argument(row))
		return required_argument;
	return row->argument ? optional_argument : no_argument;
}

/* Add our own or cp's names to NAMES.  Returns the place after them. */
static struct option *add_names(struct option *names, bool is_own)
{
	for (int i = 0; i < OPT_MAX; i++) {
		if (!opt_rows[i].name || opt_rows[i].is_own != is_own)
			continue;
		names->name = opt_rows[i].name;
		names->has_arg = getopt_has_arg(&opt_rows[i]);
		names->flag = NULL;
		names->val = LONG_BASE + i;
		names++;
	}
	return names;
}

/* The names for getopt_long(3).  Returns where cp's names begin. */
static const struct option *list_names(struct option names[OPT_MAX + 1])
{
	struct option *of_cp = add_names(names, true);

	*add_names(of_cp, false) = (struct option){ 0 };
	return of_cp;
}

/* The option for which getopt_long(3) returns C. */
static enum opt_id id_of(int c)
{
	unsigned i = 0;

	if (c >= LONG_BASE)
		return (enum opt_id)(c - LONG_BASE);
	while (i < OPT_MAX - 1 && opt_rows[i].letter != c)
		i++;
	return (enum opt_id)i;
}

/* Add the names that begin as ARG does, with its dashes.  Returns how many. */
static size_t add_possibilities(struct line *l, const char *arg, bool is_own)
{
	size_t n = strcspn(arg, "=") - 2;
	size_t n_found = 0;

	for (size_t i = 0; i < OPT_MAX; i++) {
		const struct opt_row *row = &opt_rows[i];

		if (!row->name || row->is_own != is_own ||
		    strncmp(row->name, arg + 2, n) != 0)
			continue;
		usage_error_add(l->error, " '--%s'", row->name);
		n_found++;
	}
	return n_found;
}

/* Refuse ARG, with its dashes: an unknown long option, or an ambiguous one. */
static int refuse_name(struct line *l, const char *arg)
{
	(void)usage_refuse(l->error, "option ", arg,
			   " is ambiguous; possibilities:");
	if (add_possibilities(l, arg, false) > 0 ||
	    add_possibilities(l, arg, true) > 0)
		return -EINVAL;
	return usage_refuse(l->error, "unrecognized option ", arg, "");
}

/* Refuse an option, for which getopt_long(3) returned C. */
static int refuse_option(struct line *l, int c)
{
	bool lacks_argument = c == ':';
	char text[64];

	if (optopt >= LONG_BASE) {
		(void)snprintf(text, sizeof(text), "--%s",
			       opt_rows[optopt - LONG_BASE].name);
		return usage_refuse(l->error, "option ", text,
				    lacks_argument
					    ? " requires an argument"
					    : " doesn't allow an argument");
	}
	if (optopt != 0) {
		/* A byte, or a character of any length in musl. */
		int len = wctomb(text, (wchar_t)optopt);

		if (len <= 0) {
			text[0] = (char)optopt;
			len = 1;
		}
		text[len] = '\0';
		return usage_refuse(l->error,
				    lacks_argument
					    ? "option requires an argument -- "
					    : "invalid option -- ",
				    text, "");
	}
	return refuse_name(l, l->argv[optind - 1]);
}

/* What getopt_long(3) looks for, and in what. */
struct search {
	char letters[2 * OPT_MAX + 3];
	struct option names[OPT_MAX + 1];
	const struct option *of_cp; /* cp's names only */
	int argc;
	char **argv;
	char **before; /* owned: ARGV before the call */
};

static void search_release(struct search *s)
{
	free(s->before);
}

/*
 * The next option, as of getopt_long(3).  If the word is ambiguous, it is
 * searched for again, with cp's names only.  Unlike glibc, musl has moved it
 * before the operands in front of it by then: its argument would be one of
 * these.
 */
static int next_option(const struct search *s)
{
	const size_t size = (size_t)s->argc * sizeof(*s->argv);
	const int place = optind ? optind : 1;
	int c;

	memcpy(s->before, s->argv, size);
	c = getopt_long(s->argc, s->argv, s->letters, s->names, NULL);
	if (c != '?' || optopt != 0)
		return c;
	optind--;
	if (s->argv[optind] != s->before[optind]) {
		memcpy(s->argv, s->before, size);
		optind = place;
	}
	return getopt_long(s->argc, s->argv, s->letters, s->of_cp, NULL);
}

static int read_options(struct line *l, int argc)
{
	_cleanup_(search_release) struct search s = {
		.argc = argc,
		.argv = l->argv,
		.before = calloc((size_t)argc + 1, sizeof(*l->argv)),
	};
	int c;
	int r;

	if (!s.before)
		return usage_refuse_for_memory(l->error);
	list_letters(s.letters);
	s.of_cp = list_names(s.names);
	opterr = 0;
	optind = 0; /* start over; 1 would keep the state of an earlier run */
	while ((c = next_option(&s)) != -1) {
		if (c == '?' || c == ':')
			return refuse_option(l, c);
		r = take_option(l, id_of(c), optarg);
		if (r != 0)
			return r;
	}
	l->draft.operands.options = l->argv + 1;
	l->draft.operands.n_options = (size_t)optind - 1;
	if (argc > optind) {
		l->draft.operands.v = l->argv + optind;
		l->draft.operands.n = (size_t)(argc - optind);
	}
	return 0;
}

#define BACKUPS	       (BIT(OPT_BACKUP) | BIT(OPT_SUFFIX))
#define RANGES	       (BIT(OPT_RANGE) | BIT(OPT_RANGES_FROM))
#define RANGES_EXCLUDE "--range and --ranges-from can't be combined with "

/* All options but those of SET. */
#define OTHERS(set) ((BIT(OPT_MAX) - 1) & ~(set))

/*
 * Options that can't be combined: any of ONE with any of OTHERS.  The first row
 * that applies gives the message.
 */
static const struct {
	uint64_t one;
	uint64_t others;
	const char *text;
} conflicts[] = {
	{ BIT(OPT_PROBE),
	  OTHERS(BIT(OPT_PROBE) | BIT(OPT_TARGET_DIRECTORY) | BIT(OPT_JSON)),
	  "--probe can be combined only with --target-directory and --json" },
	{ BIT(OPT_SHARED), OTHERS(BIT(OPT_SHARED) | BIT(OPT_JSON)),
	  "--shared can be combined only with --json" },
	{ BIT(OPT_DRY_RUN), BIT(OPT_SUMMARY),
	  "--dry-run can't be combined with --summary" },
	{ BIT(OPT_LINK), BIT(OPT_SYMBOLIC_LINK),
	  "cannot make both hard and symbolic links" },
	{ BACKUPS, BIT(FACT_KEEPS),
	  "--backup is mutually exclusive with -n or --update=none-fail" },
	{ BIT(FACT_CLONES), BIT(FACT_MAKES_HOLES),
	  "--reflink can be used only with --sparse=auto" },
	/* Ranges are written into a file; they can't make or replace one. */
	{ RANGES, BIT(OPT_LINK) | BIT(OPT_SYMBOLIC_LINK),
	  RANGES_EXCLUDE "--link or --symbolic-link" },
	{ RANGES, BIT(OPT_ATTRIBUTES_ONLY),
	  RANGES_EXCLUDE "--attributes-only" },
	{ RANGES, BIT(OPT_FORCE) | BIT(OPT_REMOVE_DESTINATION),
	  RANGES_EXCLUDE "--force or --remove-destination" },
	{ RANGES, BACKUPS, RANGES_EXCLUDE "--backup or --suffix" },
	{ RANGES, BIT(OPT_RECURSIVE) | BIT(OPT_RECURSIVE_R),
	  RANGES_EXCLUDE "--recursive or --archive" },
	{ BIT(OPT_END_IN_NUL), BIT(FACT_NO_LIST),
	  "--null can be used only with --ranges-from" },
};

static int refuse_conflicts(const struct line *l)
{
	const struct policy *p = &l->draft.policy;
	uint64_t set = l->given;

	if (p->update == UPDATE_NONE || p->update == UPDATE_NONE_FAIL)
		set |= BIT(FACT_KEEPS);
	if (p->reflink == REFLINK_ALWAYS)
		set |= BIT(FACT_CLONES);
	if (p->sparse != SPARSE_AUTO)
		set |= BIT(FACT_MAKES_HOLES);
	if (!(set & BIT(OPT_RANGES_FROM)))
		set |= BIT(FACT_NO_LIST);
	for (size_t i = 0; i < countof(conflicts); i++)
		if (set & conflicts[i].one && set & conflicts[i].others)
			return usage_refuse(l->error, conflicts[i].text, NULL,
					    "");
	return 0;
}

static int choose_backup(struct line *l)
{
	struct choice choice = { &opt_backup_words, "backup type" };
	struct policy *p = &l->draft.policy;
	const char *control = l->draft.control;
	unsigned value;
	int r;

	p->backup = BACKUP_NONE;
	if (!(l->given & BACKUPS))
		return 0;
	if (!control || !*control) {
		control = getenv("VERSION_CONTROL");
		choice.owner = "$VERSION_CONTROL";
	}
	p->backup = BACKUP_EXISTING;
	if (!control || !*control)
		return 0;
	r = convert_word(&choice, control, strlen(control), &value, l->error);
	if (r == 0)
		p->backup = (enum backup_mode)value;
	return r;
}

static void choose_suffix(struct policy *p)
{
	if (!p->suffix)
		p->suffix = getenv("SIMPLE_BACKUP_SUFFIX");
	if (!p->suffix || !*p->suffix || pathname_has_slash(p->suffix))
		p->suffix = "~";
}

/* Complete the policy after all options are known. */
static int finish(struct line *l)
{
	struct policy *p = &l->draft.policy;
	int r;

	p->posix = getenv("POSIXLY_CORRECT") != NULL;
	/* As cp: hard links are made to the file that a link leads to. */
	if (p->deref == DEREF_DEFAULT && p->recursive &&
	    p->make != MAKE_HARD_LINK)
		p->deref = DEREF_NEVER;
	p->interactive = l->draft.clobber == CLOBBER_ASK;
	if (l->draft.clobber == CLOBBER_NEVER)
		p->update = UPDATE_NONE;
	if (p->debug)
		p->verbose = true;
	/* Nothing is copied, and the sources are read once. */
	if (p->dry_run)
		p->progress = false;
	p->ranged = l->draft.operands.ranges.n > 0;
	p->archive = l->given & BIT(OPT_ARCHIVE);
	p->sets_context = l->given & BIT(OPT_CONTEXT);
	r = refuse_conflicts(l);
	if (r < 0)
		return r;
	choose_suffix(p);
	return choose_backup(l);
}

static int check_operands(const struct line *l)
{
	const struct policy *p = &l->draft.policy;
	const struct operands *ops = &l->draft.operands;
	const size_t n_max = p->target_directory ? 1 : 2; /* if one source */

	if (ops->n == 0)
		return usage_refuse(l->error, "missing file operand", NULL, "");
	if (ops->command != COMMAND_COPY)
		return 0;
	if (ops->n == 1 && !p->target_directory)
		return usage_refuse(l->error,
				    "missing destination file operand after ",
				    ops->v[0], "");
	if (!p->no_target_directory && !p->ranged)
		return 0;
	if (p->no_target_directory && p->target_directory)
		return usage_refuse_tersely(
			l->error, "cannot combine --target-directory (-t) and "
				  "--no-target-directory (-T)");
	if (ops->n > n_max)
		return usage_refuse(l->error, "extra operand ", ops->v[n_max],
				    "");
	return 0;
}

void operands_release(struct operands *operands)
{
	free(operands->ranges.v);
	*operands = OPERANDS_EMPTY;
}

static void line_release(struct line *l)
{
	operands_release(&l->draft.operands);
}

int options_parse(int argc, char **argv, struct policy *ret,
		  struct operands *ret_operands, struct usage_error *reterr)
{
	_cleanup_(line_release) struct line l = { .argv = argv,
						  .error = reterr };
	int r;

	r = read_options(&l, argc);
	if (r == 0)
		r = finish(&l);
	if (r == 0)
		r = check_operands(&l);
	if (r < 0)
		reterr->command = l.draft.operands.command;
	if (r != 0)
		return r;
	*ret = l.draft.policy;
	*ret_operands = TAKE(l.draft.operands, OPERANDS_EMPTY);
	return 0;
}

const char *options_json(int argc, char **argv)
{
	char letters[2 * OPT_MAX + 3];
	struct option names[OPT_MAX + 1];
	const char *file = NULL;
	int c;

	list_letters(letters);
	(void)list_names(names);
	opterr = 0;
	optind = 0;
	while ((c = getopt_long(argc, argv, letters, names, NULL)) != -1)
		if (c == LONG_BASE + OPT_JSON)
			file = optarg ? optarg : "-";
	return file;
}
