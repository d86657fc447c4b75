/* SPDX-License-Identifier: BSD-2-Clause */
#include "shared_json.h"

static void put_sums(struct json *json, const struct shared *s,
		     const uint64_t bytes[SHARE_CLASS_MAX])
{
	const bool several = s->aim == SHARE_WITH_GIVEN;

	json_uint(json, "holes", bytes[SHARE_HOLE]);
	json_uint(json, "reserved", bytes[SHARE_RESERVED]);
	json_uint(json, "shared", bytes[several ? SHARE_GIVEN : SHARE_OTHER]);
	if (several)
		json_uint(json, "elsewhere", bytes[SHARE_OTHER]);
	else
		json_null(json, "elsewhere");
	json_uint(json, "own", bytes[SHARE_OWN]);
	json_uint(json, "inline", bytes[SHARE_INLINE]);
	json_uint(json, "unknown", bytes[SHARE_UNKNOWN]);
}

/* What file I shares with each other one. */
static void put_pairs(struct json *json, const struct shared *s, size_t i)
{
	if (!s->pairs) {
		json_null(json, "with");
		return;
	}
	json_open(json, "with", '[');
	for (size_t k = 0; k < s->n; k++) {
		if (s->pairs[i * s->n + k] == 0)
			continue;
		json_open(json, NULL, '{');
		json_uint(json, "operand", k);
		json_uint(json, "bytes", s->pairs[i * s->n + k]);
		json_close(json, '}');
	}
	json_close(json, ']');
}

void shared_json(struct jsonl *j, const struct shared *s, size_t i)
{
	static const char *const answers[] = {
		[SHARE_ALL] = "shared",
		[SHARE_NOT_ALL] = "not_shared",
		[SHARE_NO_TELLING] = "unknown",
	};
	const size_t first = s->v[i].same_as;
	struct json *json = jsonl_begin(j, "shared");

	json_uint(json, "operand", i);
	json_name(json, "file", s->v[i].name);
	if (first == i)
		json_null(json, "same_as");
	else
		json_uint(json, "same_as", first);
	json_string(json, "answer", answers[s->v[i].answer]);
	json_uint(json, "size", s->v[i].info.size);
	put_sums(json, s, s->v[first].tally.sums.bytes);
	put_pairs(json, s, first);
	jsonl_time(j);
	jsonl_end(j);
}
