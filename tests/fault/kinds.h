/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "failcall.h"

/* What calls.def says of a kind of calls. */
struct kind {
	const char *name;
	const int *errs; /* the errnos it plausibly fails with; 0 ends them */
};

/* What is known of KIND, which is not KIND_NONE. */
const struct kind *kind_get(enum call_kind kind);

/* Can a signal end such a call? */
bool kind_waits(enum call_kind kind);

/* Does it move a number of bytes? */
bool kind_transfers(enum call_kind kind);

/* "once", "sticky" and so on. */
const char *how_name(enum call_how how);

/* The HOW of that name; exits if there is none. */
enum call_how how_parse(const char *text);

/* The errno of that name or number; exits if it is none. */
int errno_parse(const char *text);
