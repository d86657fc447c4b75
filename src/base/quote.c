/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * There are two forms.  A name that contains a single quote, and nothing else
 * that is special between double quotes, is written as "it's".  Every other
 * name is written as '...', where only a single quote ends the string.  Bytes
 * that can't be printed go into a $'...' between two such strings.
 *
 * There is one intended difference from cp.  If a name contains a single quote
 * and ends with an escape, cp 9.1 leaves out the first $', and a shell would
 * read back another name.
 */
#include "quote.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* The most bytes that one byte becomes: 'a'$'\001''b' without a and b. */
#define BYTE_MAX_QUOTED 9

struct out {
	char *end;    /* where the next byte goes */
	bool escaped; /* inside $'...' */
};

/* The length of the character at S, and whether it can be printed. */
static size_t next_char(const char *s, bool *ret_printable)
{
	unsigned char c = (unsigned char)*s;
	mbstate_t state = { 0 };
	wchar_t wc;
	size_t n;

	if (c < 0x80) {
		*ret_printable = c >= ' ' && c != 0x7f;
		return 1;
	}
	n = mbrtowc(&wc, s, strnlen(s, MB_LEN_MAX), &state);
	if (n == (size_t)-1 || n == (size_t)-2) {
		*ret_printable = false;
		return 1;
	}
	*ret_printable = iswprint((wint_t)wc);
	return n;
}

/* Does NAME need double quotes, and is it safe between them? */
static bool suits_double_quotes(const char *name)
{
	bool printable;

	if (!strchr(name, '\''))
		return false;
	if (strpbrk(name, "!\"$&()*;<=>?[\\^`{|}"))
		return false;
	/* Safe there, but cp uses double quotes only if they come first. */
	if (*name && strpbrk(name + 1, "#~"))
		return false;
	for (const char *s = name; *s;) {
		s += next_char(s, &printable);
		if (!printable)
			return false;
	}
	return true;
}

static void put(struct out *out, const char *s, size_t n)
{
	memcpy(out->end, s, n);
	out->end += n;
}

static void put_string(struct out *out, const char *s)
{
	put(out, s, strlen(s));
}

static void put_escaped(struct out *out, unsigned char c)
{
	static const char named[] = "abtnvfr"; /* from 7 on, as in ASCII */
	const char octal[] = { (char)('0' + (c >> 6)),
			       (char)('0' + (c >> 3 & 7)),
			       (char)('0' + (c & 7)) };

	if (!out->escaped)
		put_string(out, "'$'");
	out->escaped = true;
	put_string(out, "\\");
	if (c >= '\a' && c <= '\r')
		put(out, &named[c - '\a'], 1);
	else
		put(out, octal, sizeof(octal));
}

static void put_plain(struct out *out, const char *s, size_t n)
{
	if (*s == '\'') {
		/* End the current string, and begin a plain one. */
		put_string(out, "'\\''");
		out->escaped = false;
		return;
	}
	if (out->escaped)
		put_string(out, "''");
	out->escaped = false;
	put(out, s, n);
}

static void put_single_quoted(struct out *out, const char *name)
{
	bool printable;
	size_t n;

	put_string(out, "'");
	for (const char *s = name; *s; s += n) {
		n = next_char(s, &printable);
		if (printable) {
			put_plain(out, s, n);
			continue;
		}
		for (size_t i = 0; i < n; i++)
			put_escaped(out, (unsigned char)s[i]);
	}
	put_string(out, "'");
}

char *quote_name(const char *name)
{
	size_t len = strlen(name);
	struct out out = { 0 };
	char *quoted;

	if (len > (SIZE_MAX - 3) / BYTE_MAX_QUOTED)
		return NULL;
	quoted = malloc(len * BYTE_MAX_QUOTED + 3);
	if (!quoted)
		return NULL;
	out.end = quoted;

	if (suits_double_quotes(name)) {
		put_string(&out, "\"");
		put(&out, name, len);
		put_string(&out, "\"");
	} else {
		put_single_quoted(&out, name);
	}
	*out.end = '\0';
	return quoted;
}
