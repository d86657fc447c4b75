/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "jsonl.h"
#include "observer.h"
#include "policy.h"

/* The records of a copy in the report of --json. */

/* Errors of a thing that has not ended. */
struct records_pending;

struct records {
	struct jsonl *jsonl;		 /* borrowed */
	const struct policy *policy;	 /* borrowed */
	struct records_pending *pending; /* owned, the latest first */
};

/*
 * An observer that writes a record for each thing, and for each error that
 * belongs to none.  The locale must have been set for messages, by an observer
 * that is told earlier.
 */
struct observer records_observer(struct records *records);

/* Free what RECORDS holds.  For _cleanup_. */
void records_release(struct records *records);
