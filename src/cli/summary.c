/* SPDX-License-Identifier: BSD-2-Clause */
#include "summary.h"

static void put_results(struct json *json, const char *key,
			const uint64_t n[RESULT_MAX])
{
	uint64_t total = 0;

	for (enum result r = 0; r < RESULT_MAX; r++)
		total += n[r];
	json_open(json, key, '{');
	json_uint(json, "total", total);
	for (enum result r = 0; r < RESULT_MAX; r++)
		json_uint(json, result_name(r), n[r]);
	json_close(json, '}');
}

static void put_bytes(struct json *json, const struct tally *t)
{
	json_open(json, "bytes", '{');
	json_uint(json, "cloned", t->cloned);
	json_uint(json, "copied", t->copied);
	json_uint(json, "offloaded", t->offloaded);
	json_uint(json, "holes", t->holes);
	json_close(json, '}');
}

static void put_failures(struct json *json, const struct tally *t)
{
	json_open(json, "failures", '{');
	json_uint(json, "total", tally_failures(t));
	for (enum fault_class c = 0; c < FAULT_CLASS_MAX; c++)
		json_uint(json, fault_class_name(c), t->failures[c]);
	json_close(json, '}');
}

void summary_put_json(struct json *json, const struct tally *t)
{
	put_results(json, "files", t->n[THING_FILE]);
	put_results(json, "directories", t->n[THING_DIRECTORY]);
	put_results(json, "ranges", t->n[THING_RANGE]);
	put_bytes(json, t);
	put_failures(json, t);
	json_uint(json, "warnings", t->warnings);
}
