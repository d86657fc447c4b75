/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe_json.h"

#include <stddef.h>

#include "errname.h"
#include "probe_words.h"

/* N, if it IS_KNOWN. */
static void put_uint(struct json *json, const char *key, bool is_known,
		     uint64_t n)
{
	if (is_known)
		json_uint(json, key, n);
	else
		json_null(json, key);
}

/* 1 or 0; negative: unknown. */
static void put_bool(struct json *json, const char *key, int value)
{
	if (value < 0)
		json_null(json, key);
	else
		json_bool(json, key, value > 0);
}

static void put_answer(struct json *json, const char *key,
		       enum trial_answer answer)
{
	put_bool(json, key, answer == TRIAL_UNKNOWN ? -1 : answer == TRIAL_YES);
}

static void put_error(struct json *json, const struct probe *p)
{
	static const char *const sides[] = {
		[PROBE_SRC] = "source",
		[PROBE_DST] = "destination",
	};
	const struct clone_trial *t = &p->trial;
	const struct probe_step_words *words = &probe_steps[t->step];

	if (t->step == PROBE_DONE) {
		json_null(json, "error");
		return;
	}
	json_open(json, "error", '{');
	json_string(json, "step", words->name);
	json_string(json, "side", sides[t->side]);
	json_string(json, "call", words->call);
	json_string(json, "errno", words->call ? errname(t->err) : NULL);
	json_close(json, '}');
}

/* What was cloned, if something was. */
static void put_tried(struct json *json, const struct probe *p)
{
	static const char *const files[] = {
		[PROBE_TEMPORARY] = "temporary",
		[PROBE_ITSELF] = "itself",
		[PROBE_ANOTHER] = "another",
	};
	const struct clone_trial *t = &p->trial;

	if (p->verdict != PROBE_YES) {
		json_null(json, "tried");
		return;
	}
	json_open(json, "tried", '{');
	json_string(json, "file", files[p->source]);
	json_uint(json, "bytes", t->size);
	put_answer(json, "same_content", t->equal);
	put_answer(json, "same_storage", t->shared);
	json_close(json, '}');
}

static void put_subvolume(struct json *json, const struct probe_place *place)
{
	if (!place->has_subvolume) {
		json_null(json, "subvolume");
		return;
	}
	json_open(json, "subvolume", '{');
	json_uint(json, "id", place->subvolume.id);
	json_bool(json, "is_root", place->subvolume.is_root);
	json_bool(json, "is_snapshot", place->subvolume.is_snapshot);
	json_bool(json, "read_only", place->subvolume.read_only);
	json_close(json, '}');
}

static void put_quota(struct json *json, const struct probe_place *place)
{
	if (!place->has_quota) {
		json_null(json, "quota");
		return;
	}
	json_open(json, "quota", '{');
	json_uint(json, "used", place->quota.used);
	json_uint(json, "limit", place->quota.limit);
	json_close(json, '}');
}

static void put_place(struct json *json, const char *key,
		      const struct probe_place *place)
{
	const struct mount *m = &place->mount;
	const struct fs_state *state = &place->state;

	if (!place->dir) {
		json_null(json, key);
		return;
	}
	json_open(json, key, '{');
	json_name(json, "directory", place->dir);
	json_bool(json, "exists", place->exists);
	json_name(json, "fs_type", m->type);
	json_name(json, "mount_point", m->point);
	json_name(json, "mounted_from", m->source);
	json_name(json, "mount_options", m->options);
	json_name(json, "fs_options", m->fs_options);
	put_bool(json, "read_only", place->has_state ? state->read_only : -1);
	put_uint(json, "size", place->has_state, state->size);
	put_uint(json, "free", place->has_state, state->free);
	put_bool(json, "made_with_reflinks", place->has_reflinks);
	put_bool(json, "nocow", place->nocow);
	put_bool(json, "compressed", place->compressed);
	put_bool(json, "extent_maps", place->has_maps);
	put_subvolume(json, place);
	put_quota(json, place);
	json_close(json, '}');
}

void probe_json(struct jsonl *j, const struct probe *p, const char *path,
		const char *into)
{
	static const char *const answers[] = {
		[PROBE_YES] = "yes",
		[PROBE_NO] = "no",
		[PROBE_UNKNOWN] = "unknown",
	};
	struct json *json;

	if (!jsonl_is_open(j))
		return;
	json = jsonl_begin(j, "probe");
	json_name(json, "path", path);
	json_name(json, "into", into);
	json_string(json, "answer", answers[p->verdict]);
	put_error(json, p);
	json_string(json, "advice", probe_advices[p->advice].name);
	json_string(json, "what_to_do", probe_advices[p->advice].text);
	put_tried(json, p);
	put_uint(json, "align", p->trial.align > 0, p->trial.align);
	/* No limit is known on Linux. */
	json_null(json, "clone_max");
	put_place(json, "source", &p->src);
	put_place(json, "destination", &p->dst);
	jsonl_time(j);
	jsonl_end(j);
}
