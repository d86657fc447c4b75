/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entries are read into a buffer of fixed size, not by getdelim(3).  If a user
 * names an image instead of its list, that is an error at once, and does not
 * fill the memory first.
 */
#include "rangelist.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "diag.h"
#include "size.h"

#define MAX_ENTRY 4096 /* bytes of an entry, including a NUL */
#define MAX_SHOWN 64   /* bytes of a wrong number to print */
#define N_PARTS	  3    /* numbers in a range */

/* The form of a range, with BETWEEN between its parts. */
#define FORM(between) "SRC_OFFSET" between "LENGTH" between "DEST_OFFSET"

/* The names of the parts, in order. */
static const char *const part_names[N_PARTS] = {
	"source offset",
	"length",
	"destination offset",
};

/* The current place in the list. */
struct reader {
	const struct range_arg *arg;
	FILE *f;	/* its file, if it has one */
	int delimiter;	/* the end of an entry in the file */
	uint64_t entry; /* number of the entry, from 1 */
	struct rangelist *list;
	struct usage_error *error;
};

static void add_shown(struct usage_error *e, const char *text)
{
	usage_error_add_quoted(e, text, MAX_SHOWN);
	if (strlen(text) > MAX_SHOWN)
		usage_error_add(e, "...");
}

/* Begin the message with the place of the error. */
static void begin_error(struct reader *r)
{
	struct usage_error *e = r->error;

	diag_locale();
	usage_error_begin(e, !r->arg->is_file);
	if (r->arg->is_file) {
		usage_error_add_quoted(e, r->arg->text, strlen(r->arg->text));
		usage_error_add(e, ":%ju: ", (uintmax_t)r->entry);
		return;
	}
	usage_error_add(e, "invalid range ");
	add_shown(e, r->arg->text);
	usage_error_add(e, ": ");
}

/* End the message with WHY and NAME, unless empty, and the expected form. */
static int refuse(struct reader *r, const char *why, const char *name)
{
	begin_error(r);
	usage_error_add(r->error, "%s%s%sexpected %s", why, name,
			*why ? "; " : "",
			r->arg->is_file ? FORM(" ") : FORM(":"));
	return -EINVAL;
}

/* Refuse TEXT as part number PART of a range; ERR (-errno) says why. */
static int refuse_part(struct reader *r, size_t part, const char *text, int err)
{
	bool too_large = err == -ERANGE;

	begin_error(r);
	usage_error_add(r->error, "%s%s ", too_large ? "" : "invalid ",
			part_names[part]);
	add_shown(r->error, text);
	if (too_large)
		usage_error_add(r->error, " is too large");
	else if (err == -EEXIST)
		usage_error_add(r->error, "; KB, MB and so on may mean two "
					  "numbers: use KiB, MiB and so on");
	else
		usage_error_add(r->error, "; expected a number of bytes, such "
					  "as 4096, 4K, 4KiB or 0x1000");
	return err;
}

/* Refuse the list: WHAT, and the text for ERR (-errno; 0: none). */
static int refuse_list(struct reader *r, const char *what, int err)
{
	diag_locale();
	usage_error_begin(r->error, 0);
	usage_error_add(r->error, "%s", what);
	usage_error_add_quoted(r->error, r->arg->text, strlen(r->arg->text));
	if (err < 0)
		usage_error_add(r->error, ": %s", strerror(-err));
	return err < 0 ? err : -EINVAL;
}

static int append(struct reader *r, const struct span *span)
{
	struct rangelist *list = r->list;
	struct span *v = list->v;

	/* It is full whenever it holds a power of two of them. */
	if ((list->n & (list->n - 1)) == 0)
		v = reallocarray(v, list->n > 0 ? 2 * list->n : 1, sizeof(*v));
	if (!v)
		return usage_refuse_for_memory(r->error);
	v[list->n++] = *span;
	list->v = v;
	return 0;
}

/* Add the range of the N texts at PARTS; an empty text means 0. */
static int take_parts(struct reader *r, char *const *parts, size_t n)
{
	uint64_t numbers[N_PARTS] = { 0 };
	struct span span;

	if (n == 1)
		return refuse(r, "", "");
	if (n < N_PARTS)
		return refuse(r, "no ", part_names[n]);
	if (n > N_PARTS)
		return refuse(r, "more than three numbers", "");
	for (size_t i = 0; i < N_PARTS; i++) {
		int err = *parts[i] ? size_parse(parts[i], &numbers[i]) : 0;

		if (err < 0)
			return refuse_part(r, i, parts[i], err);
	}
	span.src_off = numbers[0];
	span.len = numbers[1];
	span.dst_off = numbers[2];
	return append(r, &span);
}

