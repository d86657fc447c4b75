/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

#include "optable.h"
#include "usage.h"

/* From the texts of arguments to the values that they mean. */

/* The words that an argument may be, and whose argument it is, for messages. */
struct choice {
	const struct opt_words *words;
	const char *owner;
};

/*
 * Convert ARG by ROW's kind and store it in ROW's field of DRAFT.  ARG is NULL if
 * the option has no argument.  The kind is one that stores something.
 *
 * Returns 0, or -EINVAL or -ENOMEM with *RETERR filled.
 */
int convert_option(const struct opt_row *row, const char *arg,
		   struct draft *draft, struct usage_error *reterr);

/*
 * Find the word of CHOICE that the N bytes at ARG are, or abbreviate.
 *
 * Returns 0 with its value in *RET, or -EINVAL with *RETERR filled.
 */
int convert_word(const struct choice *choice, const char *arg, size_t n,
		 unsigned *ret, struct usage_error *reterr);
