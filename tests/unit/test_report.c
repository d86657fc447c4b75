/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>

#include "base.h"
#include "check.h"
#include "report.h"

static const struct job job = { .src = "src", .dst = "dst" };

/* What came out of a stream. */
struct caught {
	FILE *stream;
	int saved;
	FILE *file;
	char text[1024];
};

static void catch_begin(struct caught *c, FILE *stream)
{
	c->stream = stream;
	fflush(stream);
	c->saved = dup(fileno(stream));
	c->file = tmpfile();
	dup2(fileno(c->file), fileno(stream));
}

static void catch_end(struct caught *c)
{
	ssize_t n;

	fflush(c->stream);
	dup2(c->saved, fileno(c->stream));
	close(c->saved);
	n = pread(fileno(c->file), c->text, sizeof(c->text) - 1, 0);
	c->text[n > 0 ? n : 0] = '\0';
	fclose(c->file);
}

/* OUT is told by WANT, with the newline, if that is done as POLICY has it. */
static void check_range(const struct policy *policy,
			const struct range_outcome *out, const char *want)
{
	struct report report = { .policy = policy };
	struct observer obs = report_observer(&report);
	struct caught caught;

	catch_begin(&caught, stdout);
	obs.range_done(obs.ctx, &job, out);
	catch_end(&caught);
	check_str(caught.text, want);
	check(report_close(&report, 0, 1) == 0);
}

#define LINE(rest) "'src' -> 'dst': range " rest "\n"

static void ranges_are_told_one_a_line(void)
{
	static const struct {
		struct range_outcome out;
		const char *want;
	} rows[] = {
		{ { .number = 1,
		    .span = { 0, 1048576, 4096 },
		    .cloned = 1048576 },
		  LINE("1, 0:1048576:4096: cloned") },
		{ { .number = 2,
		    .span = { 100, 1048576, 8292 },
		    .cloned = 1044480,
		    .copied = 4096,
		    .why = RANGE_EDGES,
		    .align = 4096 },
		  LINE("2, 100:1048576:8292: cloned 1044480, copied 4096: "
		       "the range begins or ends inside a block of 4096") },
		{ { .number = 3,
		    .span = { 5, 100, 7 },
		    .copied = 100,
		    .why = RANGE_PHASE,
		    .align = 4096 },
		  LINE("3, 5:100:7: copied: "
		       "the offsets differ modulo the block size 4096") },
		{ { .number = 4,
		    .span = { 0, 1, 0 },
		    .copied = 1,
		    .why = RANGE_REFUSED,
		    .clone_err = EXDEV },
		  LINE("4, 0:1:0: copied: FICLONERANGE: EXDEV") },
		{ { .number = 5,
		    .span = { 0, 12288, 0 },
		    .copied = 4096,
		    .holes = 8192,
		    .why = RANGE_REFUSED,
		    .clone_err = EOPNOTSUPP },
		  LINE("5, 0:12288:0: copied 4096, holes 8192: "
		       "FICLONERANGE: EOPNOTSUPP") },
		{ { .number = 6,
		    .span = { 0, 4096, 0 },
		    .holes = 4096,
		    .why = RANGE_NEVER },
		  LINE("6, 0:4096:0: holes: --sparse=never") },
		{ { .number = 7, .span = { 10, 0, 10 } },
		  LINE("7, 10:0:10: nothing to do") },
		{ { .number = UINT64_MAX,
		    .span = { UINT64_MAX, UINT64_MAX, UINT64_MAX },
		    .cloned = 1,
		    .copied = 2,
		    .holes = 3 },
		  LINE("18446744073709551615, 18446744073709551615:"
		       "18446744073709551615:18446744073709551615: "
		       "cloned 1, copied 2, holes 3") },
	};
	const struct policy policy = { .verbose = true };

	for (size_t i = 0; i < countof(rows); i++)
		check_range(&policy, &rows[i].out, rows[i].want);
}

static void what_was_not_to_be_shared_says_why(void)
{
	const struct range_outcome out = {
		.number = 1,
		.span = { 1, 2, 3 },
		.copied = 2,
		.why = RANGE_NEVER,
	};
	struct policy policy = { .verbose = true, .reflink = REFLINK_NEVER };

	check_range(&policy, &out, LINE("1, 1:2:3: copied: --reflink=never"));
	policy.sparse = SPARSE_NEVER;
	check_range(&policy, &out, LINE("1, 1:2:3: copied: --reflink=never"));
	policy.reflink = REFLINK_AUTO;
	check_range(&policy, &out, LINE("1, 1:2:3: copied: --sparse=never"));
}

