/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * expand_number(3bsd) does the arithmetic.  It accepts too much: blanks and
 * signs, octal numbers, no digits at all, a suffix B, anything after a suffix.
 * So the form is checked first; then iB can be ignored.
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

/* Has TEXT the form of a number?  Returns as size_parse() does. */
static int check_form(const char *text)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	size_t n;

	if (hex)
		text += 2;
	n = strspn(text, hex ? HEX_DIGITS : DIGITS);
	if (n == 0)
		return -EINVAL;
	text += n;
	if (*text == '\0')
		return 0;
	if (!strchr(SUFFIXES, *text++))
		return -EINVAL;
	if (strcmp(text, "B") == 0)
		return -EEXIST;
	return *text == '\0' || strcmp(text, "iB") == 0 ? 0 : -EINVAL;
}

int size_parse(const char *text, uint64_t *ret)
{
	uint64_t value;
	int r = check_form(text);

	if (r < 0)
		return r;
	/* A 0 before a digit would make the number octal. */
	while (text[0] == '0' && text[1] >= '0' && text[1] <= '9')
		text++;
	if (expand_number(text, &value) < 0)
		return -errno;
	if (value > RANGE_OFF_MAX)
		return -ERANGE;
	*ret = value;
	return 0;
}
