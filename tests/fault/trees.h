/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Directory trees for the scenarios with RESULT_TREES. */

/* What there is; SOURCE_TREES + one of them is a source. */
enum grove {
	GROVE_ALL,	/* all kinds of files, all kinds of attributes */
	GROVE_SMALL,	/* a few files in two directories */
	GROVE_FLAGS,	/* inode flags, such as forbid to change anything */
	GROVE_DEEP,	/* more levels than are kept open */
	GROVE_WIDE,	/* so many names that threads share them */
	GROVE_TWO,	/* two trees that share a file */
	GROVE_PARENTS,	/* directories above a small tree */
	GROVE_WAYS,	/* links to files and to a directory */
	GROVE_OLD,	/* what GROVE_SMALL is merged into */
	GROVE_OLD_LINK, /* the same, with a link in a directory's place */
	GROVE_CLASH,	/* directories and files change places with those of
			   GROVE_SMALL */
	GROVE_MAX,
};

/* Make the trees of GROVE in the empty directory DIR.  Exits if it can't. */
void trees_make(int dir, enum grove grove);
