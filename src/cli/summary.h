/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdio.h>

#include "cmdline.h"
#include "json.h"
#include "policy.h"
#include "tally.h"

/* The summary of a run: for programs and for people, from one tally. */

/* Two file systems between which files could not be cloned. */
struct summary_pair {
	const struct tally_pair *pair; /* borrowed */
	char *src; /* owned: types as in mount(8), or NULL */
	char *dst;
	unsigned advice; /* enum probe_advice */
	bool can_clone;	 /* both are of a kind that can clone */
};

struct summary {
	const struct tally *tally;	 /* borrowed */
	const struct policy *policy;	 /* borrowed */
	const struct operands *operands; /* borrowed */
	struct summary_pair *pairs;	 /* owned */
	size_t n_pairs;
	uint64_t avoidable; /* bytes copied though both sides can clone */
};

/*
 * Find out what TALLY does not say: about the file systems.  S has its borrowed
 * members, and all else is 0.
 */
void summary_prepare(struct summary *s);

/* Add it to JSON, a record that was begun. */
void summary_put_json(struct json *json, const struct summary *s);

/* Add that of a copy which an error in the command line has prevented. */
void summary_put_usage(struct json *json);

/* Print it to F; the run took NS nanoseconds. */
void summary_print(FILE *f, const struct summary *s, uint64_t ns);

/* Free what S holds.  For _cleanup_. */
void summary_release(struct summary *s);
