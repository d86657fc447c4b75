/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * getopt_long(3) gets its arrays from the rows of options.def.  Each kind of
 * option has one converter.  Relations between options are in three lists
 * (cancels, expansions, rules) and in finish().
 */
#include "options.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>

#include "base.h"
#include "optable.h"
#include "rangelist.h"

/* What getopt_long(3) returns for the long name of row 0; letters are lower. */
#define LONG_BASE 256

/* The largest count that an option takes. */
#define COUNT_MAX 1024

static_assert(OPT_MAX <= 64, "an option is a bit of line.given");
static_assert(sizeof(enum update_mode) == sizeof(unsigned),
	      "words are stored as unsigned");

/* The command line as parsed so far. */
struct line {
	struct draft draft;
	uint64_t given; /* options in effect, one bit each */
	char **argv;
	struct usage_error *error;
};

/* The valid words of an argument, and its name in error messages. */
struct choice {
	const struct opt_words *words;
	const char *owner;
};

/* Of two options, the one given last counts. */
static const struct {
	enum opt_id a;
	enum opt_id b;
} cancels[] = {
	{ OPT_INTERACTIVE, OPT_NO_CLOBBER },
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

static bool is_given(const struct line *l, enum opt_id id)
{
	return l->given & (uint64_t)1 << id;
}

/* Set the error to BEFORE, NAME (unless NULL) in quotes, AFTER. */
static int refuse(struct line *l, const char *before, const char *name,
		  const char *after)
{
	usage_error_begin(l->error, 1);
	usage_error_add(l->error, "%s", before);
	if (name)
		usage_error_add_quoted(l->error, name, strlen(name));
	usage_error_add(l->error, "%s", after);
	return -EINVAL;
}

/* The same for an error about which --help says nothing. */
static int refuse_tersely(struct line *l, const char *text)
{
	(void)refuse(l, text, NULL, "");
	l->error->try_help = 0;
	return -EINVAL;
}

/*
 * Find the word that ARG is or abbreviates.  -ENOENT: none; -EEXIST: several.
 */
static int find_word(const struct opt_words *words, const char *arg, size_t n,
		     unsigned *ret)
{
	const struct opt_word *found = NULL;
	int r = -ENOENT;

	for (size_t i = 0; i < words->n; i++) {
		const struct opt_word *w = &words->v[i];

		if (strncmp(w->word, arg, n) != 0)
			continue;
		if (w->word[n] == '\0') {
			*ret = w->value;
			return 0;
		}
		if (found && found->value != w->value)
			r = -EEXIST;
		else if (!found)
			r = 0;
		found = found ? found : w;
	}
	if (r == 0)
		*ret = found->value;
	return r;
}

static void error_add_words(struct usage_error *e,
			    const struct opt_words *words)
{
	usage_error_add(e, "\nValid arguments are:");
	for (size_t i = 0; i < words->n; i++) {
		const char *lead = words->v[i].help ? "\n  - " : ", ";

		usage_error_add(e, "%s'%s'", lead, words->v[i].word);
	}
}

/* Convert the N bytes at ARG to the value of one of CHOICE's words. */
static int convert_word(struct line *l, const struct choice *choice,
			const char *arg, size_t n, unsigned *ret)
{
	int r = find_word(choice->words, arg, n, ret);

	if (r == 0)
		return 0;
	(void)refuse(l,
		     r == -EEXIST ? "ambiguous argument " : "invalid argument ",
		     NULL, "");
	usage_error_add_quoted(l->error, arg, n);
	usage_error_add(l->error, " for '%s'", choice->owner);
	error_add_words(l->error, choice->words);
	return -EINVAL;
}

/* The same for the argument of an option. */
static int convert_argument(struct line *l, const struct opt_row *row,
			    const char *arg, size_t n, unsigned *ret)
{
	char owner[64];
	const struct choice choice = { row->words, owner };

	(void)snprintf(owner, sizeof(owner), "--%s", row->name);
	return convert_word(l, &choice, arg, n, ret);
}

static void store(struct line *l, const struct opt_row *row, const void *value,
		  size_t size)
{
	memcpy((char *)&l->draft + row->field, value, size);
}

static void store_flag(struct line *l, const struct opt_row *row, bool value)
{
	store(l, row, &value, sizeof(value));
}

static int take_word(struct line *l, const struct opt_row *row, const char *arg)
{
	unsigned value = row->value;
	int r = 0;

	if (arg)
		r = convert_argument(l, row, arg, strlen(arg), &value);
	if (r < 0)
		return r;
	store(l, row, &value, sizeof(value));
	return 0;
}

static void keep(struct policy *p, unsigned attributes)
{
	const unsigned can_be_required =
		PRESERVE_MODE | PRESERVE_CONTEXT | PRESERVE_XATTR;

	p->preserve |= attributes;
	p->preserve_denied &= ~attributes;
	if (attributes != PRESERVE_ALL)
		p->preserve_required |= attributes & can_be_required;
}

static void deny(struct policy *p, unsigned attributes)
{
	p->preserve &= ~attributes;
	p->preserve_required &= ~attributes;
	p->preserve_denied |= attributes;
}

static int take_list(struct line *l, const struct opt_row *row, const char *arg)
{
	void (*use)(struct policy *, unsigned) =
		row->kind == KIND_KEEP ? keep : deny;
	unsigned value;
	int r;

	if (!arg) {
		use(&l->draft.policy, row->value);
		return 0;
	}
	for (;;) {
		size_t n = strcspn(arg, ",");

		r = convert_argument(l, row, arg, n, &value);
		if (r < 0)
			return r;
		use(&l->draft.policy, value);
		if (arg[n] == '\0')
			return 0;
		arg += n + 1;
	}
}

static int take_text(struct line *l, const struct opt_row *row, const char *arg)
{
	if (arg)
		store(l, row, &arg, sizeof(arg));
	return 0;
}

static int add_range(struct line *l, const struct opt_row *row, const char *arg)
{
	struct range_args *args = &l->draft.ranges;
	struct range_arg *v = args->v;

	/* It is full whenever it holds a power of two of them. */
	if ((args->n & (args->n - 1)) == 0)
		v = reallocarray(v, args->n > 0 ? 2 * args->n : 1, sizeof(*v));
	if (!v) {
		(void)refuse_tersely(l, "memory exhausted");
		return -ENOMEM;
	}
	v[args->n++] = (struct range_arg){
		.text = arg,
		.is_file = row->kind == KIND_RANGES_FROM,
	};
	args->v = v;
	return 0;
}

/* Checked early: if the argument was forgotten, this may be an operand. */
static int take_range(struct line *l, const struct opt_row *row,
		      const char *arg)
{
	int r = rangelist_check(arg, l->error);

	if (r < 0)
		return r == -ENOMEM ? r : -EINVAL;
	return add_range(l, row, arg);
}

static int take_count(struct line *l, const struct opt_row *row,
		      const char *arg)
{
	const char *why;
	unsigned value = (unsigned)strtonum(arg, 1, COUNT_MAX, &why);

	if (why) {
		(void)refuse(l, "invalid number ", arg, "");
		usage_error_add(l->error, " for '--%s'; expected 1 to %d",
				row->name, COUNT_MAX);
		return -EINVAL;
	}
	store(l, row, &value, sizeof(value));
	return 0;
}

static void withdraw(struct line *l, enum opt_id id)
{
	l->given &= ~((uint64_t)1 << id);
	store_flag(l, &opt_rows[id], false);
}

static void cancel_others(struct line *l, enum opt_id id)
{
	for (size_t i = 0; i < countof(cancels); i++) {
		if (cancels[i].a == id)
			withdraw(l, cancels[i].b);
		if (cancels[i].b == id)
			withdraw(l, cancels[i].a);
	}
}

static int take_option(struct line *l, enum opt_id id, const char *arg);

static int expand(struct line *l, enum opt_id id)
{
	for (size_t i = 0; i < countof(expansions); i++) {
		int r = 0;

		if (expansions[i].id == id)
			r = take_option(l, expansions[i].means,
					expansions[i].arg);
		if (r != 0)
			return r;
	}
	return 0;
}

/* Returns 0, -EINVAL, -ENOMEM, or a final result of options_parse(). */
static int take_option(struct line *l, enum opt_id id, const char *arg)
{
	const struct opt_row *row = &opt_rows[id];
	bool again = is_given(l, id);

	l->given |= (uint64_t)1 << id;
	cancel_others(l, id);

	switch (row->kind) {
	case KIND_FLAG:
		store_flag(l, row, row->value);
		return 0;
	case KIND_VALUE:
	case KIND_WORD:
		return take_word(l, row, arg);
	case KIND_KEEP:
	case KIND_DENY:
		return take_list(l, row, arg);
	case KIND_DIRECTORY:
		if (again)
			return refuse_tersely(
				l, "multiple target directories specified");
		return take_text(l, row, arg);
	case KIND_TEXT:
		return take_text(l, row, arg);
	case KIND_RANGE:
		return take_range(l, row, arg);
	case KIND_RANGES_FROM:
		return add_range(l, row, arg);
	case KIND_COUNT:
		return take_count(l, row, arg);
	case KIND_EXPAND:
		return expand(l, id);
	case KIND_ANSWER:
		return (int)row->value;
	}
	return 0;
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
	return opt_takes_argument(row) ? optional_argument : no_argument;
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
	(void)refuse(l, "option ", arg, " is ambiguous; possibilities:");
	if (add_possibilities(l, arg, false) > 0 ||
	    add_possibilities(l, arg, true) > 0)
		return -EINVAL;
	return refuse(l, "unrecognized option ", arg, "");
}

/* Refuse an option as getopt_long(3) did; LACKS_ARGUMENT tells why. */
static int refuse_option(struct line *l, bool lacks_argument)
{
	char text[64];

	if (optopt >= LONG_BASE) {
		(void)snprintf(text, sizeof(text), "--%s",
			       opt_rows[optopt - LONG_BASE].name);
		return refuse(l, "option ", text,
			      lacks_argument ? " requires an argument"
					     : " doesn't allow an argument");
	}
	if (optopt != 0) {
		text[0] = (char)optopt;
		text[1] = '\0';
		return refuse(l,
			      lacks_argument ? "option requires an argument -- "
					     : "invalid option -- ",
			      text, "");
	}
	return refuse_name(l, l->argv[optind - 1]);
}

static int read_options(struct line *l, int argc)
{
	char letters[2 * OPT_MAX + 3];
	struct option names[OPT_MAX + 1];
	const struct option *of_cp;
	int c;
	int r;

	list_letters(letters);
	of_cp = list_names(names);
	opterr = 0;
	optind = 0; /* start over; 1 would keep the state of an earlier run */
	for (;;) {
		c = getopt_long(argc, l->argv, letters, names, NULL);
		if (c == '?' && optopt == 0) {
			/* Try the same word again, with cp's names only. */
			optind--;
			c = getopt_long(argc, l->argv, letters, of_cp, NULL);
		}
		if (c == -1)
			return 0;
		if (c == '?' || c == ':')
			return refuse_option(l, c == ':');
		r = take_option(l, id_of(c), optarg);
		if (r != 0)
			return r;
	}
}

static bool wants_backup(const struct line *l)
{
	return is_given(l, OPT_BACKUP) || is_given(l, OPT_SUFFIX);
}

static bool is_two_links(const struct line *l)
{
	return is_given(l, OPT_LINK) && is_given(l, OPT_SYMBOLIC_LINK);
}

static bool is_idle_backup(const struct line *l)
{
	enum update_mode update = l->draft.policy.update;

	return wants_backup(l) &&
	       (update == UPDATE_NONE || update == UPDATE_NONE_FAIL);
}

static bool is_clone_with_own_holes(const struct line *l)
{
	return l->draft.policy.reflink == REFLINK_ALWAYS &&
	       l->draft.policy.sparse != SPARSE_AUTO;
}

/* Ranges are written into a file; they can't make or replace one. */
static bool is_ranged_link(const struct line *l)
{
	return l->draft.policy.ranged &&
	       (is_given(l, OPT_LINK) || is_given(l, OPT_SYMBOLIC_LINK));
}

static bool is_ranged_without_data(const struct line *l)
{
	return l->draft.policy.ranged && is_given(l, OPT_ATTRIBUTES_ONLY);
}

static bool is_ranged_replacement(const struct line *l)
{
	return l->draft.policy.ranged &&
	       (is_given(l, OPT_FORCE) || is_given(l, OPT_REMOVE_DESTINATION));
}

static bool is_ranged_backup(const struct line *l)
{
	return l->draft.policy.ranged && wants_backup(l);
}

static bool is_ranged_tree(const struct line *l)
{
	return l->draft.policy.ranged && l->draft.policy.recursive;
}

static bool is_null_of_nothing(const struct line *l)
{
	return is_given(l, OPT_END_IN_NUL) && !is_given(l, OPT_RANGES_FROM);
}

#define RANGES_EXCLUDE "--range and --ranges-from can't be combined with "

/* Options that can't be combined. */
static const struct {
	bool (*is_broken)(const struct line *l);
	const char *text;
} rules[] = {
	{ is_two_links, "cannot make both hard and symbolic links" },
	{ is_idle_backup,
	  "--backup is mutually exclusive with -n or --update=none-fail" },
	{ is_clone_with_own_holes,
	  "--reflink can be used only with --sparse=auto" },
	{ is_ranged_link, RANGES_EXCLUDE "--link or --symbolic-link" },
	{ is_ranged_without_data, RANGES_EXCLUDE "--attributes-only" },
	{ is_ranged_replacement,
	  RANGES_EXCLUDE "--force or --remove-destination" },
	{ is_ranged_backup, RANGES_EXCLUDE "--backup or --suffix" },
	{ is_ranged_tree, RANGES_EXCLUDE "--recursive or --archive" },
	{ is_null_of_nothing, "--null can be used only with --ranges-from" },
};

static int choose_backup(struct line *l)
{
	struct choice choice = { &opt_backup_words, "backup type" };
	const char *control = l->draft.control;
	unsigned value;
	int r;

	l->draft.policy.backup = BACKUP_NONE;
	if (!wants_backup(l))
		return 0;
	if (!control || !*control) {
		control = getenv("VERSION_CONTROL");
		choice.owner = "$VERSION_CONTROL";
	}
	l->draft.policy.backup = BACKUP_EXISTING;
	if (!control || !*control)
		return 0;
	r = convert_word(l, &choice, control, strlen(control), &value);
	if (r == 0)
		l->draft.policy.backup = (enum backup_mode)value;
	return r;
}

static void choose_suffix(struct policy *p)
{
	if (!p->suffix)
		p->suffix = getenv("SIMPLE_BACKUP_SUFFIX");
	if (!p->suffix || !*p->suffix || strchr(p->suffix, '/'))
		p->suffix = "~";
}

/* Complete the policy after all options are known. */
static int finish(struct line *l)
{
	struct policy *p = &l->draft.policy;

	p->posix = getenv("POSIXLY_CORRECT") != NULL;
	/* As cp: hard links are made to the file that a link leads to. */
	if (p->deref == DEREF_DEFAULT && p->recursive &&
	    p->make != MAKE_HARD_LINK)
		p->deref = DEREF_NEVER;
	if (l->draft.no_clobber)
		p->update = UPDATE_NONE;
	if (p->debug)
		p->verbose = true;
	p->ranged = l->draft.ranges.n > 0;
	p->archive = is_given(l, OPT_ARCHIVE);
	p->sets_context = is_given(l, OPT_CONTEXT);
	for (size_t i = 0; i < countof(rules); i++)
		if (rules[i].is_broken(l))
			return refuse(l, rules[i].text, NULL, "");
	choose_suffix(p);
	return choose_backup(l);
}

static int check_operands(struct line *l, const struct operands *ops)
{
	const struct policy *p = &l->draft.policy;
	const size_t n_max = p->target_directory ? 1 : 2; /* if one source */

	if (ops->n == 0)
		return refuse(l, "missing file operand", NULL, "");
	if (ops->n == 1 && !p->target_directory)
		return refuse(l, "missing destination file operand after ",
			      ops->v[0], "");
	if (!p->no_target_directory && !p->ranged)
		return 0;
	if (p->no_target_directory && p->target_directory)
		return refuse_tersely(l,
				      "cannot combine --target-directory (-t) "
				      "and --no-target-directory (-T)");
	if (ops->n > n_max)
		return refuse(l, "extra operand ", ops->v[n_max], "");
	return 0;
}

void operands_release(struct operands *operands)
{
	free(operands->ranges.v);
	*operands = OPERANDS_EMPTY;
}

int options_parse(int argc, char **argv, struct policy *ret,
		  struct operands *ret_operands, struct usage_error *reterr)
{
	struct line l = { .argv = argv, .error = reterr };
	_cleanup_(operands_release) struct operands ops = OPERANDS_EMPTY;
	int r;

	r = read_options(&l, argc);
	ops.ranges = l.draft.ranges;
	ops.end_in_nul = l.draft.end_in_nul;
	if (r != 0)
		return r;
	if (argc > optind) {
		ops.v = argv + optind;
		ops.n = (size_t)(argc - optind);
	}
	r = finish(&l);
	if (r < 0)
		return r;
	r = check_operands(&l, &ops);
	if (r < 0)
		return r;
	*ret = l.draft.policy;
	*ret_operands = TAKE(ops, OPERANDS_EMPTY);
	return 0;
}
