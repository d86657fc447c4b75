/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "cmdline.h"
#include "fd.h"
#include "fileinfo.h"
#include "json.h"

/*
 * The report of --json: a record a line, in JSON.  The first record says what
 * is run, and the last one, the summary, how it ended.  Without the last one it
 * is unknown what the run has done.
 */

/* The version of what records mean.  Keys are added without a new one. */
#define JSONL_SCHEMA 1

struct jsonl {
	fd_t fd;	       /* owned, except FD_STDOUT; FD_NONE: no report */
	bool is_stdout;	       /* it goes where standard output goes */
	const char *command;   /* borrowed */
	const char *name;      /* FILE, borrowed; NULL for standard output */
	struct file_info file; /* facts about it, from before; ino 0: none */
	struct json json;      /* records that are not written yet */
	uint64_t seq;	       /* how many records there are */
	uint64_t now;	       /* clock_now() at the last jsonl_time() */
	uint64_t began;	       /* clock_now() at the first of them */
	uint64_t written;      /* the same when some were last written */
	bool is_ending;	       /* the summary was begun */
	int err;	       /* 0; or -errno if records were lost */
};

#define JSONL_EMPTY           \
	(struct jsonl)        \
	{                     \
		.fd = FD_NONE \
	}

/*
 * Open the report that OPERANDS ask for, if they do, and write its first
 * record.  A regular file is emptied, unless it is an operand too, or standard
 * error: then it is refused.  OPERANDS must outlive J.
 *
 * Returns 0; or -errno, after a message.
 */
int jsonl_open(struct jsonl *j, const struct operands *operands);

/* Is there a report to write? */
bool jsonl_is_open(const struct jsonl *j);

/* Begin a record of TYPE.  Returns where its values go; jsonl_end() ends it. */
struct json *jsonl_begin(struct jsonl *j, const char *type);

/* Add the last value, "time": seconds since the run began. */
void jsonl_time(struct jsonl *j);

/*
 * End the record.  Records are written when there are many, and when a second
 * has passed.
 */
void jsonl_end(struct jsonl *j);

/* Write an "error" record for TEXT, an error in the command line. */
void jsonl_usage(struct jsonl *j, const char *text);

/* Memory has run out for a record: the report ends here. */
void jsonl_lose(struct jsonl *j);

/* Begin the "summary" of J, which is open.  Returns as jsonl_begin() does. */
struct json *jsonl_summary(struct jsonl *j);

/*
 * If there is a report, end the summary, which is begun if it was not: add
 * STATUS, the exit status that is due.  Write what is not written, and close the
 * report.
 *
 * Returns 0; or -errno if records were lost, after a message.
 */
int jsonl_finish(struct jsonl *j, int status);

/* Free what J holds.  For _cleanup_. */
void jsonl_release(struct jsonl *j);
