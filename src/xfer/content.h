/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "xfer.h"

/*
 * Give X's destination the content of its source, in the best way that works:
 * FICLONE, then copy_file_range(2), then reads and writes.  With REFLINK_ALWAYS
 * only by sharing storage.  X->sparse decides about holes of a byte copy.
 *
 * Where sizes are exact (fs.h), a regular file is copied up to the length that
 * it had when it was opened; if it has shrunk since, that is a failure.  On
 * other file systems, a regular file is copied to its end.  Files without a
 * meaningful size, and files of other types, are read to their end.  Files that
 * can't seek are read or written sequentially.
 *
 * An existing destination keeps its content until a clone begins to replace it,
 * or until the decision to copy bytes is made; then X->is_spoiled.
 *
 * Returns 0 with X's results; XFER_OTHER; or -errno with *RETERR, and perhaps
 * a part of the content in the destination.
 */
int content_copy(struct xfer *x, struct fault *reterr);

/*
 * After XFER_OTHER: clone to OTHER, an empty file as asked for, or FD_NONE.
 * If that works, OTHER becomes X->dst; else the bytes are copied to X->dst.
 *
 * Returns as content_copy() does, without XFER_OTHER.
 */
int content_copy_other(struct xfer *x, fd_t other, struct fault *reterr);
