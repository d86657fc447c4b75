/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints what is generated from the option table: completions for three shells,
 * the synopsis, and a list of the options for the tests.  It runs on the build
 * host and is not installed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "optable.h"

#define PROGRAM "reflinkcp"
#define NOTICE                                      \
	"# SPDX-License-Identifier: BSD-2-Clause\n" \
	"# Printed by optgen from src/cli/options.def; changes go there.\n"

/* For every row of the table, and for every word of a list. */
#define row_foreach(row)                                                     \
	for (const struct opt_row *row = opt_rows; row < opt_rows + OPT_MAX; \
	     row++)
#define word_foreach(w, words)                      \
	for (const struct opt_word *w = (words)->v; \
	     w < (words)->v + (words)->n; w++)

static bool is_list(const struct opt_row *row)
{
	return row->kind == KIND_KEEP || row->kind == KIND_DENY;
}

/* May the option be given several times?  Only for options without a letter. */
static bool may_be_repeated(const struct opt_row *row)
{
	return row->kind == KIND_RANGE || row->kind == KIND_RANGES_FROM;
}

/*
 * The length of the summary at the start of the help text: up to the first
 * colon or semicolon that is not in parentheses.
 */
static int summary_len(const struct opt_row *row)
{
	int depth = 0;
	int n = 0;

	for (; row->help[n]; n++) {
		depth += row->help[n] == '(';
		depth -= row->help[n] == ')';
		if (depth == 0 && strchr(":;", row->help[n]))
			break;
	}
	return n;
}

/* The name of ROW's argument: X in "=X" and "[=X]". */
static const char *argument_name(const struct opt_row *row, int *ret_len)
{
	const char *name = strchr(row->argument, '=') + 1;

	*ret_len = (int)strcspn(name, "]");
	return name;
}

/* Print N bytes of S, with a backslash before each character of SPECIAL. */
static void print_escaped(const char *s, int n, const char *special)
{
	for (int i = 0; i < n && s[i]; i++) {
		if (strchr(special, s[i]))
			putchar('\\');
		putchar(s[i]);
	}
}

static void print_words(const struct opt_words *words)
{
	word_foreach(w, words)
		printf("%s%s", w == words->v ? "" : " ", w->word);
}

static void print_options(void)
{
	row_foreach(row) printf("%c\t%s\t%s\n", row->letter ? row->letter : '-',
				row->name ? row->name : "-",
				row->argument ? row->argument : "-");
}

static void print_synopsis(void)
{
	for (size_t i = 0; i < OPT_N_FORMS; i++)
		printf("[OPTION]... %s\n", opt_forms[i]);
}

/* Print the options that take the next word as their argument. */
static void print_bash_previous(void)
{
	printf("\t\tcase $prev in\n");
	row_foreach(row)
	{
		if (!opt_needs_argument(row))
			continue;
		printf("\t\t--%s) option=$prev ;;\n", row->name);
	}
	printf("\t\tesac\n"
	       "\t\t[[ $prev =~ ^-[");
	row_foreach(row) if (row->letter && !opt_needs_argument(row))
		putchar(row->letter);
	printf("]*([");
	row_foreach(row) if (row->letter && opt_needs_argument(row))
		putchar(row->letter);
	printf("])$ ]] && option=-${BASH_REMATCH[1]}\n");
}

static void print_bash_pattern(const struct opt_row *row)
{
	if (row->letter && opt_needs_argument(row))
		printf("\t-%c | --%s)", row->letter, row->name);
	else
		printf("\t--%s)", row->name);
}

static void print_bash_arguments(void)
{
	printf("\tcase $option in\n");
	row_foreach(row)
	{
		if (!opt_takes_argument(row))
			continue;
		print_bash_pattern(row);
		if (row->kind == KIND_DIRECTORY) {
			printf(" _reflinkcp_files -d \"$cur\" ;;\n");
		} else if (row->kind == KIND_RANGES_FROM) {
			printf(" _reflinkcp_files -f \"$cur\" ;;\n");
		} else if (row->words) {
			printf(" _reflinkcp_%s '",
			       is_list(row) ? "list" : "words");
			print_words(row->words);
			printf("' \"$cur\" ;;\n");
		} else {
			printf(" ;;\n");
		}
	}
	printf("\tesac\n");
}

