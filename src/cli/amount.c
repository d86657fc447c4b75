/* SPDX-License-Identifier: BSD-2-Clause */
#include "amount.h"

#include <bsd/stdlib.h>

struct amount amount_of(uint64_t bytes)
{
	struct amount a = { .text = "" };

	(void)humanize_number(a.text, sizeof(a.text),
			      bytes < INT64_MAX ? (int64_t)bytes : INT64_MAX,
			      "B", HN_AUTOSCALE, HN_IEC_PREFIXES | HN_DECIMAL);
	return a;
}
