/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fills a template with the option table: from standard input to standard
 * output.  The templates are completion.*.in, and those in tests/lint.  This
 * runs on the build host and is not installed.
 *
 * A line that ends in a tab and "#each" is printed for each row of the table;
 * with "#each COLUMN !COLUMN", for those that have the first and lack the second.
 * Of adjacent lines of this kind, all are tried for one row, then all for the
 * next.  In them
 *
 *   @COLUMN         is what the row has in this column: see find_column()
 *   @COLUMN{TEXT}   is TEXT if the row has something there, else nothing
 *   @words{TEXT}    is TEXT for each word that the argument may be
 *
 * and TEXT is filled too.  "#escape CHARACTERS" is not printed: where these
 * characters come from the table, a backslash goes before them.  Other lines are
 * printed as they are.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "optable.h"

#define EACH   "\t#each"
#define ESCAPE "#escape "

#define LETTERS "abcdefghijklmnopqrstuvwxyz"

/* What placeholders are filled with. */
struct source {
	const char *escape; /* characters, up to a newline */
	const struct opt_row *row;
	size_t word; /* inside @words: which of them */
};

struct column {
	const char *name;
	size_t n;	  /* how often @COLUMN{TEXT} is TEXT */
	const char *text; /* @COLUMN */
	size_t len;	  /* its length, if no NUL ends it earlier */
};

static _Noreturn void die(const char *why, const char *text)
{
	fprintf(stderr, "optgen: %s: %.*s\n", why, (int)strcspn(text, "\n"),
		text);
	exit(EXIT_FAILURE);
}

/*
 * The length of the summary at the start of HELP: up to the first colon or
 * semicolon that is not in parentheses.
 */
static size_t summary_len(const char *help)
{
	int depth = 0;
	size_t n = 0;

	for (; help[n]; n++) {
		depth += help[n] == '(';
		depth -= help[n] == ')';
		if (depth == 0 && strchr(":;", help[n]))
			break;
	}
	return n;
}

/* The help of WORD; an alias has that of the word above it. */
static const char *word_help(const struct opt_word *word)
{
	while (!word->help)
		word--;
	return word->help;
}

static struct column find_column(const struct source *src, const char *name,
				 size_t name_len)
{
	static const struct opt_word no_word = { .word = "", .help = "" };
	const struct opt_row *row = src->row;
	const struct opt_word *word =
		row->words ? &row->words->v[src->word] : &no_word;
	const char *argument =
		row->argument ? strchr(row->argument, '=') + 1 : "";
	const bool needs = opt_needs_argument(row);
	const bool is_list = row->kind == KIND_KEEP || row->kind == KIND_DENY;
	const bool is_file =
		row->kind == KIND_RANGES_FROM || row->kind == KIND_FILE;
	/* clang-format off */
	const struct column columns[] = {
		{ "letter", row->letter != 0, &row->letter, 1 },
		{ "name", row->name != NULL, row->name, SIZE_MAX },
		{ "summary", 1, row->help, summary_len(row->help) },
		{ "argument", row->argument != NULL, argument,
		  strcspn(argument, "]") },
		{ "mandatory", needs, "", 0 },
		{ "optional", row->argument && !needs, "", 0 },
		{ "repeatable",
		  row->kind == KIND_RANGES_FROM || row->kind == KIND_RANGE, "",
		  0 },
		/* What the argument may be. */
		{ "file", is_file, "", 0 },
		{ "directory", row->kind == KIND_DIRECTORY, "", 0 },
		{ "choice", row->words && !is_list, "", 0 },
		{ "list", row->words && is_list, "", 0 },
		{ "words", row->words ? row->words->n : 0, "", 0 },
		{ "word", 1, word->word, SIZE_MAX },
		{ "help", 1, word_help(word), SIZE_MAX },
	};
	/* clang-format on */

	for (size_t i = 0; i < countof(columns); i++)
		if (strlen(columns[i].name) == name_len &&
		    memcmp(columns[i].name, name, name_len) == 0)
			return columns[i];
	die("no such column", name);
}

/* Print what COLUMN has, for a place between single quotes. */
static void print_value(const struct column *column, const char *escape)
{
	const char *s = column->text;

	for (size_t i = 0; s && i < column->len && s[i]; i++) {
		if (s[i] == '\'')
			printf("'\\'");
		else if (memchr(escape, s[i], strcspn(escape, "\n")))
			putchar('\\');
		putchar(s[i]);
	}
}

/* The brace that closes the one at OPEN. */
static const char *closing(const char *open)
{
	const char *p = open;
	int depth = 1;

	while (depth > 0) {
		p += 1 + strcspn(p + 1, "{}\n");
		if (*p != '{' && *p != '}')
			die("no closing brace", open);
		depth += *p == '{' ? 1 : -1;
	}
	return p;
}

/* Print TEXT, up to END, with its placeholders filled. */
static void fill(const char *text, const char *end, const struct source *src);

/* Print what the placeholder NAME stands for.  Returns its end. */
static const char *fill_one(const char *name, const struct source *src)
{
	const size_t len = strspn(name, LETTERS);
	const struct column column = find_column(src, name, len);
	const char *open = name + len;
	struct source inner = *src;

	if (*open != '{') {
		print_value(&column, src->escape);
		return open;
	}
	for (size_t i = 0; i < column.n; i++) {
		if (column.n > 1)
			inner.word = i;
		if (i > 0)
			putchar(' ');
		fill(open + 1, closing(open), &inner);
	}
	return closing(open) + 1;
}

static void fill(const char *text, const char *end, const struct source *src)
{
	while (text < end)
		if (*text == '@')
			text = fill_one(text + 1, src);
		else
			putchar(*text++);
}

/* The conditions of the line at LINE; NULL if it has no #each. */
static const char *each_of(const char *line)
{
	const char *each = strstr(line, EACH);

	return each && each < line + strcspn(line, "\n") ? each + strlen(EACH)
							 : NULL;
}

/* Does the row have what the conditions at EACH ask for? */
static bool applies(const char *each, const struct source *src)
{
	while (*each++ == ' ') {
		bool negated = *each == '!';
		size_t len = strspn(each + negated, LETTERS);

		if (!find_column(src, each + negated, len).n != negated)
			return false;
		each += negated + len;
	}
	return true;
}

/* Print the block of lines with #each that begins at LINE.  Returns its end. */
static const char *fill_block(const char *line, const char *escape)
{
	const char *p = line;

	for (size_t i = 0; i < OPT_MAX; i++) {
		const struct source src = { escape, &opt_rows[i], 0 };
		const char *each;

		for (p = line; (each = each_of(p));
		     p = strchr(each, '\n') + 1) {
			if (!applies(each, &src))
				continue;
			fill(p, strstr(p, EACH), &src);
			putchar('\n');
		}
	}
	return p;
}

int main(void)
{
	_cleanup_(freep) char *text = NULL;
	const char *escape = "";
	size_t size = 0;
	ssize_t n = getdelim(&text, &size, '\0', stdin);

	if (n <= 0 || text[n - 1] != '\n')
		die("not lines of text", "");
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n") + 1;

		if (each_of(line)) {
			line = fill_block(line, escape);
			continue;
		}
		if (strncmp(line, ESCAPE, strlen(ESCAPE)) == 0)
			escape = line + strlen(ESCAPE);
		else
			fwrite(line, 1, len, stdout);
		line += len;
	}
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