static void print_bash_names(void)
{
	printf("\t\t_reflinkcp_words '");
	row_foreach(row)
	{
		const char *gap = row == opt_rows ? "" : " ";

		if (!row->name)
			printf("%s-%c", gap, row->letter);
		else if (opt_needs_argument(row))
			printf("%s--%s=", gap, row->name);
		else if (opt_takes_argument(row))
			printf("%s--%s --%s=", gap, row->name, row->name);
		else
			printf("%s--%s", gap, row->name);
	}
	printf("' \"$cur\"\n");
}

static void print_bash(void)
{
	printf(NOTICE
	       "# shellcheck shell=bash\n\n"
	       "# Complete $2 to one of the words in $1.\n"
	       "_reflinkcp_words()\n"
	       "{\n"
	       "\tmapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$2\")\n"
	       "\t[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace\n"
	       "}\n"
	       "\n"
	       "# The same for the last word of a list with commas.\n"
	       "_reflinkcp_list()\n"
	       "{\n"
	       "\tlocal last=${2##*,}\n"
	       "\n"
	       "\tmapfile -t COMPREPLY < <(\n"
	       "\t\tcompgen -P \"${2%%\"$last\"}\" -W \"$1\" -- \"$last\")\n"
	       "\tcompopt -o nospace\n"
	       "}\n"
	       "\n"
	       "# Complete $2 to files of kind $1: -d or -f.\n"
	       "_reflinkcp_files()\n"
	       "{\n"
	       "\tmapfile -t COMPREPLY < <(compgen \"$1\" -- \"$2\")\n"
	       "\tcompopt -o filenames\n"
	       "}\n"
	       "\n"
	       "_reflinkcp()\n"
	       "{\n"
	       "\tlocal cur=${COMP_WORDS[COMP_CWORD]} option='' word\n"
	       "\tlocal prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	       "\n"
	       "\tCOMPREPLY=()\n"
	       "\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
	       "\t\t[[ $word == -- ]] || continue\n"
	       "\t\t_reflinkcp_files -f \"$cur\"\n"
	       "\t\treturn\n"
	       "\tdone\n"
	       "\n"
	       "\t# --sparse=au arrives as --sparse, = and au.\n"
	       "\tif [[ $cur == = && $prev == --* ]]; then\n"
	       "\t\toption=$prev cur=''\n"
	       "\telif [[ $prev == = ]]; then\n"
	       "\t\toption=${COMP_WORDS[COMP_CWORD-2]}\n"
	       "\telse\n");
	print_bash_previous();
	printf("\tfi\n\n");
	print_bash_arguments();
	printf("\t[[ $option ]] && return\n"
	       "\n"
	       "\tif [[ $cur == -* ]]; then\n");
	print_bash_names();
	printf("\telse\n"
	       "\t\t_reflinkcp_files -f \"$cur\"\n"
	       "\tfi\n"
	       "} 2>/dev/null # compopt, where it may not be called\n"
	       "\n"
	       "complete -F _reflinkcp " PROGRAM "\n");
}

static void print_zsh_argument(const struct opt_row *row)
{
	const char *gap = "";
	int n;
	const char *name = argument_name(row, &n);

	printf(opt_needs_argument(row) ? ":" : "::");
	print_escaped(name, n, ":");
	putchar(':');
	if (row->kind == KIND_DIRECTORY)
		printf("_directories");
	if (row->kind == KIND_RANGES_FROM)
		printf("_files");
	if (!row->words)
		return;
	printf(is_list(row) ? "_sequence -d compadd - " : "((");
	word_foreach(w, row->words)
	{
		printf("%s%s", gap, w->word);
		gap = " ";
		if (is_list(row) || !w->help)
			continue;
		printf("\\:\"");
		print_escaped(w->help, (int)strlen(w->help), "\"");
		putchar('"');
	}
	printf(is_list(row) ? "" : "))");
}

