/* SPDX-License-Identifier: BSD-2-Clause */
#include "convert.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bsd/stdlib.h>

#include "base.h"
#include "rangelist.h"

/* The largest count that an option takes. */
#define COUNT_MAX 1024

static_assert(sizeof(enum update_mode) == sizeof(unsigned),
	      "words are stored as unsigned");

/* The word that ARG is or abbreviates.  -ENOENT: none; -EEXIST: several. */
static int find_word(const struct opt_words *words, const char *arg, size_t n,
		     unsigned *ret)
{
	unsigned value = 0;
	int r = -ENOENT;

	for (size_t i = 0; i < words->n; i++) {
		const struct opt_word *w = &words->v[i];

		if (strncmp(w->word, arg, n) != 0)
			continue;
		if (w->word[n] == '\0') {
			*ret = w->value;
			return 0;
		}
		if (r != -ENOENT && value != w->value)
			r = -EEXIST;
		else if (r == -ENOENT)
			r = 0;
		value = w->value;
	}
	if (r == 0)
		*ret = value;
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

int convert_word(const struct choice *choice, const char *arg, size_t n,
		 unsigned *ret, struct usage_error *reterr)
{
	int r = find_word(choice->words, arg, n, ret);

	if (r == 0)
		return 0;
	usage_error_begin(reterr, 1);
	usage_error_add(reterr, "%s argument ",
			r == -EEXIST ? "ambiguous" : "invalid");
	usage_error_add_quoted(reterr, arg, n);
	usage_error_add(reterr, " for '%s'", choice->owner);
	error_add_words(reterr, choice->words);
	return -EINVAL;
}

/* The same for the argument of an option. */
static int find_value(const struct opt_row *row, const char *arg, size_t n,
		      unsigned *ret, struct usage_error *reterr)
{
	char owner[64];
	const struct choice choice = { row->words, owner };

	(void)snprintf(owner, sizeof(owner), "--%s", row->name);
	return convert_word(&choice, arg, n, ret, reterr);
}

static int take_word(const struct opt_row *row, const char *arg, unsigned *ret,
		     struct usage_error *reterr)
{
	if (arg)
		return find_value(row, arg, strlen(arg), ret, reterr);
	*ret = row->value;
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

static int take_list(const struct opt_row *row, const char *arg,
		     struct policy *p, struct usage_error *reterr)
{
	void (*use)(struct policy *, unsigned) =
		row->kind == KIND_KEEP ? keep : deny;
	unsigned value;
	int r;

	if (!arg) {
		use(p, row->value);
		return 0;
	}
	for (;;) {
		size_t n = strcspn(arg, ",");

		r = find_value(row, arg, n, &value, reterr);
		if (r < 0)
			return r;
		use(p, value);
		if (arg[n] == '\0')
			return 0;
		arg += n + 1;
	}
}

static int take_directory(const char *arg, const char **ret,
			  struct usage_error *reterr)
{
	if (*ret)
		return usage_refuse_tersely(
			reterr, "multiple target directories specified");
	*ret = arg;
	return 0;
}

static int take_range(const struct opt_row *row, const char *arg,
		      struct range_args *args, struct usage_error *reterr)
{
	bool is_file = row->kind == KIND_RANGES_FROM;
	struct range_arg *v;
	int r = 0;

	/* Checked early: if the argument was forgotten, it may be an operand. */
	if (!is_file)
		r = rangelist_check(arg, reterr);
	if (r < 0)
		return r == -ENOMEM ? r : -EINVAL;
	v = reallocarray(args->v, args->n + 1, sizeof(*v));
	if (!v)
		return usage_refuse_for_memory(reterr);
	v[args->n++] = (struct range_arg){ .text = arg, .is_file = is_file };
	args->v = v;
	return 0;
}

static int take_count(const struct opt_row *row, const char *arg, unsigned *ret,
		      struct usage_error *reterr)
{
	const char *why;
	unsigned value = (unsigned)strtonum(arg, 1, COUNT_MAX, &why);

	if (why) {
		(void)usage_refuse(reterr, "invalid number ", arg, "");
		usage_error_add(reterr, " for '--%s'; expected 1 to %d",
				row->name, COUNT_MAX);
		return -EINVAL;
	}
	*ret = value;
	return 0;
}

int convert_option(const struct opt_row *row, const char *arg,
		   struct draft *draft, struct usage_error *reterr)
{
	void *field = (char *)draft + row->field;

	switch (row->kind) {
	case KIND_FLAG:
		*(bool *)field = row->value;
		break;
	case KIND_VALUE:
	case KIND_WORD:
		return take_word(row, arg, field, reterr);
	case KIND_KEEP:
	case KIND_DENY:
		return take_list(row, arg, &draft->policy, reterr);
	case KIND_TEXT:
		if (arg)
			*(const char **)field = arg;
		break;
	case KIND_FILE:
		*(const char **)field = arg ? arg : "-";
		break;
	case KIND_DIRECTORY:
		return take_directory(arg, field, reterr);
	case KIND_RANGE:
	case KIND_RANGES_FROM:
		return take_range(row, arg, field, reterr);
	case KIND_COUNT:
		return take_count(row, arg, field, reterr);
	case KIND_EXPAND:
	case KIND_ANSWER:
		break;
	}
	return 0;
}
