/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"
#include "check.h"
#include "help.h"
#include "optable.h"

/* What help_print() writes; the caller frees it. */
static char *help_at(int width)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	help_print(f, "reflinkcp", width);
	(void)fclose(f);
	return text;
}

static char *read_whole(const char *path)
{
	char *text = calloc(1, 65536);
	FILE *f = fopen(path, "r");

	if (f) {
		text[fread(text, 1, 65535, f)] = '\0';
		(void)fclose(f);
	}
	return text;
}

/* With BLESS set in the environment, what is printed becomes what should be. */
static void is_as_blessed(void)
{
	char *text = help_at(80);
	char *golden;
	FILE *f;

	if (getenv("BLESS")) {
		f = fopen(GOLDEN "/help.txt", "w");
		check(f && fputs(text, f) >= 0 && fclose(f) == 0);
	}
	golden = read_whole(GOLDEN "/help.txt");
	check_str(text, golden);
	free(golden);
	free(text);
}

static void check_width(const char *text, size_t width)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		check(n <= width);
		check(n == 0 || text[n - 1] != ' ');
		text += n + (text[n] == '\n');
	}
}

static void fits_every_width(void)
{
	for (int width = -1; width < 300; width++) {
		char *text = help_at(width);

		check_width(text, width < 60 ? 60 : (size_t)width);
		free(text);
	}
}

/* The words of ROW's argument stand in its help text. */
static void check_words(const struct opt_row *row)
{
	for (size_t i = 0; i < row->words->n; i++)
		if (row->words->v[i].help)
			check(strstr(row->help, row->words->v[i].word));
}

static void names_every_option_and_word(void)
{
	char *text = help_at(80);
	char name[80];

	for (size_t i = 0; i < OPT_MAX; i++) {
		const struct opt_row *row = &opt_rows[i];

		if (row->name)
			(void)snprintf(name, sizeof(name), "--%s%s", row->name,
				       row->argument ? row->argument : "");
		else
			(void)snprintf(name, sizeof(name), "  -%c ",
				       row->letter);
		check(strstr(text, name));
		if (row->words && i != OPT_NO_PRESERVE)
			check_words(row);
	}
	free(text);
}

static void check_version(const char *progname, const char *want)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	version_print(f, progname);
	(void)fclose(f);
	check(strncmp(text, want, strlen(want)) == 0);
	check(strstr(text, "\nlibbsd: s") != NULL);
	check(strstr(text, "\nSELinux: yes\n") ||
	      strstr(text, "\nSELinux: no\n"));
	free(text);
}

static void version_says_who_speaks(void)
{
	check_version("reflinkcp", "reflinkcp 0.");
	check_version("cp", "cp (reflinkcp) 0.");
}

int main(void)
{
	test(is_as_blessed);
	test(fits_every_width);
	test(names_every_option_and_word);
	test(version_says_who_speaks);
	return tests_end();
}
