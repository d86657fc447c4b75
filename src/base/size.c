/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * expand_number(3bsd) does the arithmetic.  It takes more than is wanted:
 * blanks and signs, octal numbers, no digits at all, a suffix B, anything after
 * a suffix.  So the form is looked at first.
 */
#include "size.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <bsd/libutil.h>

#include "range.h"

#define DIGITS	   "0123456789"
#define HEX_DIGITS DIGITS "abcdefABCDEF"
#define SUFFIXES   "kmgtpeKMGTPE"

/* Digits, at most one suffix, the end? */
static bool is_well_formed(const char *text)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	size_t n;

	if (hex)
		text += 2;
	n = strspn(text, hex ? HEX_DIGITS : DIGITS);
	if (n == 0)
		return false;
	text += n;
	return text[strspn(text, SUFFIXES) > 0] == '\0';
}

int size_parse(const char *text, uint64_t *ret)
{
	uint64_t value;

	if (!is_well_formed(text))
		return -EINVAL;
	/* One 0 before a digit would make it octal. */
	while (text[0] == '0' && text[1] >= '0' && text[1] <= '9')
		text++;
	if (expand_number(text, &value) < 0)
		return -errno;
	if (value > RANGE_OFF_MAX)
		return -ERANGE;
	*ret = value;
	return 0;
}
