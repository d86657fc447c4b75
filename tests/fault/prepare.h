/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "scenarios.h"

/* Both exit if something unexpected is in the way. */

/* Remove all that is in DIR. */
void prepare_empty(int dir);

/*
 * Make the source of SCENARIO in the empty directory DIR, on stable storage.
 * Returns false if the file system has no such thing.
 */
bool prepare_source(int dir, const struct scenario *scenario);

/* Make the old destination, if there is one, in the empty directory DIR. */
void prepare_old(int dir, const struct scenario *scenario);
