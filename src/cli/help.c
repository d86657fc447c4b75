/* SPDX-License-Identifier: BSD-2-Clause */
#include "help.h"

#include <string.h>

#include "optable.h"

#define NAME	    "reflinkcp"
#define MIN_WIDTH   60
#define HELP_COLUMN 26
#define FORM_COLUMN 11

struct page {
	FILE *f;
	int width;
	int column; /* where the next character goes, from 0 */
};

static void put(struct page *p, const char *s, size_t n)
{
	p->column += (int)fwrite(s, 1, n, p->f);
}

static void new_line(struct page *p)
{
	(void)fputc('\n', p->f);
	p->column = 0;
}

static void pad_to(struct page *p, int column)
{
	while (p->column < column)
		put(p, " ", 1);
}

/* Write TEXT from the current column on; indent further lines to INDENT. */
static void put_wrapped(struct page *p, const char *text, int indent)
{
	while (*text) {
		size_t n = strcspn(text, " ");

		if (p->column + 1 + (int)n > p->width) {
			new_line(p);
			pad_to(p, indent);
		} else if (p->column > indent) {
			put(p, " ", 1);
		}
		put(p, text, n);
		text += n;
		text += strspn(text, " ");
	}
	new_line(p);
}

static void put_form(struct page *p, const char *lead, const char *progname,
		     const char *form)
{
	p->column += fprintf(p->f, "%s %s [OPTION]...", lead, progname);
	/* If it doesn't fit on this line, begin another. */
	if (p->column + 1 + (int)strlen(form) > p->width) {
		new_line(p);
		pad_to(p, FORM_COLUMN);
	}
	put_wrapped(p, form, FORM_COLUMN);
}

static void put_option(struct page *p, const struct opt_row *row)
{
	if (row->letter)
		p->column += fprintf(p->f, "  -%c", row->letter);
	else
		p->column += fprintf(p->f, "    ");
	if (row->name)
		p->column +=
			fprintf(p->f, "%c --%s%s", row->letter ? ',' : ' ',
				row->name, row->argument ? row->argument : "");
	/* At least two spaces before the text, or else a new line. */
	if (p->column + 2 > HELP_COLUMN)
		new_line(p);
	pad_to(p, HELP_COLUMN);
	put_wrapped(p, row->help, HELP_COLUMN);
}

static void put_group(struct page *p, enum opt_group group)
{
	(void)fprintf(p->f, "\n%s:\n", opt_group_titles[group]);
	for (size_t i = 0; i < OPT_MAX; i++)
		if (opt_rows[i].group == group)
			put_option(p, &opt_rows[i]);
}

void help_print(FILE *f, const char *progname, int width)
{
	struct page p = { .f = f, .width = width };

	if (p.width < MIN_WIDTH)
		p.width = MIN_WIDTH;
	for (size_t i = 0; i < OPT_N_FORMS; i++)
		put_form(&p, i == 0 ? "Usage:" : "      ", progname,
			 opt_forms[i]);
	new_line(&p);
	put_wrapped(&p,
		    "Copy files.  Where the file system supports it, a copy is "
		    "a clone: it shares the storage of its source, and is made "
		    "almost at once, whatever its size.  Elsewhere the bytes "
		    "are copied.",
		    0);
	new_line(&p);
	put_wrapped(&p,
		    "Mandatory arguments to long options are mandatory for "
		    "short options too.",
		    0);
	for (int group = 0; group < GROUP_MAX; group++)
		put_group(&p, (enum opt_group)group);
	new_line(&p);
	put_wrapped(&p,
		    "The suffix of simple backups is ~, unless --suffix or "
		    "SIMPLE_BACKUP_SUFFIX sets another.  VERSION_CONTROL "
		    "chooses the kind of backup if CONTROL is omitted.",
		    0);
	new_line(&p);
	put_wrapped(&p,
		    "Exit status: 0 if everything was done as requested, 1 if "
		    "anything failed.  For details see the manual: man " NAME,
		    0);
}

void version_print(FILE *f, const char *progname)
{
	if (strcmp(progname, NAME) == 0)
		(void)fprintf(f, NAME " %s\n", REFLINKCP_VERSION);
	else
		(void)fprintf(f, "%s (" NAME ") %s\n", progname,
			      REFLINKCP_VERSION);
	(void)fputs("Copyright (c) the " NAME " authors.  BSD-2-Clause: free "
		    "to use, change and pass on; no warranty.\n"
		    "libbsd: " REFLINKCP_LIBBSD "\n"
		    "SELinux: " REFLINKCP_HAS_SELINUX "\n",
		    f);
}
