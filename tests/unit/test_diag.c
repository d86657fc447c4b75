/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>

#include "base.h"
#include "check.h"
#include "diag.h"
#include "errname.h"

/* What diag_fault() prints, without its newline. */
static void say(const struct fault *fault, enum severity severity, char *buf,
		size_t size)
{
	const struct job job = { .src = "s", .dst = "d\n" };
	FILE *f = tmpfile();
	int saved = dup(2);
	ssize_t n;

	fflush(stderr);
	dup2(fileno(f), 2);
	diag_fault(&job, fault, severity, "user.x");
	dup2(saved, 2);
	n = pread(fileno(f), buf, size - 1, 0);
	buf[n > 0 ? n - 1 : 0] = '\0';
	fclose(f);
	close(saved);
}

/*
 * What diag_fault() prints is TEXT; if that ends in ": ", what the C library
 * calls the error comes behind it: not all use the same words.
 */
static void check_says(const struct fault *fault, const char *text)
{
	size_t n = strlen(text);
	char want[512];
	char buf[512];

	(void)snprintf(want, sizeof(want), "%s%s", text,
		       text[n - 1] == ' ' ? strerror(fault->err) : "");
	say(fault, SEVERITY_FAILURE, buf, sizeof(buf));
	check_str(buf, want);
}

/* Each fault has its sentence, but for the two that have said enough. */
static void each_fault_is_told(void)
{
	char buf[512];

	for (int op = 0; op < FAULT_OP_MAX; op++) {
		struct fault fault = {
			.err = EIO,
			.op = (enum fault_op)op,
			.obj = FAULT_DST,
		};
		bool quiet = op == FAULT_DECLINED || op == FAULT_INTERRUPTED;

		say(&fault, SEVERITY_FAILURE, buf, sizeof(buf));
		check((buf[0] == '\0') == quiet);
		check(strchr(buf, '%') == NULL);
		check(op == FAULT_PARENTS_TARGET || !strchr(buf, '\n'));
	}
}

static void says_what_cp_says(void)
{
	static const struct {
		struct fault fault;
		const char *text;
	} rows[] = {
		{ { .err = ENOENT, .op = FAULT_STAT, .obj = FAULT_SRC },
		  "test_diag: cannot stat 's': " },
		{ { .err = EOPNOTSUPP, .op = FAULT_CLONE, .obj = FAULT_DST },
		  "test_diag: failed to clone 'd'$'\\n' from 's': " },
		{ { .err = ENOSPC, .op = FAULT_WRITE, .obj = FAULT_DST },
		  "test_diag: error writing 'd'$'\\n': " },
		{ { .err = EINVAL, .op = FAULT_SAME_FILE, .obj = FAULT_DST },
		  "test_diag: 's' and 'd'$'\\n' are the same file" },
		{ { .err = EIO, .op = FAULT_GET_XATTR, .obj = FAULT_SRC },
		  "test_diag: getting attribute 'user.x' of 's': " },
		{ { .err = EIO, .op = FAULT_GET_FLAGS, .obj = FAULT_SRC },
		  "test_diag: reading flags of 's': " },
		{ { .err = EIO, .op = FAULT_SET_XATTR, .obj = FAULT_DST },
		  "test_diag: setting attribute 'user.x' for 'd'$'\\n': " },
	};

	for (size_t i = 0; i < countof(rows); i++)
		check_says(&rows[i].fault, rows[i].text);
}

static void says_it_of_directories(void)
{
	static const struct {
		struct fault fault;
		const char *text;
	} rows[] = {
		{ { .err = EACCES,
		    .op = FAULT_CREATE_DIRECTORY,
		    .obj = FAULT_DST },
		  "test_diag: cannot create directory 'd'$'\\n': " },
		{ { .err = EPERM, .op = FAULT_CREATE_NODE, .obj = FAULT_DST },
		  "test_diag: cannot create special file 'd'$'\\n': " },
		{ { .err = EACCES, .op = FAULT_ACCESS, .obj = FAULT_SRC },
		  "test_diag: cannot access 's': " },
		{ { .err = EACCES, .op = FAULT_ACCESS, .obj = FAULT_DST },
		  "test_diag: cannot access 'd'$'\\n': " },
		{ { .err = ENOTDIR,
		    .op = FAULT_OVERWRITE_FILE,
		    .obj = FAULT_DST },
		  "test_diag: cannot overwrite non-directory 'd'$'\\n' with "
		  "directory 's'" },
		{ { .err = ELOOP, .op = FAULT_THROUGH_LINK, .obj = FAULT_DST },
		  "test_diag: not writing through symlink 'd'$'\\n'" },
		{ { .err = EINVAL, .op = FAULT_INTO_ITSELF, .obj = FAULT_SRC },
		  "test_diag: cannot copy a directory, 's', into itself, "
		  "'d'$'\\n'" },
		{ { .err = ELOOP, .op = FAULT_CYCLE, .obj = FAULT_SRC },
		  "test_diag: cannot copy cyclic symbolic link 's'" },
	};

	for (size_t i = 0; i < countof(rows); i++)
		check_says(&rows[i].fault, rows[i].text);
}

