/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "json.h"
#include "tally.h"

/* The summary of a run: for programs and for people, from one tally. */

/* Add what TALLY has counted to JSON, a record that was begun. */
void summary_put_json(struct json *json, const struct tally *tally);