static int take_argument(struct reader *r)
{
	_cleanup_(freep) char *copy = strdup(r->arg->text);
	char *parts[N_PARTS + 1];
	char *rest = copy;
	size_t n = 0;

	if (!copy)
		return usage_refuse_for_memory(r->error);
	while (n <= N_PARTS && rest)
		parts[n++] = strsep(&rest, ":");
	return take_parts(r, parts, n);
}

static int take_entry(struct reader *r, char *entry)
{
	char *parts[N_PARTS + 1];
	char *part;
	size_t n = 0;

	while (n <= N_PARTS && (part = strsep(&entry, " \t")))
		if (*part)
			parts[n++] = part;
	return n > 0 ? take_parts(r, parts, n) : 0;
}

/*
 * Read an entry, without its comment and without a carriage return at its end.
 *
 * Returns 1 with the entry in ENTRY, 0 at the end of the file, or -errno.
 */
static int next_entry(struct reader *r, char entry[MAX_ENTRY])
{
	bool in_comment = false;
	size_t n = 0;
	int c;

	r->entry++;
	while ((c = getc_unlocked(r->f)) != EOF && c != r->delimiter) {
		if (c == '\0')
			return refuse(r, "unexpected NUL byte", "");
		if (c == '#' && (n == 0 || strchr(" \t", entry[n - 1])))
			in_comment = true;
		if (in_comment)
			continue;
		if (n == MAX_ENTRY - 1)
			return refuse(r, "too long for a range", "");
		entry[n++] = (char)c;
	}
	if (c == EOF && ferror(r->f))
		return refuse_list(r, "error reading list of ranges ", -errno);
	if (n > 0 && entry[n - 1] == '\r' && r->delimiter == '\n')
		n--;
	entry[n] = '\0';
	return c != EOF || n > 0;
}

static int take_entries(struct reader *r)
{
	char entry[MAX_ENTRY];
	int err;

	while ((err = next_entry(r, entry)) > 0) {
		err = take_entry(r, entry);
		if (err < 0)
			return err;
	}
	return err;
}

static int take_file(struct reader *r)
{
	bool is_stdin = strcmp(r->arg->text, "-") == 0;
	size_t n_before = r->list->n;
	int err;

	r->f = is_stdin ? stdin : fopen(r->arg->text, "re");
	if (!r->f)
		return refuse_list(r, "cannot open list of ranges ", -errno);
	err = take_entries(r);
	if (!is_stdin)
		(void)fclose(r->f);
	/* The command that should write the list has probably failed. */
	if (err == 0 && r->list->n == n_before)
		err = refuse_list(r, "no range in list ", 0);
	return err;
}

int rangelist_check(const char *text, struct usage_error *reterr)
{
	_cleanup_(rangelist_release) struct rangelist list = RANGELIST_EMPTY;
	const struct range_arg arg = { .text = text };
	struct reader r = { .arg = &arg, .list = &list, .error = reterr };

	return take_argument(&r);
}

static void shrink(struct rangelist *list)
{
	struct span *v = NULL;

	if (list->n > 0)
		v = reallocarray(list->v, list->n, sizeof(*v));
	if (v)
		list->v = v;
}

int rangelist_read(const struct range_args *args, bool end_in_nul,
		   struct rangelist *ret, struct usage_error *reterr)
{
	_cleanup_(rangelist_release) struct rangelist list = RANGELIST_EMPTY;

	for (size_t i = 0; i < args->n; i++) {
		struct reader r = {
			.arg = &args->v[i],
			.delimiter = end_in_nul ? '\0' : '\n',
			.list = &list,
			.error = reterr,
		};
		int err = r.arg->is_file ? take_file(&r) : take_argument(&r);

		if (err < 0)
			return err;
	}
	shrink(&list);
	*ret = TAKE(list, RANGELIST_EMPTY);
	return 0;
}

void rangelist_release(struct rangelist *list)
{
	free(list->v);
	*list = RANGELIST_EMPTY;
}
