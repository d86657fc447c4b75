/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "data.h"

/*
 * Copy the content of DJ->src to DJ->dst, which is empty, byte by byte: by
 * copy_file_range(2) if the policy allows sharing and the kernel supports it,
 * else by reads and writes.  policy.sparse decides about holes.
 *
 * Where sizes are exact (fs.h), a regular file is copied up to the length that
 * it had when it was opened.  If it has grown by then, that is a warning
 * (FAULT_GREW); if it has shrunk, a failure.  On other file systems, a regular
 * file is copied to its end, with a warning if its size was wrong
 * (FAULT_OTHER_END).  Files without a meaningful size, and files of other
 * types, are read to their end.  Files that can't seek are read or written
 * sequentially.
 *
 * Returns 0 with the counts added to *OUT; or -errno with *RETERR, and a part
 * of the content in the destination.
 */
int bytes_copy(struct run *run, const struct data_job *dj, struct outcome *out,
	       struct fault *reterr);
