/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

#include "observer.h"

/* Several observers as one.  Only the first must have all calls. */

#define FANOUT_MAX 4

struct fanout {
	struct observer to[FANOUT_MAX]; /* in this order */
	size_t n;
};

/* Add OBS to those that are told.  There is room for FANOUT_MAX. */
void fanout_add(struct fanout *fanout, struct observer obs);

/*
 * The observer that tells all of FANOUT, which must outlive it.  The first of
 * them answers questions.
 */
struct observer fanout_observer(struct fanout *fanout);
