/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Builds JSON texts (RFC 8259) in memory, value by value, one object a line.
 *
 * KEY is the value's key; NULL for an element of an array.  It consists of
 * letters, digits and '_'.  If memory runs out, json_end_line() says so; the
 * calls before it can be made without checks.
 */
struct json {
	char *text;	 /* owned */
	size_t len;	 /* bytes of it that are filled */
	size_t line;	 /* where the current line begins */
	size_t size;	 /* bytes of it */
	bool needs_gap;	 /* a value stands before the next one */
	bool is_partial; /* memory has run out */
};

#define JSON_EMPTY       \
	(struct json)    \
	{                \
		.len = 0 \
	}

/* Begin an object ('{') or an array ('[') as the value of KEY. */
void json_open(struct json *json, const char *key, char bracket);

/* End it, with '}' or ']'. */
void json_close(struct json *json, char bracket);

/* Add S, which is UTF-8; null if S is NULL. */
void json_string(struct json *json, const char *key, const char *s);

/*
 * Add NAME, a path or another name that may have any bytes: a string if it is
 * UTF-8; else { "text": NAME with U+FFFD for each wrong byte, "base64": its
 * bytes (RFC 4648) }.  null if NAME is NULL.
 */
void json_name(struct json *json, const char *key, const char *name);

/* Add the number N. */
void json_uint(struct json *json, const char *key, uint64_t n);

/* Add true or false. */
void json_bool(struct json *json, const char *key, bool yes);

/* Add null. */
void json_null(struct json *json, const char *key);

/* Add NS nanoseconds as a number of seconds, with six digits after the point. */
void json_seconds(struct json *json, const char *key, uint64_t ns);

/* Add OTHER, which is one or more complete values of an array or an object. */
void json_raw(struct json *json, const char *key, const struct json *other);

/*
 * End the line, and begin another.
 *
 * Returns 0; or -ENOMEM if memory had run out, without the line.
 */
int json_end_line(struct json *json);

/* Drop all lines that have ended. */
void json_clear(struct json *json);

/* Free what JSON holds.  For _cleanup_. */
void json_release(struct json *json);
