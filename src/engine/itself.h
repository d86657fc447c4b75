/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "dirpair.h"

/*
 * A tree that is copied into itself: which of its directories are not to be
 * entered.  DEEPEST is the pair that the walk stands in, NULL above the operand.
 */

/*
 * Is INFO a directory of DEEPEST, or of a pair above it?  On SIDE_SRC the walk is
 * inside of these; on SIDE_DST they are being filled.
 */
bool itself_is_among(const struct dirpair *deepest, enum side side,
		     const struct file_info *info);

/*
 * May what is made in DIR show in the directory of PAIR?  They may be one, or
 * one of their file systems show the other's files.  True if in doubt.
 */
bool itself_may_show(const struct dirpair *pair, fd_t dir);

/* A file that was made to be seen, and is to be gone again. */
struct itself_mark {
	char name[24];
	int err;   /* -errno of unlink(2), if it is still there; else 0 */
	size_t up; /* bytes at the end of the directory's path, with a slash, in
		      whose place NAME comes */
};

/*
 * The same for SRC where what is copied shows what was made of it under other
 * numbers (an overlay, a passthrough): the way down, WAY below the operand, says
 * its own beginning again and again, and a file that is made in the copy for a
 * moment, *RET, is seen in SRC.
 *
 * False also where no such file can be made: there is no copy that grows then.
 */
bool itself_has_no_end(const struct dirpair *deepest, const char *way, fd_t src,
		       struct itself_mark *ret);

/*
 * Was the destination of PAIR, an operand's, which was made just now, made in
 * its source, where NAME is its?  The entries were read before that.
 */
bool itself_is_inside(const struct dirpair *pair, const char *name);
