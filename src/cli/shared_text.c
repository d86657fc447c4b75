/* SPDX-License-Identifier: BSD-2-Clause */
#include "shared_text.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include <bsd/libutil.h>

#include "base.h"
#include "diag.h"
#include "quote.h"

/* A terminal that has fewer is taken to have so many. */
#define COLUMNS_MIN 16

/* The columns of the table. */
enum column {
	COLUMN_SIZE,
	COLUMN_HOLES,
	COLUMN_RESERVED,
	COLUMN_SHARED,
	COLUMN_ELSEWHERE,
	COLUMN_OWN,
	COLUMN_INLINE,
	COLUMN_UNKNOWN,
	COLUMN_MAX,
};

static const char *const titles[COLUMN_MAX] = {
	[COLUMN_SIZE] = "SIZE",		  [COLUMN_HOLES] = "HOLES",
	[COLUMN_RESERVED] = "RESERVED",	  [COLUMN_SHARED] = "SHARED",
	[COLUMN_ELSEWHERE] = "ELSEWHERE", [COLUMN_OWN] = "OWN",
	[COLUMN_INLINE] = "INLINE",	  [COLUMN_UNKNOWN] = "UNKNOWN",
};

/* The text that is being made. */
struct text {
	FILE *f;
	const struct shared *shared;
	const struct shared_style *style;
	unsigned columns;     /* of the terminal; 0: it is none */
	bool has[COLUMN_MAX]; /* the columns of the table */
	int longest;	      /* columns of the longest name, quoted */
};

/* The file that operand I is; NULL if it failed. */
static const struct shared_file *file_of(const struct shared *s, size_t i)
{
	return s->v[i].failed ? NULL : &s->v[s->v[i].same_as];
}

static uint64_t value_of(const struct text *t, const struct shared_file *file,
			 enum column column)
{
	const uint64_t *bytes = file->tally.sums.bytes;

	switch (column) {
	case COLUMN_SIZE:
		return file->info.size;
	case COLUMN_HOLES:
		return bytes[SHARE_HOLE];
	case COLUMN_RESERVED:
		return bytes[SHARE_RESERVED];
	case COLUMN_SHARED:
		return bytes[t->shared->n > 1 ? SHARE_GIVEN : SHARE_OTHER];
	case COLUMN_ELSEWHERE:
		return t->shared->n > 1 ? bytes[SHARE_OTHER] : 0;
	case COLUMN_OWN:
		return bytes[SHARE_OWN];
	case COLUMN_INLINE:
		return bytes[SHARE_INLINE];
	case COLUMN_UNKNOWN:
	case COLUMN_MAX:
		break;
	}
	return bytes[SHARE_UNKNOWN];
}

static void choose_columns(struct text *t)
{
	for (int c = 0; c < COLUMN_MAX; c++)
		t->has[c] = t->columns == 0 || c == COLUMN_SIZE ||
			    c == COLUMN_SHARED || c == COLUMN_OWN;
	for (size_t i = 0; i < t->shared->n; i++) {
		const struct shared_file *file = file_of(t->shared, i);

		for (int c = 0; file && c < COLUMN_MAX; c++)
			if (value_of(t, file, (enum column)c) > 0)
				t->has[c] = true;
	}
	if (t->shared->n == 1)
		t->has[COLUMN_ELSEWHERE] = false;
}

/* How wide a column is, with the space before it. */
static int width_of(const struct text *t, enum column column)
{
	int title = (int)strlen(titles[column]);
	int number = t->columns > 0 ? 4 : 15;

	return (title > number ? title : number) + 2;
}

static void put_number(const struct text *t, uint64_t n, int width)
{
	char rounded[5];

	if (t->columns == 0)
		(void)fprintf(t->f, " %*ju", width - 1, (uintmax_t)n);
	else if (humanize_number(rounded, sizeof(rounded), (int64_t)n, "",
				 HN_AUTOSCALE, HN_DECIMAL | HN_NOSPACE) < 0)
		(void)fprintf(t->f, "%*s", width, "?");
	else
		(void)fprintf(t->f, "%*s", width, rounded);
}

static void put_heading(const struct text *t)
{
	for (int c = 0; c < COLUMN_MAX; c++)
		if (t->has[c])
			(void)fprintf(t->f, "%*s", width_of(t, (enum column)c),
				      titles[c]);
	(void)fputs("  FILE\n", t->f);
}

static void put_row(const struct text *t, const struct shared_file *file,
		    const char *name)
{
	for (int c = 0; c < COLUMN_MAX; c++)
		if (t->has[c])
			put_number(t, value_of(t, file, (enum column)c),
				   width_of(t, (enum column)c));
	(void)fputs("  ", t->f);
	(void)diag_put_name(t->f, name);
	(void)fputc('\n', t->f);
}

