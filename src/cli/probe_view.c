/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe_view.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amount.h"
#include "base.h"
#include "diag.h"
#include "errname.h"
#include "interrupt.h"
#include "probe.h"
#include "probe_json.h"
#include "probe_words.h"

/* Where the text of a row begins. */
#define TEXT_COLUMN 19

/* Begin a row. */
static void put_label(const char *label)
{
	(void)printf("    %-*s", TEXT_COLUMN - 4, label);
}

/* A row. */
static void _printf_(2, 3) put_row(const char *label, const char *format, ...)
{
	va_list args;

	put_label(label);
	va_start(args, format);
	(void)vprintf(format, args);
	va_end(args);
	(void)putchar('\n');
}

static void put_name(const char *name)
{
	(void)diag_put_name(stdout, name);
}

/* Why it was not cloned. */
static void put_reason(const struct probe *p)
{
	static const char *const sides[] = {
		[PROBE_SRC] = "the source",
		[PROBE_DST] = "the target",
	};
	const char *text = probe_steps[p->trial.step].text;
	size_t n = strcspn(text, "%");

	put_label("reason");
	(void)fwrite(text, 1, n, stdout);
	if (text[n])
		(void)printf("%s%s", p->has_src ? sides[p->trial.side] : "it",
			     text + n + 1);
	if (probe_steps[p->trial.step].call)
		(void)printf(": %s (%s)", strerror(p->trial.err),
			     errname(p->trial.err));
	(void)putchar('\n');
	if (p->advice != ADVICE_NONE)
		put_row("what to do", "%s", probe_advices[p->advice].text);
}

static void put_tried(const struct probe *p)
{
	static const char *const of[] = {
		[PROBE_TEMPORARY] = "",
		[PROBE_ITSELF] = " of the file itself",
		[PROBE_ANOTHER] = " of a file in it",
	};
	const struct clone_trial *t = &p->trial;

	put_row("tried", "a clone of %s%s: %s%s", amount_of(t->size).text,
		of[p->source],
		t->equal == TRIAL_YES ? "same bytes" : "it is changing",
		t->shared == TRIAL_YES ? ", same storage" : "");
	if (t->align)
		put_row("ranges", "in multiples of %" PRIu64 " bytes",
			t->align);
	put_row("largest clone", "no limit known");
}

/* Which directory stands for what was named. */
static void put_directory(const struct probe *p,
			  const struct probe_place *place, const char *label)
{
	/* A source that is a file needs no other name. */
	if (place->exists && (!place->is_file || place == &p->src))
		return;
	put_label(label);
	put_name(place->dir);
	(void)puts(place->exists ? ", in which it is"
				 : ", the nearest one that exists");
}

static void put_fs(const struct probe_place *place, const char *label)
{
	const struct mount *m = &place->mount;

	if (!m->text) {
		put_row(label, "unknown, because /proc can't be read");
		return;
	}
	put_label(label);
	(void)printf("%s on ", m->type);
	put_name(m->point);
	(void)fputs(", from ", stdout);
	put_name(m->source);
	(void)putchar('\n');
}

/* Print those of OPTIONS that matter, after GAP.  Returns the next gap. */
static const char *put_options(const char *options, const char *gap)
{
	while (*options) {
		size_t n = strcspn(options, ",");

		if (probe_option_matters(options)) {
			if (!*gap)
				put_label("mount options");
			(void)printf("%s%.*s", gap, (int)n, options);
			gap = ", ";
		}
		options += n;
		options += strspn(options, ",");
	}
	return gap;
}

static void put_mount_options(const struct probe_place *place)
{
	const char *gap = "";

	if (!place->mount.text)
		return;
	gap = put_options(place->mount.options, gap);
	gap = put_options(place->mount.fs_options, gap);
	if (*gap)
		(void)putchar('\n');
}