static void says_what_was_named_twice(void)
{
	char buf[512];

	say(&(struct fault){ .op = FAULT_SOURCE_TWICE, .obj = FAULT_SRC },
	    SEVERITY_WARNING, buf, sizeof(buf));
	check_str(buf, "test_diag: warning: source file 's' specified more "
		       "than once");
	say(&(struct fault){ .op = FAULT_SOURCE_TWICE_DIRECTORY,
			     .obj = FAULT_SRC },
	    SEVERITY_WARNING, buf, sizeof(buf));
	check_str(buf, "test_diag: warning: source directory 's' specified "
		       "more than once");
}

static void says_which_range_it_is(void)
{
	static const struct {
		struct fault fault;
		const char *text;
	} rows[] = {
		{ { .op = FAULT_NOT_REGULAR,
		    .obj = FAULT_DST,
		    .type = FILE_BLOCK_DEVICE },
		  "test_diag: 'd'$'\\n' is a block device: ranges need a "
		  "regular file" },
		{ { .op = FAULT_NOT_REGULAR,
		    .obj = FAULT_SRC,
		    .type = FILE_OTHER },
		  "test_diag: 's' is something else: ranges need a regular "
		  "file" },
		{ { .op = FAULT_RANGE_PAST_END,
		    .at = { .number = 3,
			    .span = { 0, 2097152, 0 },
			    .bound = 1048576 } },
		  "test_diag: range 3 (0:2097152:0) passes the end of 's', "
		  "which has 1048576 bytes" },
		{ { .op = FAULT_RANGE_PAST_END,
		    .at = { .number = 1, .span = { 2, 0, 0 }, .bound = 1 } },
		  "test_diag: range 1 (2:0:0) passes the end of 's', "
		  "which has 1 byte" },
		{ { .op = FAULT_RANGE_TOO_FAR,
		    .at = { .number = 1, .span = { 0, 1, INT64_MAX } } },
		  "test_diag: range 1 (0:1:9223372036854775807) ends beyond "
		  "what a file can hold" },
		{ { .op = FAULT_RANGE_OVERLAPS,
		    .at = { .number = 1, .span = { 0, 8192, 4096 } } },
		  "test_diag: cannot clone range 1 (0:8192:4096) of 's': "
		  "it overlaps its own destination" },
		{ { .op = FAULT_OTHER_END,
		    .at = { .span = { 0, 1, 0 }, .bound = 4096 } },
		  "test_diag: 's' has 1 byte, but its size says "
		  "4096; all of it was copied to 'd'$'\\n'" },
		{ { .op = FAULT_RANGE_UNALIGNED,
		    .at = { .number = 2,
			    .span = { 100, 9000, 100 },
			    .bound = 4096,
			    .inside = { 4096, 4096, 4096 } } },
		  "test_diag: cannot clone range 2 (100:9000:100) of 's' to "
		  "'d'$'\\n': the block size is 4096; only "
		  "4096:4096:4096 can be cloned" },
		{ { .op = FAULT_RANGE_UNALIGNED,
		    .at = { .number = 2,
			    .span = { 100, 5, 100 },
			    .bound = 4096 } },
		  "test_diag: cannot clone range 2 (100:5:100) of 's' to "
		  "'d'$'\\n': the block size is 4096; no whole block lies "
		  "inside this range" },
		{ { .op = FAULT_RANGE_UNALIGNED,
		    .at = { .number = 1,
			    .span = { 0, 9000, 4097 },
			    .bound = 4096 } },
		  "test_diag: cannot clone range 1 (0:9000:4097) of 's' to "
		  "'d'$'\\n': the block size is 4096; the offsets differ "
		  "modulo that, so nothing can be cloned" },
	};

	for (size_t i = 0; i < countof(rows); i++)
		check_says(&rows[i].fault, rows[i].text);
}

static void says_what_is_left(void)
{
	static const struct {
		struct fault fault;
		const char *text;
	} rows[] = {
		{ { .err = ENOSPC,
		    .op = FAULT_WRITE,
		    .obj = FAULT_DST,
		    .left = FAULT_LEFT_EMPTY },
		  "test_diag: error writing 'd'$'\\n': No space left on "
		  "device; 'd'$'\\n' is empty now" },
		{ { .err = EIO,
		    .op = FAULT_SHRANK,
		    .obj = FAULT_SRC,
		    .left = FAULT_LEFT_HALF },
		  "test_diag: 's' became shorter while it was copied; "
		  "'d'$'\\n' is half written now" },
		{ { .err = EINTR,
		    .op = FAULT_INTERRUPTED,
		    .obj = FAULT_DST,
		    .left = FAULT_LEFT_EMPTY },
		  "test_diag: 'd'$'\\n' is empty now" },
	};
	char buf[512];

	for (size_t i = 0; i < countof(rows); i++) {
		say(&rows[i].fault, SEVERITY_FAILURE, buf, sizeof(buf));
		check_str(buf, rows[i].text);
	}
}

static void names_errnos(void)
{
	check_str(errname(EXDEV), "EXDEV");
	check_str(errname(EOPNOTSUPP), "EOPNOTSUPP");
	check_str(errname(EAGAIN), "EAGAIN");
	check_str(errname(ENOTTY), "ENOTTY");
	check_str(errname(99999), "E?");
}

int main(void)
{
	test(each_fault_is_told);
	test(says_what_cp_says);
	test(says_it_of_directories);
	test(says_what_was_named_twice);
	test(says_which_range_it_is);
	test(says_what_is_left);
	test(names_errnos);
	return tests_end();
}
