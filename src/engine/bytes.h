/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "data.h"

/*
 * Give DJ->dst, which is empty, the content of DJ->src byte by byte: with
 * copy_file_range(2) where the policy lets storage be shared and the kernel
 * does it, else with reads and writes.  Holes as policy.sparse has it.
 *
 * Where sizes are exact (fs.h), a regular file is copied to the length that it
 * had when it was opened.  One that has grown by the end is told of (FAULT_GREW,
 * a warning); one that has become shorter is a failure.  Elsewhere it is copied
 * to its end, and told of if that isn't where its size said (FAULT_OTHER_END, a
 * warning).  A file whose size says nothing, or no regular one, is read
 * to its end.  What can't seek is read, or written, from its start on.
 *
 * Returns 0 with the counts of *OUT added to, or -errno with *RETERR; the
 * destination then holds a part.
 */
int bytes_copy(struct run *run, const struct data_job *dj, struct outcome *out,
	       struct fault *reterr);
