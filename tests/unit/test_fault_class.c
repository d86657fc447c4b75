/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "base.h"
#include "check.h"
#include "fault_class.h"

static const enum fault_op usages[] = {
	FAULT_OMIT_DIRECTORY, FAULT_RELATIVE_LINK, FAULT_PARENTS_TARGET,
	FAULT_TWO_CONTEXTS,   FAULT_SOURCE_TWICE,  FAULT_SOURCE_TWICE_DIRECTORY,
	FAULT_RANGE_PAST_END, FAULT_RANGE_TOO_FAR,
};

static bool is_usage(enum fault_op op)
{
	for (size_t i = 0; i < countof(usages); i++)
		if (usages[i] == op)
			return true;
	return false;
}

/* A step that is in no row would be a rule about usage. */
static void every_step_has_a_row(void)
{
	for (enum fault_op op = 0; op < FAULT_OP_MAX; op++) {
		const struct fault fault = { .op = op, .err = EPERM };

		if (fault_has_errno(&fault))
			check(fault_call_name(&fault) != NULL);
		else
			check((fault_class(&fault) == FAULT_CLASS_USAGE) ==
			      is_usage(op));
	}
}

static void every_name_is_there(void)
{
	for (enum fault_class c = 0; c < FAULT_CLASS_MAX; c++)
		check(fault_class_name(c) != NULL);
	for (enum fault_call c = 0; c < CALL_MAX; c++) {
		const struct fault fault = { .op = FAULT_STAT, .call = c };

		check((fault_call_name(&fault) == NULL) == (c == CALL_NONE));
	}
}

static enum fault_class class_of(enum fault_op op, int err)
{
	return fault_class(&(struct fault){ .op = op, .err = err });
}

static void calls_have_the_class_of_their_errno(void)
{
	check(class_of(FAULT_STAT, ENOENT) == FAULT_CLASS_MISSING);
	check(class_of(FAULT_OPEN, EACCES) == FAULT_CLASS_PERMISSION);
	check(class_of(FAULT_CREATE, EROFS) == FAULT_CLASS_PERMISSION);
	check(class_of(FAULT_WRITE, ENOSPC) == FAULT_CLASS_SPACE);
	check(class_of(FAULT_CLONE, EDQUOT) == FAULT_CLASS_SPACE);
	check(class_of(FAULT_READ, EIO) == FAULT_CLASS_IO);
	check(class_of(FAULT_NAME, EXDEV) == FAULT_CLASS_REFUSED);
	check(class_of(FAULT_WRITE, EINTR) == FAULT_CLASS_INTERRUPTED);
	/* The errno of a rule means nothing. */
	check(class_of(FAULT_SHRANK, ENOSPC) == FAULT_CLASS_CHANGED);
	check(class_of(FAULT_INTERRUPTED, EIO) == FAULT_CLASS_INTERRUPTED);
}

static void clones_are_refused(void)
{
	static const struct {
		enum fault_op op;
		int err;
		bool is_refused;
	} cases[] = {
		{ FAULT_CLONE, EXDEV, true },
		{ FAULT_CLONE, EPERM, true },
		{ FAULT_CLONE, EINVAL, true },
		{ FAULT_CLONE, EAGAIN, true },
		{ FAULT_CLONE, ENOSPC, false },
		{ FAULT_CLONE, EIO, false },
		{ FAULT_CLONE, EINTR, false },
		{ FAULT_RANGE_UNALIGNED, EINVAL, true },
		{ FAULT_RANGE_OVERLAPS, EINVAL, true },
		{ FAULT_RANGE_PAST_END, EINVAL, false },
		{ FAULT_OPEN, EXDEV, false },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const struct fault fault = { .op = cases[i].op,
					     .err = cases[i].err };

		check(fault_is_refused_clone(&fault) == cases[i].is_refused);
		if (cases[i].is_refused)
			check(fault_class(&fault) == FAULT_CLASS_REFUSED);
	}
}

static void what_vanished_has_changed(void)
{
	const struct fault fault = { .op = FAULT_STAT,
				     .err = ENOENT,
				     .vanished = true };

	check(fault_class(&fault) == FAULT_CLASS_CHANGED);
}

int main(void)
{
	test(every_step_has_a_row);
	test(every_name_is_there);
	test(calls_have_the_class_of_their_errno);
	test(clones_are_refused);
	test(what_vanished_has_changed);
	return tests_end();
}
