/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "shared.h"

/* How the text is made. */
struct shared_style {
	/*
	 * Of the terminal.  There, numbers are rounded, and columns without
	 * numbers are left out.  0: it is no terminal.
	 */
	unsigned columns;
	bool bars;   /* draw them */
	bool blocks; /* bars consist of block elements (Unicode), or of ASCII */
};

/*
 * Write the table of --shared to F, with what is to be added to it, and the bars.
 * Files that failed are left out.
 */
void shared_text(FILE *f, const struct shared *shared,
		 const struct shared_style *style);
