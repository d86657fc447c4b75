/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "entry.h"

/*
 * In which step cp would have failed.  Here a new file gets its name last; cp
 * removes the old one first, and says so.  Faults name cp's step, because
 * scripts read cp's messages.
 */

/* The step that makes a copy of a source of TYPE, or a link to it. */
enum fault_op cpstep_make(const struct policy *policy, enum file_type type);

/*
 * The step if making ENTRY failed with R (negative): OP; or the removal or the
 * backup of the existing file, if cp would have failed there.
 */
enum fault_op cpstep_begin(const struct policy *policy,
			   const struct entry *entry, enum fault_op op, int r);

/* The same if something new was made, and its name could not be given to it. */
enum fault_op cpstep_name(const struct policy *policy,
			  const struct entry *entry, int r);

/*
 * ENTRY's destination is a directory, its source is none, and a backup was
 * requested: cp fails when it makes the copy.  Returns -errno with *RETERR.
 */
int cpstep_directory(const struct policy *policy, const struct entry *entry,
		     struct fault *reterr);