static void nothing_is_told_without_v(void)
{
	const struct policy policy = { 0 };
	struct report report = { .policy = &policy };
	struct observer obs = report_observer(&report);

	check(!obs.begin && !obs.made && !obs.end && !obs.range_done);
}

static void ranges_done_need_no_line_of_their_own(void)
{
	const struct policy policy = { .verbose = true, .debug = true };
	const struct outcome out = { .what = OUTCOME_RANGES,
				     .counts.copied = 2 };
	struct report report = { .policy = &policy };
	struct observer obs = report_observer(&report);
	struct caught caught;

	catch_begin(&caught, stdout);
	obs.made(obs.ctx, &job, &out);
	catch_end(&caught);
	check_str(caught.text, "");
}

static void says_how_it_was_copied(void)
{
	static const struct {
		struct counts counts;
		const char *want;
	} rows[] = {
		{ { .is_clone = true, .cloned = 5 },
		  "copy offload: unknown, reflink: yes, "
		  "sparse detection: unknown\ncloned\n" },
		{ { .is_clone = true },
		  "copy offload: unknown, reflink: yes, "
		  "sparse detection: unknown\ncreated\n" },
		{ { .clone_err = EXDEV, .offload_err = EXDEV },
		  "copy offload: unsupported, reflink: unsupported, "
		  "sparse detection: no\ncreated: FICLONE: EXDEV\n" },
		{ { .not_offered = true, .holes = 5, .sparse = SPARSE_BY_SEEK },
		  "copy offload: unknown, reflink: no, "
		  "sparse detection: SEEK_HOLE\ncopied\n" },
		{ { .copied = 5 },
		  "copy offload: avoided, reflink: no, "
		  "sparse detection: no\ncopied\n" },
	};
	const struct policy policy = { .verbose = true, .debug = true };
	struct report report = { .policy = &policy };
	struct observer obs = report_observer(&report);

	for (size_t i = 0; i < countof(rows); i++) {
		const struct outcome out = { .what = OUTCOME_DATA,
					     .counts = rows[i].counts };
		struct caught caught;
		const char *line;

		catch_begin(&caught, stdout);
		obs.made(obs.ctx, &job, &out);
		catch_end(&caught);
		line = strchr(caught.text, '\n');
		check_str(line ? line + 1 : "", rows[i].want);
	}
}

static void what_is_done_is_told_where_it_stops(void)
{
	static const struct {
		struct ranges_stop stop;
		const char *want;
	} rows[] = {
		{ { 41,
		    100,
		    43008000,
		    { 0, 1048576, 8192 },
		    524288,
		    STOP_FIRST },
		  "ranges 1 to 41 of 100 are done (43008000 bytes); "
		  "range 42 (0:1048576:8192) stopped after 524288 bytes" },
		{ { 1, 100, 1, { 0, 5, 8192 }, 1, STOP_FIRST },
		  "range 1 of 100 is done (1 byte); "
		  "range 2 (0:5:8192) stopped after 1 byte" },
		{ { 0, 100, 0, { 1, 2, 3 }, 0, STOP_FIRST },
		  "none of the 100 ranges is done; "
		  "range 1 (1:2:3) stopped after 0 bytes" },
		{ { 0, 1, 0, { 1, 20, 3 }, 10, STOP_SOME },
		  "range 1 (1:20:3) stopped after 10 bytes, not its first" },
		{ { 0, 1, 0, { 1, 20, 3 }, 10, STOP_UNKNOWN },
		  "range 1 (1:20:3) stopped after an unknown number of bytes" },
	};
	const struct policy policy = { 0 };
	struct report report = { .policy = &policy };
	struct observer obs = report_observer(&report);

	for (size_t i = 0; i < countof(rows); i++) {
		struct caught caught;
		char want[512];

		catch_begin(&caught, stderr);
		obs.ranges_stopped(obs.ctx, &job, &rows[i].stop);
		catch_end(&caught);
		(void)snprintf(want, sizeof(want), "test_report: 'dst': %s\n",
			       rows[i].want);
		check_str(caught.text, want);
	}
}

int main(void)
{
	test(ranges_are_told_one_a_line);
	test(what_was_not_to_be_shared_says_why);
	test(nothing_is_told_without_v);
	test(ranges_done_need_no_line_of_their_own);
	test(says_how_it_was_copied);
	test(what_is_done_is_told_where_it_stops);
	return tests_end();
}
