/* SPDX-License-Identifier: BSD-2-Clause */
#include <locale.h>
#include <stdint.h>

#include "base.h"
#include "check.h"
#include "quote.h"

struct pair {
	const char *name;
	const char *quoted;
};

static void check_pairs(const struct pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *quoted = quote_name(pairs[i].name);

		check_str(quoted, pairs[i].quoted);
		free(quoted);
	}
}

/* What cp 9.1 prints, seen on Debian 12. */
static void as_cp_in_c_locale(void)
{
	static const struct pair pairs[] = {
		{ "", "''" },
		{ "a", "'a'" },
		{ "a b", "'a b'" },
		{ "it's", "\"it's\"" },
		{ "'", "\"'\"" },
		{ "''", "\"''\"" },
		{ "a\nb", "'a'$'\\n''b'" },
		{ "\n", "''$'\\n'" },
		{ "\t\n", "''$'\\t\\n'" },
		{ "\a\b\f\r\v", "''$'\\a\\b\\f\\r\\v'" },
		{ "\x1b[31m", "''$'\\033''[31m'" },
		{ "\x7f", "''$'\\177'" },
		{ "$HOME", "'$HOME'" },
		{ "a\\b", "'a\\b'" },
		{ "a\"b", "'a\"b'" },
		{ "a'b$c", "'a'\\''b$c'" },
		{ "a'b\nc", "'a'\\''b'$'\\n''c'" },
		{ "\n'a", "''$'\\n'\\''a'" },
		{ "#'", "\"#'\"" },
		{ "~'", "\"~'\"" },
		{ "'#", "''\\''#'" },
		{ "'~", "''\\''~'" },
		{ "{'", "'{'\\'''" },
		{ "-n", "'-n'" },
		{ "\303\251", "''$'\\303\\251'" },
		{ "\377", "''$'\\377'" },
	};

	check_pairs(pairs, countof(pairs));
}

static void as_cp_in_utf8(void)
{
	static const struct pair pairs[] = {
		{ "\303\251", "'\303\251'" },
		{ "\346\227\245\346\234\254", "'\346\227\245\346\234\254'" },
		{ "l'\303\251t\303\251", "\"l'\303\251t\303\251\"" },
		{ "\303", "''$'\\303'" },
		{ "a\303z", "'a'$'\\303''z'" },
		{ "\360\220", "''$'\\360\\220'" },
		/* U+0085 is a character, but none to be seen. */
		{ "\302\205", "''$'\\302\\205'" },
		/* Overlong and surrogate forms are no characters. */
		{ "\300\257", "''$'\\300\\257'" },
		{ "\355\240\200", "''$'\\355\\240\\200'" },
	};

	if (setlocale(LC_ALL, "C.UTF-8"))
		check_pairs(pairs, countof(pairs));
}

/* cp 9.1 gets these wrong; the shell must read back what was given. */
static void better_than_cp(void)
{
	static const struct pair pairs[] = {
		{ "\na'\377", "''$'\\n''a'\\'''$'\\377'" },
	};

	check_pairs(pairs, countof(pairs));
}

/* One byte of a $'...' after the backslash; how many bytes it took. */
static size_t unescape(const char *s, char *ret)
{
	static const char letters[] = "abtnvfr";
	const char *letter = strchr(letters, *s);

	if (letter && *s) {
		*ret = (char)('\a' + (letter - letters));
		return 1;
	}
	*ret = (char)((s[0] - '0') * 64 + (s[1] - '0') * 8 + (s[2] - '0'));
	return 3;
}

/* Read one quoted piece at S as a shell would; how many bytes it took. */
static size_t unquote_piece(const char *s, char **out)
{
	size_t i = 1;

	if (*s == '\\') {
		*(*out)++ = s[1];
		return 2;
	}
	if (strncmp(s, "$'", 2) == 0) {
		for (i = 2; s[i] && s[i] != '\'';)
			i += 1 + unescape(s + i + 1, (*out)++);
		return i + 1;
	}
	while (s[i] && s[i] != *s)
		*(*out)++ = s[i++];
	return i + 1;
}

static void check_read_back(const char *name)
{
	char *quoted = quote_name(name);
	char back[1024];
	char *out = back;

	for (const char *s = quoted; *s; s++)
		check((*s & 0xe0) != 0 && *s != 0x7f);
	for (const char *s = quoted; *s;)
		s += unquote_piece(s, &out);
	*out = '\0';
	check_str(back, name);
	free(quoted);
}

static void every_pair_of_bytes_is_read_back(void)
{
	char name[] = { 0, 0, 0 };

	for (int i = 1; i < 256; i++)
		for (int j = 0; j < 256; j++) {
			name[0] = (char)i;
			name[1] = (char)j;
			check_read_back(name);
		}
}

static void random_names_are_read_back(void)
{
	static const char pool[] =
		"'\"\\$`\n\033#~{} aaa\303\251\346\227\245\377";
	uint32_t seed = 1;
	char name[17];

	for (size_t i = 0; i < 100000; i++) {
		size_t n = i % sizeof(name);

		for (size_t j = 0; j < n; j++) {
			seed = seed * 1664525 + 1013904223;
			name[j] = pool[(seed >> 16) % (sizeof(pool) - 1)];
		}
		name[n] = '\0';
		check_read_back(name);
	}
}

static void random_names_are_read_back_in_utf8(void)
{
	if (setlocale(LC_ALL, "C.UTF-8"))
		random_names_are_read_back();
}

int main(void)
{
	test(as_cp_in_c_locale);
	test(as_cp_in_utf8);
	test(better_than_cp);
	test(every_pair_of_bytes_is_read_back);
	test(random_names_are_read_back);
	test(random_names_are_read_back_in_utf8);
	return tests_end();
}
