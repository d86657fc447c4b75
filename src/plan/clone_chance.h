/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "fsinfo.h"

/* Can files be cloned from one file system to another, as far as is known? */
enum clone_chance {
	CLONE_CHANCE_OPEN,    /* only trying can tell */
	CLONE_CHANCE_APART,   /* no: they are different file systems */
	CLONE_CHANCE_LACKING, /* no: this one can't clone */
};

/* What is known of the file system of one side. */
struct clone_side {
	uint64_t type; /* a number for its type; 0: nothing is known */
	uint64_t dev;  /* file_info.dev of its files */
	enum fs_clones clones;
};

/*
 * The answer for files from SRC to DST, by what is known without trying.  A
 * copy tries all the same: this is for plans only.
 */
enum clone_chance clone_chance(const struct clone_side *src,
			       const struct clone_side *dst);
