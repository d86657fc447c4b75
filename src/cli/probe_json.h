/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "jsonl.h"
#include "probe.h"

/*
 * Write a "probe" record for P, the answer for PATH and the target directory
 * INTO, which may be NULL; or nothing, if there is no report.
 */
void probe_json(struct jsonl *j, const struct probe *p, const char *path,
		const char *into);
