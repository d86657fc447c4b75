/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include "base.h"
#include "check.h"
#include "json.h"

/* Check that what was built is TEXT, and begin anew. */
static void check_text(struct json *json, const char *text)
{
	check(json_end_line(json) == 0);
	check(json->len > 0 && json->text[json->len - 1] == '\n');
	json->text[json->len - 1] = '\0';
	check_str(json->text, text);
	json_clear(json);
}

static void values_have_gaps_between_them(void)
{
	_cleanup_(json_release) struct json json = JSON_EMPTY;

	for (int i = 0; i < 2; i++) {
		json_open(&json, NULL, '{');
		json_uint(&json, "none", 0);
		json_uint(&json, "most", UINT64_MAX);
		json_open(&json, "list", '[');
		json_bool(&json, NULL, true);
		json_bool(&json, NULL, false);
		json_open(&json, NULL, '{');
		json_close(&json, '}');
		json_close(&json, ']');
		json_null(&json, "null");
		json_string(&json, "no_string", NULL);
		json_name(&json, "no_name", NULL);
		json_close(&json, '}');
		check_text(&json, "{\"none\":0,\"most\":18446744073709551615,"
				  "\"list\":[true,false,{}],\"null\":null,"
				  "\"no_string\":null,\"no_name\":null}");
	}
}

static void seconds_have_six_digits(void)
{
	_cleanup_(json_release) struct json json = JSON_EMPTY;

	json_open(&json, NULL, '[');
	json_seconds(&json, NULL, 0);
	json_seconds(&json, NULL, 1999);
	json_seconds(&json, NULL, UINT64_C(12345678901234));
	json_close(&json, ']');
	check_text(&json, "[0.000000,0.000001,12345.678901]");
}

static void strings_are_escaped(void)
{
	_cleanup_(json_release) struct json json = JSON_EMPTY;

	json_string(&json, NULL, "a\"b\\c\n\t\x01\x1f\x7f/ \xc3\xa4");
	check_text(&json, "\"a\\u0022b\\u005cc\\u000a\\u0009\\u0001\\u001f"
			  "\\u007f/ \xc3\xa4\"");
}

/* Names that are no UTF-8, and what base64(1) makes of them. */
static void names_keep_their_bytes(void)
{
	static const struct {
		const char *name;
		const char *text;
	} names[] = {
		{ "", "\"\"" },
		{ "\xe2\x82\xac", "\"\xe2\x82\xac\"" },
		{ "\xff", "{\"text\":\"\xef\xbf\xbd\",\"base64\":\"/w==\"}" },
		{ "a\xff", "{\"text\":\"a\xef\xbf\xbd\",\"base64\":\"Yf8=\"}" },
		{ "\xfe/a",
		  "{\"text\":\"\xef\xbf\xbd/a\",\"base64\":\"/i9h\"}" },
		{ "ab\xe2\x82", "{\"text\":\"ab\xef\xbf\xbd\xef\xbf\xbd\","
				"\"base64\":\"YWLigg==\"}" },
		{ "\xed\xa0\x80\"",
		  "{\"text\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\\u0022\","
		  "\"base64\":\"7aCAIg==\"}" },
	};
	_cleanup_(json_release) struct json json = JSON_EMPTY;

	for (size_t i = 0; i < countof(names); i++) {
		json_name(&json, NULL, names[i].name);
		check_text(&json, names[i].text);
	}
}

static void texts_are_put_together(void)
{
	_cleanup_(json_release) struct json part = JSON_EMPTY;
	_cleanup_(json_release) struct json json = JSON_EMPTY;

	json_open(&json, NULL, '[');
	json_raw(&json, NULL, &part);
	json_uint(&part, NULL, 1);
	json_uint(&part, NULL, 2);
	json_raw(&json, NULL, &part);
	json_uint(&json, NULL, 3);
	json_close(&json, ']');
	check_text(&json, "[1,2,3]");
}

static void long_texts_are_whole(void)
{
	_cleanup_(json_release) struct json json = JSON_EMPTY;
	static char name[5001];
	static char text[5003];

	memset(name, 'x', sizeof(name) - 1);
	(void)snprintf(text, sizeof(text), "\"%s\"", name);
	json_name(&json, NULL, name);
	check_text(&json, text);
}

static void lost_lines_are_told(void)
{
	_cleanup_(json_release) struct json json = JSON_EMPTY;

	json_clear(&json);
	json_null(&json, NULL);
	check(json_end_line(&json) == 0);
	json_bool(&json, NULL, true);
	json.is_partial = true;
	check(json_end_line(&json) == -ENOMEM);
	json_uint(&json, NULL, 1);
	check_text(&json, "null\n1");
}

static void unfinished_lines_stay(void)
{
	_cleanup_(json_release) struct json json = JSON_EMPTY;

	json_uint(&json, NULL, 1);
	check(json_end_line(&json) == 0);
	json_open(&json, NULL, '[');
	json_clear(&json);
	json_close(&json, ']');
	check_text(&json, "[]");
}

int main(void)
{
	test(values_have_gaps_between_them);
	test(seconds_have_six_digits);
	test(strings_are_escaped);
	test(names_keep_their_bytes);
	test(texts_are_put_together);
	test(long_texts_are_whole);
	test(lost_lines_are_told);
	test(unfinished_lines_stay);
	return tests_end();
}
