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

/* Each fault has its sentence, but for the two that have said enough. */
static void each_fault_is_told(void)
{
	char buf[512];

	for (int op = 0; op < FAULT_OP_MAX; op++) {
		struct fault fault = { EIO, (enum fault_op)op, FAULT_DST };
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
		{ { ENOENT, FAULT_STAT, FAULT_SRC },
		  "test_diag: cannot stat 's': No such file or directory" },
		{ { EOPNOTSUPP, FAULT_CLONE, FAULT_DST },
		  "test_diag: failed to clone 'd'$'\\n' from 's': "
		  "Operation not supported" },
		{ { ENOSPC, FAULT_WRITE, FAULT_DST },
		  "test_diag: error writing 'd'$'\\n': "
		  "No space left on device" },
		{ { EINVAL, FAULT_SAME_FILE, FAULT_DST },
		  "test_diag: 's' and 'd'$'\\n' are the same file" },
		{ { EIO, FAULT_SET_XATTR, FAULT_DST },
		  "test_diag: setting attribute 'user.x' for 'd'$'\\n': "
		  "Input/output error" },
	};
	char buf[512];

	for (size_t i = 0; i < countof(rows); i++) {
		say(&rows[i].fault, SEVERITY_FAILURE, buf, sizeof(buf));
		check_str(buf, rows[i].text);
	}
	say(&(struct fault){ 0, FAULT_SOURCE_TWICE, FAULT_SRC },
	    SEVERITY_WARNING, buf, sizeof(buf));
	check_str(buf, "test_diag: warning: source file 's' specified more "
		       "than once");
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
	test(names_errnos);
	return tests_end();
}
