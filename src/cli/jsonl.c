/* SPDX-License-Identifier: BSD-2-Clause */
#include "jsonl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base.h"
#include "clock.h"
#include "diag.h"
#include "fault_class.h"
#include "interrupt.h"
#include "stat.h"
#include "usage.h"

/* How many bytes of records are written at once. */
#define CHUNK ((size_t)64 << 10)

/* After how many nanoseconds they are written in any case. */
#define PAUSE SECOND

/* The report must not be one of the operands. */
static int refuse_operand(const struct jsonl *j,
			  const struct operands *operands)
{
	struct usage_error error;
	struct file_info info;

	for (size_t i = 0; i < operands->n; i++) {
		if (stat_at(FD_CWD, operands->v[i], STAT_FOLLOW, &info) < 0 ||
		    !file_info_same(&info, &j->file))
			continue;
		(void)usage_refuse(&error, "the report ", j->name,
				   " is the same file as ");
		usage_error_add_quoted(&error, operands->v[i],
				       strlen(operands->v[i]));
		diag_usage(error.text, 0);
		return -EINVAL;
	}
	return 0;
}

/* Does FD lead to the file of the report? */
static bool leads_to(const struct jsonl *j, fd_t fd)
{
	struct file_info info;

	return stat_fd(fd, &info) == 0 && file_info_same(&info, &j->file);
}

/* Messages would be written over records, and records over them. */
static int refuse_stderr(const struct jsonl *j)
{
	struct usage_error error;

	if (!leads_to(j, FD_STDERR))
		return 0;
	(void)usage_refuse(&error, "the report ", j->name,
			   " is where standard error goes");
	diag_usage(error.text, 0);
	return -EINVAL;
}

static int open_file(struct jsonl *j, const struct operands *operands)
{
	int r = fd_create_through(FD_CWD, j->name, 0666, &j->fd);

	if (r == 0)
		r = stat_fd(j->fd, &j->file);
	if (r == 0 && j->file.type == FILE_REGULAR) {
		if (refuse_operand(j, operands) < 0 || refuse_stderr(j) < 0)
			return -EINVAL;
		r = fd_truncate(j->fd, 0);
	}
	if (r < 0) {
		diag_name_error("cannot open the report ", j->name, -r);
		return r;
	}
	j->is_stdout = leads_to(j, FD_STDOUT);
	return 0;
}

static void put_words(struct json *json, const char *key, char *const *words,
		      size_t n)
{
	json_open(json, key, '[');
	for (size_t i = 0; i < n; i++)
		json_name(json, NULL, words[i]);
	json_close(json, ']');
}

static void put_date(struct json *json, const char *key)
{
	const time_t now = (time_t)clock_date().sec;
	char text[32] = "";
	struct tm tm;

	if (gmtime_r(&now, &tm))
		(void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	json_string(json, key, text);
}

static void put_run(struct jsonl *j, const struct operands *operands)
{
	struct json *json = jsonl_begin(j, "run");

	json_uint(json, "schema", JSONL_SCHEMA);
	json_string(json, "version", REFLINKCP_VERSION);
	json_string(json, "command", j->command);
	put_date(json, "started");
	put_words(json, "options", operands->options, operands->n_options);
	put_words(json, "operands", operands->v, operands->n);
	jsonl_end(j);
}

int jsonl_open(struct jsonl *j, const struct operands *operands)
{
	static const char *const names[] = {
		[COMMAND_COPY] = "copy",
		[COMMAND_PROBE] = "probe",
		[COMMAND_SHARED] = "shared",
	};
	int r = 0;

	if (!operands->json)
		return 0;
	if (strcmp(operands->json, "-") == 0) {
		j->fd = FD_STDOUT;
		j->is_stdout = true;
		(void)stat_fd(j->fd, &j->file);
	} else {
		j->name = operands->json;
		r = open_file(j, operands);
	}
	if (r < 0) {
		fd_closep(&j->fd);
		return r;
	}
	j->command = names[operands->command];
	j->began = clock_now();
	j->now = j->began;
	j->written = j->began;
	put_run(j, operands);
	return 0;
}

bool jsonl_is_open(const struct jsonl *j)
{
	return j->fd != FD_NONE;
}

struct json *jsonl_begin(struct jsonl *j, const char *type)
{
	json_open(&j->json, NULL, '{');
	json_string(&j->json, "type", type);
	json_uint(&j->json, "seq", j->seq++);
	return &j->json;
}

void jsonl_time(struct jsonl *j)
{
	j->now = clock_now();
	json_seconds(&j->json, "time", j->now - j->began);
}

/* Keep the first error: after it, nothing is written. */
static void note(struct jsonl *j, int r)
{
	if (j->err == 0)
		j->err = r;
}

static void write_all(struct jsonl *j)
{
	if (j->err == 0)
		note(j, fd_write(j->fd, FD_STREAM, j->json.text, j->json.len));
	json_clear(&j->json);
	j->written = j->now;
}

void jsonl_end(struct jsonl *j)
{
	json_close(&j->json, '}');
	note(j, json_end_line(&j->json));
	if (j->json.len >= CHUNK || j->now - j->written >= PAUSE)
		write_all(j);
}

void jsonl_lose(struct jsonl *j)
{
	note(j, -ENOMEM);
}

void jsonl_usage(struct jsonl *j, const char *text)
{
	struct json *json;

	if (!jsonl_is_open(j))
		return;
	json = jsonl_begin(j, "error");
	json_string(json, "severity", "failure");
	json_string(json, "class", fault_class_name(FAULT_CLASS_USAGE));
	json_null(json, "call");
	json_null(json, "errno");
	json_null(json, "src");
	json_null(json, "dst");
	json_null(json, "detail");
	json_null(json, "left");
	json_string(json, "message", text);
	jsonl_time(j);
	jsonl_end(j);
}

struct json *jsonl_summary(struct jsonl *j)
{
	struct json *json = jsonl_begin(j, "summary");

	json_string(json, "command", j->command);
	j->is_ending = true;
	return json;
}

/* Close the report.  Standard output is left to others. */
static int close_file(struct jsonl *j)
{
	fd_t fd = TAKE(j->fd, FD_NONE);

	return fd == FD_STDOUT ? fd_flush(fd) : fd_close(fd);
}

int jsonl_finish(struct jsonl *j, int status)
{
	const int sig = interrupt_signal();

	if (!jsonl_is_open(j))
		return 0;
	if (!j->is_ending)
		(void)jsonl_summary(j);
	json_uint(&j->json, "exit_status",
		  (uint64_t)(sig ? 128 + sig : status));
	if (sig)
		json_uint(&j->json, "signal", (uint64_t)sig);
	else
		json_null(&j->json, "signal");
	jsonl_time(j);
	jsonl_end(j);
	write_all(j);
	note(j, close_file(j));
	if (j->err < 0 && j->name)
		diag_name_error("error writing the report ", j->name, -j->err);
	else if (j->err < 0)
		diag_error("write error", -j->err);
	return j->err;
}

void jsonl_release(struct jsonl *j)
{
	if (j->fd != FD_STDOUT)
		fd_closep(&j->fd);
	json_release(&j->json);
}
