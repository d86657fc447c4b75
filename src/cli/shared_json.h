/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "jsonl.h"
#include "shared.h"

/* Write a record to J, which is open, for operand I, which did not fail. */
void shared_json(struct jsonl *j, const struct shared *shared, size_t i);
