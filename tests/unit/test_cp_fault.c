/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "base.h"
#include "check.h"
#include "cp_fault.h"

static const struct policy copying = { .make = MAKE_COPY };
static const struct policy forced = { .make = MAKE_COPY, .force = true };
static const struct policy linking = { .make = MAKE_HARD_LINK };

enum found {
	NOTHING,
	A_FILE,
	A_FILE_TO_KEEP, /* as a backup */
};

/* What fails when something is made, and what cp would have said. */
static const struct {
	const struct policy *policy;
	enum fault_op makes;
	enum found found;
	enum fault_op op;
	int err;
	enum fault_op says;
	int says_err;
} rows[] = {
	/* clang-format off */
	{ &copying, FAULT_CREATE, NOTHING, FAULT_CREATE, EACCES, FAULT_CREATE, EACCES },
	{ &copying, FAULT_CREATE, NOTHING, FAULT_NAME, EACCES, FAULT_CREATE, EACCES },
	/* Where names can't be changed, cp can't remove what it replaces. */
	{ &copying, FAULT_CREATE, A_FILE, FAULT_CREATE, EACCES, FAULT_REMOVE, EACCES },
	{ &copying, FAULT_CREATE, A_FILE, FAULT_CREATE, ENOSPC, FAULT_CREATE, ENOSPC },
	{ &copying, FAULT_CREATE, A_FILE, FAULT_NAME, EBUSY, FAULT_REMOVE, EBUSY },
	{ &copying, FAULT_CREATE, A_FILE_TO_KEEP, FAULT_NAME, EBUSY, FAULT_CREATE, EBUSY },
	{ &copying, FAULT_CREATE_FIFO, A_FILE_TO_KEEP, FAULT_CREATE_FIFO, EROFS, FAULT_BACKUP, EROFS },
	/* It makes links before it removes anything. */
	{ &linking, FAULT_HARD_LINK, A_FILE, FAULT_NAME, EPERM, FAULT_HARD_LINK, EPERM },
	/* A directory is in the way. */
	{ &copying, FAULT_CREATE, NOTHING, FAULT_OVERWRITE_DIRECTORY, EEXIST, FAULT_OVERWRITE_DIRECTORY, EEXIST },
	{ &copying, FAULT_CREATE, A_FILE_TO_KEEP, FAULT_OVERWRITE_DIRECTORY, EEXIST, FAULT_CREATE, EISDIR },
	{ &forced, FAULT_CREATE, A_FILE_TO_KEEP, FAULT_OVERWRITE_DIRECTORY, EEXIST, FAULT_REMOVE, EISDIR },
	{ &forced, FAULT_CREATE_FIFO, A_FILE_TO_KEEP, FAULT_OVERWRITE_DIRECTORY, EEXIST, FAULT_CREATE_FIFO, EEXIST },
	{ &forced, FAULT_CREATE_NODE, A_FILE_TO_KEEP, FAULT_OVERWRITE_DIRECTORY, EEXIST, FAULT_CREATE_NODE, EISDIR },
	/* A link can't replace anything. */
	{ &linking, FAULT_HARD_LINK, NOTHING, FAULT_TAKEN, EEXIST, FAULT_HARD_LINK, EEXIST },
	/* There is no directory to make it in. */
	{ &copying, FAULT_COPY_SYMLINK, NOTHING, FAULT_PARENT, ENOENT, FAULT_COPY_SYMLINK, ENOENT },
	{ &copying, FAULT_CREATE, NOTHING, FAULT_PARENT, ENOTDIR, FAULT_STAT, ENOTDIR },
	/* What it should be made of, or in, can't be opened. */
	{ &copying, FAULT_CREATE, NOTHING, FAULT_OPEN, EACCES, FAULT_CREATE, EACCES },
	{ &copying, FAULT_CREATE, NOTHING, FAULT_OPEN, EISDIR, FAULT_CREATE, EISDIR },
	{ &copying, FAULT_HARD_LINK, A_FILE, FAULT_OPEN, EACCES, FAULT_HARD_LINK, EACCES },
	{ &copying, FAULT_MAKE_DIRECTORY, NOTHING, FAULT_OPEN, EMFILE, FAULT_MAKE_DIRECTORY, EMFILE },
	/* A file, with a slash after its name. */
	{ &copying, FAULT_CREATE, NOTHING, FAULT_CREATE, EISDIR, FAULT_CREATE, ENOTDIR },
	/* All else is said as it is. */
	{ &forced, FAULT_CREATE, A_FILE, FAULT_SET_OWNER, EPERM, FAULT_SET_OWNER, EPERM },
	/* clang-format on */
};

static void says_what_cp_says(void)
{
	for (size_t i = 0; i < countof(rows); i++) {
		const struct fault fault = {
			.err = rows[i].err,
			.op = rows[i].op,
			.obj = FAULT_DST,
			.makes = rows[i].makes,
			.replaces = rows[i].found != NOTHING,
			.backs_up = rows[i].found == A_FILE_TO_KEEP,
		};
		struct fault says = cp_fault(rows[i].policy, &fault);

		check(says.op == rows[i].says && says.err == rows[i].says_err);
	}
}

int main(void)
{
	test(says_what_cp_says);
	return tests_end();
}