/* Print a specification for _arguments; SPELLING includes the dashes. */
static void print_zsh_spec(const struct opt_row *row, const char *spelling,
			   const char *separator)
{
	printf("\t'");
	if (may_be_repeated(row))
		putchar('*');
	if (row->letter && row->name)
		printf("(-%c --%s)", row->letter, row->name);
	printf("%s%s[", spelling, separator);
	for (int i = 0; i < summary_len(row); i++)
		if (row->help[i] == '\'')
			printf("'\\''");
		else
			print_escaped(&row->help[i], 1, "[]:\\");
	printf("]");
	if (*separator)
		print_zsh_argument(row);
	printf("' \\\n");
}

static void print_zsh(void)
{
	printf("#compdef " PROGRAM "\n" NOTICE "\n"
	       "_arguments -s -S \\\n");
	row_foreach(row)
	{
		const char letter[] = { '-', row->letter, '\0' };
		char name[64];

		if (row->letter)
			print_zsh_spec(row, letter,
				       opt_needs_argument(row) ? "+" : "");
		if (!row->name)
			continue;
		(void)snprintf(name, sizeof(name), "--%s", row->name);
		if (opt_needs_argument(row))
			print_zsh_spec(row, name, "=");
		else
			print_zsh_spec(row, name,
				       opt_takes_argument(row) ? "=-" : "");
	}
	printf("\t'*:file:_files'\n");
}

/* Print the words of ROW's argument for fish: word, tab, help. */
static void print_fish_words(const struct opt_row *row)
{
	const char *help = "";

	printf(is_list(row) ? " -a '(__reflinkcp_list" : " -a '");
	word_foreach(w, row->words)
	{
		if (w->help)
			help = w->help;
		printf(is_list(row) ? " %s" : "%s\\t\"", w->word);
		if (is_list(row))
			continue;
		print_escaped(help, (int)strlen(help), "'\"\\");
		printf("\"%s",
		       w + 1 == row->words->v + row->words->n ? "" : " ");
	}
	printf(is_list(row) ? ")'" : "'");
}

static void print_fish_row(const struct opt_row *row)
{
	printf("complete -c " PROGRAM);
	/* In fish, letter and long name can't differ in taking an argument. */
	if (row->letter && row->name && opt_takes_argument(row) &&
	    !opt_needs_argument(row)) {
		printf(" -s %c -d '", row->letter);
		print_escaped(row->help, summary_len(row), "'\\");
		printf("'\ncomplete -c " PROGRAM);
	} else if (row->letter) {
		printf(" -s %c", row->letter);
	}
	if (row->name)
		printf(" -l %s", row->name);
	if (row->kind == KIND_RANGES_FROM)
		printf(" -r -F");
	else if (opt_needs_argument(row))
		printf(" -x");
	else if (opt_takes_argument(row))
		printf(" -f");
	if (row->words)
		print_fish_words(row);
	else if (row->kind == KIND_DIRECTORY)
		printf(" -a '(__fish_complete_directories)'");
	printf(" -d '");
	print_escaped(row->help, summary_len(row), "'\\");
	printf("'\n");
}

static void print_fish(void)
{
	printf(NOTICE
	       "\n"
	       "# The words given, after what a list with commas has already.\n"
	       "function __reflinkcp_list\n"
	       "\tset -l cur (commandline -ct | string replace -r '^--[^=]*=' '')\n"
	       "\tset -l done (string match -r '^.*,' -- $cur; or echo)\n"
	       "\tprintf '%%s\\n' $done$argv\n"
	       "end\n\n");
	row_foreach(row) print_fish_row(row);
}

static const struct {
	const char *name;
	void (*print)(void);
} outputs[] = {
	{ "bash", print_bash },	      { "fish", print_fish },
	{ "options", print_options }, { "synopsis", print_synopsis },
	{ "zsh", print_zsh },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < countof(outputs); i++) {
		if (strcmp(argv[1], outputs[i].name) != 0)
			continue;
		outputs[i].print();
		return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	fprintf(stderr, "usage: optgen bash|fish|options|synopsis|zsh\n");
	return EXIT_FAILURE;
}