static void put_subvolume(const struct probe_place *place)
{
	const struct subvolume *s = &place->subvolume;

	if (place->has_subvolume)
		put_row("subvolume", "ID %" PRIu64 "%s%s%s", s->id,
			s->is_root ? ", of which this is the root" : "",
			s->is_snapshot ? ", a snapshot" : "",
			s->read_only ? ", read-only" : "");
}

static const char *maps_words(const struct probe_place *place)
{
	if (place->has_maps > 0)
		return "can be trusted, so that --shared can answer";
	if (place->state.kind == FS_SMB)
		return "can't be trusted: they tell no places in storage";
	if (place->state.kind == FS_BCACHEFS)
		return "can't be trusted: they don't tell which device";
	if (place->state.kind == FS_OVERLAY)
		return "can't be trusted: they don't tell which layer";
	return "none that can be trusted";
}

static void put_space(const struct probe_place *place)
{
	const struct space_quota *q = &place->quota;

	if (place->has_state && place->state.size)
		put_row("free space", "%s of %s",
			amount_of(place->state.free).text,
			amount_of(place->state.size).text);
	if (place->has_quota)
		put_row("quota", "%s of %s are used%s", amount_of(q->used).text,
			amount_of(q->limit).text,
			q->used >= q->limit - q->limit / 10 ? ": nearly all"
							    : "");
}

static void put_place(const struct probe_place *place)
{
	put_mount_options(place);
	if (place->state.read_only)
		put_row("read-only", "nothing can be written there");
	put_subvolume(place);
	if (place->nocow > 0)
		put_row("NOCOW", "new files have no checksums (chattr +C)");
	if (place->compressed > 0)
		put_row("compression", "new files are compressed (chattr +c)");
	if (place->has_maps >= 0)
		put_row("extent maps", "%s", maps_words(place));
	put_space(place);
}

static void put_verdict(const struct probe *p, const char *path,
			const char *into)
{
	static const char *const words[] = {
		[PROBE_YES] = "yes, files can be cloned ",
		[PROBE_NO] = "no, files can't be cloned ",
		[PROBE_UNKNOWN] = "not known whether files can be cloned ",
	};

	put_name(path);
	if (into) {
		(void)fputs(" -> ", stdout);
		put_name(into);
	}
	(void)printf(": %s%s\n", words[p->verdict], into ? "there" : "here");
}

/* Print all about PATH. */
static void put_probe(const struct probe *p, const char *path, const char *into)
{
	put_verdict(p, path, into);
	if (p->verdict == PROBE_YES)
		put_tried(p);
	else
		put_reason(p);
	if (p->has_src && p->src.dir) {
		put_directory(p, &p->src, "source");
		put_fs(&p->src, "source on");
	}
	if (p->dst.dir) {
		put_directory(p, &p->dst, into ? "target" : "directory");
		put_fs(&p->dst, into ? "target on" : "file system");
		put_place(&p->dst);
	}
}

/* Find out about PATH, and tell it.  Returns the exit status. */
static int answer(const char *path, const char *into, struct jsonl *jsonl,
		  const char *gap)
{
	_cleanup_(probe_release) struct probe p = { .has_src = false };

	if (probe_path(path, into, &p) < 0)
		return EXIT_FAILURE;
	if (!jsonl->is_stdout) {
		(void)fputs(gap, stdout);
		put_probe(&p, path, into);
	}
	probe_json(jsonl, &p, path, into);
	return p.verdict == PROBE_YES ? EXIT_SUCCESS : EXIT_FAILURE;
}

int probe_view(const struct policy *policy, const struct operands *operands,
	       struct jsonl *jsonl)
{
	int status = EXIT_SUCCESS;

	diag_locale();
	for (size_t i = 0; i < operands->n && !interrupted(); i++)
		if (answer(operands->v[i], policy->target_directory, jsonl,
			   i > 0 ? "\n" : "") != EXIT_SUCCESS)
			status = EXIT_FAILURE;
	return status;
}