/* What the numbers of an operand don't say. */
static void put_remark(const struct text *t, size_t i)
{
	const struct shared_file *file = file_of(t->shared, i);
	const char *name = t->shared->v[i].name;

	if (!file)
		return;
	if (t->shared->v[i].same_as != i) {
		(void)diag_put_name(t->f, name);
		(void)fputs(" is the same file as ", t->f);
		(void)diag_put_name(t->f, file->name);
	} else if (!file->has_map) {
		(void)diag_put_name(t->f, name);
		(void)fputs(": can't be known: its file system does not tell",
			    t->f);
	} else if (file->tally.sums.bytes[SHARE_UNKNOWN] > 0) {
		(void)diag_put_name(t->f, name);
		(void)fputs(": can't be known: some of it is not stored yet",
			    t->f);
	} else {
		return;
	}
	(void)fputc('\n', t->f);
}

static void put_pair(const struct text *t, size_t i, size_t k)
{
	(void)fputs("  ", t->f);
	put_number(t, t->shared->pairs[i * t->shared->n + k],
		   width_of(t, COLUMN_SIZE) - 2);
	(void)fputs(" of ", t->f);
	(void)diag_put_name(t->f, t->shared->v[i].name);
	(void)fputs(" with ", t->f);
	(void)diag_put_name(t->f, t->shared->v[k].name);
	(void)fputc('\n', t->f);
}

/* With two files the table says it. */
static void put_pairs(const struct text *t)
{
	const struct shared *s = t->shared;
	const char *title = "\nShared by two:\n";

	if (!s->pairs || s->n < 3)
		return;
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = i + 1; k < s->n; k++) {
			uint64_t of_i = s->pairs[i * s->n + k];
			uint64_t of_k = s->pairs[k * s->n + i];

			if (of_i == 0)
				continue;
			(void)fputs(title, t->f);
			title = "";
			put_pair(t, i, k);
			if (of_i != of_k)
				put_pair(t, k, i);
		}
}

/* How a cell is drawn, and what the legend says of it. */
static const struct glyph {
	const char *block; /* UTF-8 */
	char ascii;
	const char *one;     /* if there is one file */
	const char *several; /* if there are several; NULL: the same */
} glyphs[SHARE_LOOK_MAX] = {
	[SHARE_LOOKS_SHARED] = { "\u2588", '#', "shared",
				 "shared with another of these" },
	[SHARE_LOOKS_OTHER] = { "\u2584", '=', "shared with others only",
				NULL },
	[SHARE_LOOKS_MOSTLY] = { "\u2593", '+', "mostly shared", NULL },
	[SHARE_LOOKS_PARTLY] = { "\u2592", '-', "partly shared", NULL },
	[SHARE_LOOKS_OWN] = { "\u2591", '.', "its own", NULL },
	[SHARE_LOOKS_RESERVED] = { "_", '_', "reserved", NULL },
	[SHARE_LOOKS_EMPTY] = { " ", ' ', "blank: a hole", NULL },
	[SHARE_LOOKS_UNKNOWN] = { "?", '?', "unknown", NULL },
};

/* In the order of the legend. */
static const enum share_look legend[] = {
	SHARE_LOOKS_SHARED, SHARE_LOOKS_MOSTLY,	 SHARE_LOOKS_PARTLY,
	SHARE_LOOKS_OTHER,  SHARE_LOOKS_OWN,	 SHARE_LOOKS_RESERVED,
	SHARE_LOOKS_EMPTY,  SHARE_LOOKS_UNKNOWN,
};

/* What character I of WIDTH is to look like. */
static enum share_look look_at(const struct text *t,
			       const struct share_tally *tally, unsigned i,
			       unsigned width)
{
	size_t end = (i + 1) * tally->n_cells / width;
	struct share_sums sums = { .bytes[SHARE_HOLE] = 0 };
	size_t cell = i * tally->n_cells / width;

	do
		for (size_t c = 0; c < SHARE_CLASS_MAX; c++)
			sums.bytes[c] += tally->cells[cell].bytes[c];
	while (++cell < end);
	return share_look(&sums, t->shared->aim);
}

static void put_glyph(const struct text *t, enum share_look look)
{
	if (t->style->blocks)
		(void)fputs(glyphs[look].block, t->f);
	else
		(void)fputc(glyphs[look].ascii, t->f);
}

/* Draw FILE, and note in USED what its cells look like. */
static void put_bar(const struct text *t, const struct shared_file *file,
		    unsigned width, bool used[SHARE_LOOK_MAX])
{
	const struct share_tally *tally = &file->tally;

	(void)fputc('|', t->f);
	for (unsigned i = 0; i < width && tally->n_cells > 0; i++) {
		enum share_look look = look_at(t, tally, i, width);

		used[look] = true;
		put_glyph(t, look);
	}
	(void)fputs("|\n", t->f);
}

