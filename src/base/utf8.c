/* SPDX-License-Identifier: BSD-2-Clause */
#include "utf8.h"

#include <stdint.h>

#include "base.h"

/* Characters of one length: the range of their first byte, and of their code. */
static const struct {
	unsigned char first_min;
	unsigned char first_max;
	size_t len;
	uint32_t code_min; /* smaller ones have a shorter form */
	uint32_t code_max;
} forms[] = {
	{ 0xc2, 0xdf, 2, 0x80, 0x7ff },
	{ 0xe0, 0xef, 3, 0x800, 0xffff },
	{ 0xf0, 0xf4, 4, 0x10000, 0x10ffff },
};

/* The length of the character above 127 at S; 0 if there is none. */
static size_t next_char(const unsigned char *s)
{
	size_t i = 0;
	uint32_t code;

	while (i < countof(forms) &&
	       (*s < forms[i].first_min || *s > forms[i].first_max))
		i++;
	if (i == countof(forms))
		return 0;
	code = *s & (0x7fU >> forms[i].len);
	for (size_t k = 1; k < forms[i].len; k++) {
		if ((s[k] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[k] & 0x3f);
	}
	if (code < forms[i].code_min || code > forms[i].code_max ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return forms[i].len;
}

size_t utf8_prefix(const char *s)
{
	const unsigned char *at = (const unsigned char *)s;
	size_t n;

	for (;; at += n) {
		n = 1;
		if (*at >= 0x80)
			n = next_char(at);
		if (*at == '\0' || n == 0)
			return (size_t)((const char *)at - s);
	}
}
