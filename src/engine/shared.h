/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"
#include "fileinfo.h"
#include "policy.h"
#include "sharing.h"

/* What files share with each other and with anything else. */

/* What was found out about one file. */
struct shared_file {
	const char *name; /* the operand; borrowed */
	bool failed;	  /* FAULT says why; the rest is nothing */
	struct fault fault;
	struct file_info info;
	struct share_sums sums; /* they add up to info.size */
	enum share_answer answer;
};

/*
 * Find out about the N files NAMES, of which each is opened once.  Symbolic links
 * are followed.  What a file shares while it is written to is not certain: its
 * map is read in parts.
 *
 * Returns 0 with V filled, or -ENOMEM.  What fails for one file stands in its
 * element.
 */
int shared_run(const struct policy *policy, char *const *names, size_t n,
	       struct shared_file *v);
