/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A library would build a tree of values first, which takes three times as long
 * as a report of 20,000 files may (measured with jansson).
 */
#include "json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

/* Make room for N more bytes.  Returns where they go, or NULL. */
static char *grow(struct json *json, size_t n)
{
	size_t size = json->size ? json->size : 1024;
	char *text;

	if (json->is_partial)
		return NULL;
	while (size - json->len < n)
		size *= 2;
	if (size != json->size) {
		text = realloc(json->text, size);
		if (!text) {
			json->is_partial = true;
			return NULL;
		}
		json->text = text;
		json->size = size;
	}
	text = json->text + json->len;
	json->len += n;
	return text;
}

static void put(struct json *json, const char *s, size_t n)
{
	char *to = grow(json, n);

	if (to)
		memcpy(to, s, n);
}

/* Begin a value: what stands between it and the last one, and its key. */
static void begin(struct json *json, const char *key)
{
	const size_t n = key ? strlen(key) : 0;
	char *to = grow(json, (json->needs_gap ? 1 : 0) + (key ? n + 3 : 0));

	if (to && json->needs_gap)
		*to++ = ',';
	json->needs_gap = true;
	if (!to || !key)
		return;
	*to++ = '"';
	while (*key)
		*to++ = *key++;
	*to++ = '"';
	*to = ':';
}

static void value(struct json *json, const char *key, const char *text)
{
	begin(json, key);
	put(json, text, strlen(text));
}

void json_open(struct json *json, const char *key, char bracket)
{
	begin(json, key);
	put(json, &bracket, 1);
	json->needs_gap = false;
}

void json_close(struct json *json, char bracket)
{
	put(json, &bracket, 1);
	json->needs_gap = true;
}

/* Add the bytes of S up to END, which are UTF-8, with escapes. */
static void put_escaped(struct json *json, const char *s, const char *end)
{
	static const char hex[] = "0123456789abcdef";
	const char *from = s;

	for (; s < end; s++) {
		const unsigned char c = (unsigned char)*s;
		const char escape[] = { '\\', 'u',	   '0',
					'0',  hex[c >> 4], hex[c & 15] };

		if (c >= ' ' && c != '"' && c != '\\' && c != 0x7f)
			continue;
		put(json, from, (size_t)(s - from));
		put(json, escape, sizeof(escape));
		from = s + 1;
	}
	put(json, from, (size_t)(end - from));
}

/* Add S as a string, with U+FFFD in place of what is not UTF-8. */
static void put_string(struct json *json, const char *s)
{
	put(json, "\"", 1);
	while (*s) {
		const char *end = s + utf8_prefix(s);

		put_escaped(json, s, end);
		s = end;
		if (*s) {
			put(json, "\xef\xbf\xbd", 3);
			s++;
		}
	}
	put(json, "\"", 1);
}

void json_string(struct json *json, const char *key, const char *s)
{
	if (!s) {
		json_null(json, key);
		return;
	}
	begin(json, key);
	put_string(json, s);
}

static void put_base64(struct json *json, const char *s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	const unsigned char *in = (const unsigned char *)s;
	size_t left = strlen(s);

	for (; left > 0; in += 3, left -= left < 3 ? left : 3) {
		const unsigned bits = (unsigned)in[0] << 16 |
				      (left > 1 ? (unsigned)in[1] << 8 : 0) |
				      (left > 2 ? (unsigned)in[2] : 0);
		const char four[] = {
			digits[bits >> 18],
			digits[bits >> 12 & 63],
			(char)(left > 1 ? digits[bits >> 6 & 63] : '='),
			(char)(left > 2 ? digits[bits & 63] : '='),
		};

		put(json, four, sizeof(four));
	}
}

void json_name(struct json *json, const char *key, const char *name)
{
	if (!name || name[utf8_prefix(name)] == '\0') {
		json_string(json, key, name);
		return;
	}
	json_open(json, key, '{');
	begin(json, "text");
	put_string(json, name);
	begin(json, "base64");
	put(json, "\"", 1);
	put_base64(json, name);
	put(json, "\"", 1);
	json_close(json, '}');
}

/* Many numbers stand in a record, and printf(3) takes its time. */
static void put_digits(struct json *json, uint64_t n, size_t least)
{
	char digits[20];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + n % 10);
	while ((n /= 10) || sizeof(digits) - at < least);
	put(json, digits + at, sizeof(digits) - at);
}

void json_uint(struct json *json, const char *key, uint64_t n)
{
	begin(json, key);
	put_digits(json, n, 1);
}

void json_bool(struct json *json, const char *key, bool yes)
{
	value(json, key, yes ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
	value(json, key, "null");
}

void json_seconds(struct json *json, const char *key, uint64_t ns)
{
	begin(json, key);
	put_digits(json, ns / 1000000000, 1);
	put(json, ".", 1);
	put_digits(json, ns % 1000000000 / 1000, 6);
}

void json_raw(struct json *json, const char *key, const struct json *other)
{
	if (other->is_partial)
		json->is_partial = true;
	if (!key && other->len == 0)
		return;
	begin(json, key);
	put(json, other->text, other->len);
}

int json_end_line(struct json *json)
{
	bool is_partial;

	put(json, "\n", 1);
	is_partial = json->is_partial;
	if (is_partial)
		json->len = json->line;
	json->line = json->len;
	json->needs_gap = false;
	json->is_partial = false;
	return is_partial ? -ENOMEM : 0;
}

void json_clear(struct json *json)
{
	if (json->line == 0)
		return;
	memmove(json->text, json->text + json->line, json->len - json->line);
	json->len -= json->line;
	json->line = 0;
}

void json_release(struct json *json)
{
	free(json->text);
	*json = JSON_EMPTY;
}
