/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>

#include "base.h"
#include "check.h"
#include "optable.h"
#include "options.h"
#include "parsed.h"

/* Long names of GNU cp 9.10, whatever else there is here. */
static const char *const of_cp[] = {
	"archive",
	"attributes-only",
	"backup",
	"copy-contents",
	"debug",
	"dereference",
	"force",
	"interactive",
	"keep-directory-symlink",
	"link",
	"no-clobber",
	"no-dereference",
	"no-preserve",
	"no-target-directory",
	"one-file-system",
	"parents",
	"preserve",
	"recursive",
	"reflink",
	"remove-destination",
	"strip-trailing-slashes",
	"sparse",
	"suffix",
	"symbolic-link",
	"target-directory",
	"update",
	"verbose",
	"context",
	"help",
	"version",
};

/* How many of cp's names begin with the N bytes at TEXT; one alone counts. */
static size_t n_of_cp(const char *text, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < countof(of_cp); i++) {
		if (strncmp(of_cp[i], text, n) != 0)
			continue;
		if (of_cp[i][n] == '\0')
			return 1;
		found++;
	}
	return found;
}

/* What a line that begins with an option comes to. */
static void parse_option(struct parsed *p, const char *name, size_t n)
{
	char line[256];

	(void)snprintf(line, sizeof(line), "a --%.*s always b", (int)n, name);
	parse(p, line);
	operands_release(&p->operands);
}

/* Each beginning of each of cp's names, as cp takes it. */
static void what_is_enough_for_cp_is_enough(void)
{
	for (size_t i = 0; i < countof(of_cp); i++) {
		struct parsed whole;

		parse_option(&whole, of_cp[i], strlen(of_cp[i]));
		for (size_t n = 1; of_cp[i][n]; n++) {
			struct parsed p;

			parse_option(&p, of_cp[i], n);
			if (n_of_cp(of_cp[i], n) == 1) {
				check(p.r == whole.r);
				check_str(p.error.text, whole.error.text);
				check(p.r != 0 ||
				      same(&p.policy, &whole.policy));
			} else {
				check(p.r == -EINVAL);
				check(strstr(p.error.text, "is ambiguous"));
			}
		}
	}
}

/* The others' beginnings: enough where they fit none of cp's, and only one. */
static void own_names_take_nothing_from_cp(void)
{
	for (size_t i = 0; i < OPT_MAX; i++) {
		const char *name = opt_rows[i].name;

		for (size_t n = 1; opt_rows[i].is_own && name[n]; n++) {
			struct parsed p;
			size_t n_own = 0;
			bool exact = false;

			for (size_t j = 0; j < OPT_MAX; j++) {
				const struct opt_row *row = &opt_rows[j];

				if (!row->is_own ||
				    strncmp(row->name, name, n) != 0)
					continue;
				n_own++;
				exact |= row->name[n] == '\0';
			}
			parse_option(&p, name, n);
			if (n_of_cp(name, n) == 0)
				check(!strstr(p.error.text, "is ambiguous") ==
				      (n_own == 1 || exact));
		}
	}
}

/* Which rows are marked as our own. */
static void cp_has_all_that_is_not_own(void)
{
	size_t n_not_own = 0;

	for (size_t i = 0; i < OPT_MAX; i++)
		n_not_own += opt_rows[i].name && !opt_rows[i].is_own;
	check(n_not_own == countof(of_cp));
	for (size_t i = 0; i < countof(of_cp); i++) {
		bool found = false;

		for (size_t j = 0; j < OPT_MAX; j++)
			found |= opt_rows[j].name && !opt_rows[j].is_own &&
				 strcmp(opt_rows[j].name, of_cp[i]) == 0;
		check(found);
	}
}

int main(void)
{
	test(what_is_enough_for_cp_is_enough);
	test(own_names_take_nothing_from_cp);
	test(cp_has_all_that_is_not_own);
	return tests_end();
}
