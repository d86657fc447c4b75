/* SPDX-License-Identifier: BSD-2-Clause */
#include "prompt.h"

#include <langinfo.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "base.h"
#include "diag.h"

static void print_question(const char *dst, const struct question *q)
{
	char letters[12]; /* as ls shows a mode: "-rw-r--r-- " */

	(void)fprintf(stderr, "%s: ", getprogname());
	if (q->writable)
		(void)fputs("overwrite ", stderr);
	else
		(void)fputs(q->will_replace ? "replace " : "unwritable ",
			    stderr);
	(void)diag_put_name(stderr, dst);
	if (q->writable) {
		(void)fputs("? ", stderr);
		return;
	}
	strmode(q->mode, letters);
	(void)fprintf(stderr,
		      q->will_replace ? ", overriding mode %04o (%.9s)? "
				      : " (mode %04o, %.9s); try anyway? ",
		      q->mode, letters + 1);
}

/* The same as rpmatch(3), which musl lacks. */
static bool is_yes(const char *answer)
{
	regex_t yes;
	bool r;

	if (regcomp(&yes, nl_langinfo(YESEXPR), REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	r = regexec(&yes, answer, 0, NULL, 0) == 0;
	regfree(&yes);
	return r;
}

bool prompt_overwrite(const char *dst, const struct question *question)
{
	_cleanup_(freep) char *answer = NULL;
	size_t size = 0;
	ssize_t n;

	(void)fflush(stdout);
	print_question(dst, question);
	n = getline(&answer, &size, stdin);
	/*
	 * At the end of the input, the terminal is still on the question's
	 * line.
	 */
	if (n <= 0 || answer[n - 1] != '\n')
		(void)fputc('\n', stderr);
	return n > 0 && is_yes(answer);
}
