/* SPDX-License-Identifier: BSD-2-Clause */
#include "prompt.h"

#include <stdio.h>
#include <stdlib.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "base.h"
#include "diag.h"
#include "quote.h"

/* The mode as ls shows it: "rw-r--r--". */
static void mode_letters(uint32_t mode, char letters[static 10])
{
	static const char all[] = "rwxrwxrwx";

	for (unsigned i = 0; i < 9; i++)
		letters[i] = mode & (0400u >> i) ? all[i] : '-';
	letters[9] = '\0';
}

static void print_question(const char *dst, const struct question *q)
{
	_cleanup_(freep) char *quoted = quote_name(dst);
	const char *name = quoted ? quoted : "'?'";
	char letters[10];

	(void)fprintf(stderr, "%s: ", getprogname());
	if (q->writable) {
		(void)fprintf(stderr, "overwrite %s? ", name);
		return;
	}
	mode_letters(q->mode, letters);
	if (q->will_replace)
		(void)fprintf(stderr, "replace %s, overriding mode %04o (%s)? ",
			      name, q->mode, letters);
	else
		(void)fprintf(stderr,
			      "unwritable %s (mode %04o, %s); try anyway? ",
			      name, q->mode, letters);
}

bool prompt_overwrite(const char *dst, const struct question *question)
{
	_cleanup_(freep) char *answer = NULL;
	size_t size = 0;

	diag_locale();
	(void)fflush(stdout);
	print_question(dst, question);
	return getline(&answer, &size, stdin) > 0 && rpmatch(answer) > 0;
}
