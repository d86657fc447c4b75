/* SPDX-License-Identifier: BSD-2-Clause */
#include "reportjudge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* What a record is, as it is written; "": it has no such value. */
struct record {
	char type[32];
	char dst[4200];
};

/* Copy the value of KEY, up to what ends it, from the line at LINE. */
static void get_value(const char *line, const char *key, char *ret, size_t size)
{
	const char *at = strstr(line, key);
	size_t len;

	*ret = '\0';
	if (!at || at > line + strcspn(line, "\n"))
		return;
	at += strlen(key);
	len = strcspn(at, "\"\n");
	if (len < size)
		(void)snprintf(ret, size, "%.*s", (int)len, at);
}

/* Get the record at *TEXT, which moves on.  Returns whether it is whole. */
static bool next_record(const char **text, struct record *ret)
{
	const char *line = *text;
	size_t len = strcspn(line, "\n");

	if (len == 0 || line[len] != '\n' || line[len - 1] != '}')
		return false;
	get_value(line, "{\"type\":\"", ret->type, sizeof(ret->type));
	get_value(line, "\"dst\":\"", ret->dst, sizeof(ret->dst));
	*text = line + len + 1;
	return true;
}

/* How many records of TEXT are as R is? */
static unsigned count_of(const char *text, const struct record *r)
{
	struct record now;
	unsigned n = 0;

	while (next_record(&text, &now))
		n += strcmp(now.type, r->type) == 0 &&
		     strcmp(now.dst, r->dst) == 0;
	return n;
}

/* Has TEXT whole lines only, one summary, and that last, with STATUS? */
static bool is_whole(const char *text, int status)
{
	const char *last = text;
	struct record r = { .type = "" };
	unsigned n_summaries = 0;
	char want[32];

	(void)snprintf(want, sizeof(want), "\"exit_status\":%d,", status);
	while (*text) {
		last = text;
		if (!next_record(&text, &r))
			return false;
		n_summaries += strcmp(r.type, "summary") == 0;
	}
	return n_summaries == 1 && strcmp(r.type, "summary") == 0 &&
	       strstr(last, want);
}

/* Is each record of A, but errors, in B as often? */
static bool has_same(const char *a, const char *b)
{
	const char *at = a;
	struct record r;

	while (next_record(&at, &r))
		if (strcmp(r.type, "error") != 0 &&
		    count_of(a, &r) != count_of(b, &r))
			return false;
	return true;
}

static bool is_repeated(const char *text)
{
	const char *at = text;
	struct record r;

	while (next_record(&at, &r))
		if (strcmp(r.type, "file") == 0 && count_of(text, &r) > 1)
			return true;
	return false;
}

/* What T's run has reported; NULL: nothing was asked for. */
static const char *report_of(const struct trial *t)
{
	if (strstr(t->scenario->args, "--json="))
		return t->echo.report;
	return strstr(t->scenario->args, "--json") ? t->echo.out : NULL;
}

static bool is_loss_told(const struct trial *t)
{
	return strstr(t->echo.err, " the report ") ||
	       strstr(t->echo.err, "reflinkcp: write error") ||
	       strstr(t->echo.err, "reflinkcp: cannot hold standard ");
}

/*
 * Was it said that the report could not be closed?  It is closed after the last
 * write of all.  fd_close() takes EINTR for success.
 */
static bool is_close_failed(const struct trial *t)
{
	const struct call_log *log = shot_log();
	unsigned n = log->by[t->shot.who].n;

	if (!strstr(t->scenario->args, "--json=") || t->shot.n == 0 ||
	    t->echo.hit != KIND_close || t->shot.err == 0 ||
	    t->shot.err == EINTR)
		return false;
	for (unsigned i = t->shot.n; i < n && i < CALL_LOG_MAX; i++)
		if (log->by[t->shot.who].kind[i] == KIND_write)
			return false;
	return true;
}

const char *reportjudge(const struct trial *t)
{
	const char *text = report_of(t);
	const char *good = t->good ? report_of(t->good) : text;

	if (!text || !WIFEXITED(t->echo.status))
		return NULL;
	if (WEXITSTATUS(t->echo.status) != 0 && is_loss_told(t))
		return NULL;
	if (!is_whole(text, WEXITSTATUS(t->echo.status)))
		return "the report is not whole";
	if (t->echo.status == 0 && is_close_failed(t))
		return "exit 0, but the report was not closed";
	if (is_repeated(text))
		return "a name has two records in the report";
	if (t->echo.status == 0 &&
	    (!has_same(good, text) || !has_same(text, good)))
		return "exit 0, but not all is in the report";
	return NULL;
}
