/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/*
 * All that is known about a file, in one line that can be compared: what meta
 * prints, and beside compares.
 */
struct facts {
	FILE *out;
	bool below;    /* directories too with all that is below */
	bool content;  /* a digest of the content */
	bool data;     /* where data lies, the rest being holes */
	bool nameless; /* without the name */
	long since;    /* see the head of meta.c; 0: print all times */

	/* Files with several links that were printed: set to 0 at first. */
	struct facts_seen *seen;
	size_t n_seen;
};

/* Print those of PATH, by the name NAME.  Exits if it can't be read. */
void facts_print(struct facts *f, const char *path, const char *name);

/* Forget the links that were seen. */
void facts_forget(struct facts *f);