static void put_legend(const struct text *t, const bool used[SHARE_LOOK_MAX])
{
	unsigned column = 0;

	for (size_t i = 0; i < countof(legend); i++) {
		const struct glyph *glyph = &glyphs[legend[i]];
		const char *words = t->shared->n > 1 && glyph->several
					    ? glyph->several
					    : glyph->one;
		unsigned width = (unsigned)strlen(words) + 4;

		if (!used[legend[i]])
			continue;
		if (column > 0 && column + width > t->columns) {
			(void)fputc('\n', t->f);
			column = 0;
		}
		(void)fputs(column == 0 ? " " : "  ", t->f);
		if (legend[i] != SHARE_LOOKS_EMPTY) {
			put_glyph(t, legend[i]);
			(void)fputc(' ', t->f);
		}
		(void)fputs(words, t->f);
		column += width;
	}
	(void)fputs(column > 0 ? "\n" : "", t->f);
}

/* How many columns NAME, quoted, takes on a terminal. */
static int name_width(const char *name)
{
	_cleanup_(freep) char *quoted = quote_name(name);
	mbstate_t state = { 0 };
	int width = 0;
	size_t n;

	for (const char *p = quoted; p && *p; p += n) {
		wchar_t c;

		n = mbrtowc(&c, p, MB_CUR_MAX, &state);
		if (n == 0 || n > MB_CUR_MAX)
			return width;
		width += wcwidth(c) > 0 ? wcwidth(c) : 0;
	}
	return width;
}

/*
 * One bar below the other, all of one length, so that they are compared at a
 * glance.  Names stand before them or, if they are too long, above.
 */
static void put_bars(const struct text *t)
{
	bool used[SHARE_LOOK_MAX] = { false };
	bool above = (unsigned)t->longest > t->columns / 3;
	unsigned width = t->columns - 2;

	if (!above)
		width -= (unsigned)t->longest + 1;
	(void)fputc('\n', t->f);
	for (size_t i = 0; i < t->shared->n; i++) {
		const struct shared_file *file = file_of(t->shared, i);

		if (!file || t->shared->v[i].same_as != i)
			continue;
		(void)diag_put_name(t->f, file->name);
		if (above)
			(void)fputc('\n', t->f);
		else
			(void)fprintf(t->f, "%*s",
				      t->longest - name_width(file->name) + 1,
				      "");
		put_bar(t, file, width, used);
	}
	put_legend(t, used);
}

/* A file where the table is too wide: its name, and below it what there is. */
static void put_item(const struct text *t, const struct shared_file *file,
		     const char *name)
{
	int column = 0;

	(void)diag_put_name(t->f, name);
	for (int c = 0; c < COLUMN_MAX; c++) {
		uint64_t n = value_of(t, file, (enum column)c);
		int width = 7 + (int)strlen(titles[c]);

		if (!t->has[c] || (n == 0 && c != COLUMN_SIZE))
			continue;
		if (column == 0 || column + width > (int)t->columns) {
			(void)fputs("\n", t->f);
			column = 0;
		}
		put_number(t, n, 6);
		(void)fprintf(t->f, " %s", titles[c]);
		column += width;
	}
	(void)fputc('\n', t->f);
}

static void put_files(const struct text *t)
{
	int width = t->longest + 2;
	bool is_table;

	for (int c = 0; c < COLUMN_MAX; c++)
		if (t->has[c])
			width += width_of(t, (enum column)c);
	is_table = t->columns == 0 || width <= (int)t->columns;
	if (is_table)
		put_heading(t);
	for (size_t i = 0; i < t->shared->n; i++) {
		const struct shared_file *file = file_of(t->shared, i);

		if (file && is_table)
			put_row(t, file, t->shared->v[i].name);
		else if (file)
			put_item(t, file, t->shared->v[i].name);
	}
	for (size_t i = 0; i < t->shared->n; i++)
		put_remark(t, i);
}

void shared_text(FILE *f, const struct shared *shared,
		 const struct shared_style *style)
{
	struct text t = {
		.f = f,
		.shared = shared,
		.style = style,
		.columns = style->columns,
	};
	bool any = false;

	if (t.columns > 0 && t.columns < COLUMNS_MIN)
		t.columns = COLUMNS_MIN;
	for (size_t i = 0; i < shared->n; i++) {
		int width = name_width(shared->v[i].name);

		if (width > t.longest)
			t.longest = width;
		any = any || file_of(shared, i);
	}
	if (!any)
		return;
	choose_columns(&t);
	put_files(&t);
	put_pairs(&t);
	if (style->bars)
		put_bars(&t);
}
