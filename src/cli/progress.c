/* SPDX-License-Identifier: BSD-2-Clause */
#include "progress.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "amount.h"
#include "base.h"
#include "clock.h"
#include "interrupt.h"
#include "terminal.h"

/* "999 MiB", or "1.0G". */
#define SIZE_LONG  AMOUNT_SIZE
#define SIZE_SHORT sizeof("999G")

static void put_size(char *text, size_t size, uint64_t n)
{
	if (size == SIZE_LONG)
		(void)strlcpy(text, amount_of(n).text, size);
	else
		(void)humanize_number(
			text, size, n < INT64_MAX ? (int64_t)n : INT64_MAX, "",
			HN_AUTOSCALE, HN_DECIMAL | HN_NOSPACE | HN_B);
}

/* "0:42", "1:02:03", "4 days". */
static void put_time(char *text, size_t size, uint64_t seconds)
{
	const uint64_t minute = 60;
	const uint64_t hour = 60 * minute;
	const uint64_t day = 24 * hour;

	if (seconds >= 4 * day)
		(void)snprintf(text, size, "%" PRIu64 " days", seconds / day);
	else if (seconds >= hour)
		(void)snprintf(text, size, "%" PRIu64 ":%02u:%02u",
			       seconds / hour,
			       (unsigned)(seconds % hour / minute),
			       (unsigned)(seconds % minute));
	else
		(void)snprintf(text, size, "%u:%02u",
			       (unsigned)(seconds / minute),
			       (unsigned)(seconds % minute));
}

enum part {
	PART_FILES = 1 << 0,
	PART_BYTES = 1 << 1,
	PART_PERCENT = 1 << 2,
	PART_RATE = 1 << 3,
	PART_LEFT = 1 << 4,
	PART_ALL = (1 << 5) - 1,
};

/* The forms of the line, from the longest to the shortest. */
static const struct form {
	unsigned parts; /* set of enum part; those that are known are shown */
	bool is_long;
} forms[] = {
	{ PART_ALL, true },
	{ PART_ALL, false },
	{ PART_ALL & ~(unsigned)PART_FILES, false },
	{ PART_BYTES | PART_PERCENT | PART_LEFT, false },
	{ PART_PERCENT | PART_LEFT, false },
	{ PART_PERCENT, false },
	{ 0, false },
};

/* A line that is being written; PROGRESS_TEXT is enough for all of it. */
struct line {
	const struct progress_facts *facts;
	const struct form *form;
	char *text;
	size_t len;
};

static _printf_(2, 3) void put(struct line *l, const char *format, ...)
{
	size_t room = PROGRESS_TEXT - l->len;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(l->text + l->len, room, format, ap);
	va_end(ap);
	l->len += n < 0 || (size_t)n >= room ? 0 : (size_t)n;
}

/* Is PART to be shown?  Then put what stands between it and the part before. */
static bool begins(struct line *l, enum part part)
{
	if (!(l->form->parts & part))
		return false;
	if (l->len > 0)
		put(l, l->form->is_long ? ", " : " ");
	return true;
}

/* Put how much is DONE of ALL, which is empty if it is unknown. */
static void put_done(struct line *l, const char *done, const char *all)
{
	const bool is_counted = l->facts->is_counted;

	put(l, "%s", done);
	if (*all && l->form->is_long)
		put(l, " of %s%s", is_counted ? "" : "at least ", all);
	else if (*all)
		put(l, "/%s%s", all, is_counted ? "" : "+");
}

static void put_files(struct line *l)
{
	const struct progress_facts *f = l->facts;
	const uint64_t n = f->files_all > 0 ? f->files_all : f->files;
	char done[24];
	char all[24] = "";

	if (!begins(l, PART_FILES))
		return;
	(void)snprintf(done, sizeof(done), "%" PRIu64, f->files);
	if (f->files_all > 0)
		(void)snprintf(all, sizeof(all), "%" PRIu64, f->files_all);
	put_done(l, done, all);
	put(l, n == 1 ? " file" : " files");
}

static void put_bytes(struct line *l)
{
	const struct progress_facts *f = l->facts;
	const size_t size = l->form->is_long ? SIZE_LONG : SIZE_SHORT;
	char done[SIZE_LONG];
	char all[SIZE_LONG] = "";

	if (f->bytes + f->bytes_all == 0)
		return;
	put_size(done, size, f->bytes);
	if (f->bytes_all > 0)
		put_size(all, size, f->bytes_all);
	if (begins(l, PART_BYTES))
		put_done(l, done, all);
	if (f->is_counted && begins(l, PART_PERCENT))
		put(l, "%u%%", f->percent);
	put_size(done, size, f->rate);
	if (begins(l, PART_RATE))
		put(l, "%s/s", done);
}

static void put_left(struct line *l)
{
	char text[32];

	if (!l->facts->is_counted || l->facts->left == UINT64_MAX ||
	    !begins(l, PART_LEFT))
		return;
	put_time(text, sizeof(text), l->facts->left);
	put(l, "%s left", text);
}

void progress_text(const struct progress_facts *facts, unsigned width,
		   char text[PROGRESS_TEXT])
{
	struct line l = { .facts = facts, .text = text };

	for (size_t i = 0; i < countof(forms); i++) {
		l.form = &forms[i];
		l.len = 0;
		text[0] = '\0';
		put_files(&l);
		put_bytes(&l);
		put_left(&l);
		if (l.len < width)
			return;
	}
}

/* How far the run is now. */
static struct progress_sample sample(const struct progress *p)
{
	const struct totals *t = p->totals;
	struct progress_sample s = {
		.at = clock_ms(),
		.files = t->n_files,
		.bytes = t->cloned + t->offloaded + t->copied + t->holes +
			 t->so_far,
	};

	s.settled = s.bytes + t->passed;
	return s;
}

static void keep(struct progress *p, const struct progress_sample *s)
{
	p->samples[p->n_samples++ % PROGRESS_SAMPLES] = *s;
}

/* The oldest sample that is kept. */
static const struct progress_sample *oldest(const struct progress *p)
{
	return &p->samples[p->n_samples < PROGRESS_SAMPLES
				   ? 0
				   : p->n_samples % PROGRESS_SAMPLES];
}

/* N * TIMES / BY, for any numbers. */
static uint64_t scale(uint64_t n, uint64_t times, uint64_t by)
{
	return by == 0 ? 0 : (uint64_t)((double)n * (double)times / (double)by);
}

/* Fill in what is to be done, as far as it is known. */
static void add_totals(const struct progress *p, struct progress_facts *f)
{
	const struct ahead *a = &p->ahead;
	const uint64_t so_far = p->totals->so_far;
	const uint64_t in_all = p->totals->in_all;
	const uint64_t passed = p->totals->passed;

	f->is_counted = a->is_complete;
	if (a->is_started)
		f->files_all = a->n_files > f->files ? a->n_files : f->files;
	if (a->bytes > passed)
		f->bytes_all = a->bytes - passed;
	/* Files may have grown, or are copied before they are counted. */
	if (in_all > so_far && f->bytes_all < f->bytes - so_far + in_all)
		f->bytes_all = f->bytes - so_far + in_all;
	if (f->bytes_all > 0 && f->bytes_all < f->bytes)
		f->bytes_all = f->bytes;
	f->percent = (unsigned)scale(f->bytes, 100, f->bytes_all);
}

/* The time until both all files and all bytes are done, if that goes on. */
static uint64_t time_left(const struct progress_facts *f,
			  const struct progress_sample *old,
			  const struct progress_sample *now)
{
	const uint64_t bytes = f->bytes_all - f->bytes;
	const uint64_t files = f->files_all - f->files;
	const uint64_t time = now->at - old->at;
	uint64_t by_bytes;
	uint64_t by_files;

	if (!f->is_counted || (bytes > 0 && now->settled <= old->settled) ||
	    (bytes == 0 && files > 0 && now->files == old->files))
		return UINT64_MAX;
	by_bytes = bytes ? scale(bytes, time, now->settled - old->settled) : 0;
	by_files = files ? scale(files, time, now->files - old->files) : 0;
	return ((by_bytes > by_files ? by_bytes : by_files) + 999) / 1000;
}

static struct progress_facts facts_of(const struct progress *p)
{
	const struct progress_sample now = sample(p);
	const struct progress_sample *old = oldest(p);
	struct progress_facts f = { .files = now.files, .bytes = now.bytes };

	if (now.bytes > old->bytes)
		f.rate = scale(now.bytes - old->bytes, 1000, now.at - old->at);
	add_totals(p, &f);
	f.left = time_left(&f, old, &now);
	return f;
}

/* A terminal without a name, or a dumb one, can't clear a line. */
static bool clears_lines(const char *term)
{
	return term && *term && strcmp(term, "dumb") != 0;
}

void progress_begin(struct progress *p, const struct policy *policy,
		    const struct operands *operands,
		    const struct totals *totals)
{
	*p = (struct progress){
		.policy = policy,
		.operands = operands,
		.totals = totals,
		.is_wanted = policy->progress && clears_lines(getenv("TERM")),
	};
	keep(p, &(struct progress_sample){ .at = clock_ms() });
}

bool progress_tick(struct progress *p)
{
	const struct progress_sample now = sample(p);
	const struct progress_sample *last =
		&p->samples[(p->n_samples - 1) % PROGRESS_SAMPLES];

	if (now.at - last->at >= PROGRESS_INTERVAL)
		keep(p, &now);
	p->is_asked = interrupt_asked();
	p->columns = p->is_wanted ? terminal_columns() : 0;
	return p->is_asked || p->columns > 0;
}

/* Begin to count, once. */
static void count_ahead(struct progress *p)
{
	const struct operands *o = p->operands;

	if (!p->ahead.policy)
		ahead_start(&p->ahead, p->policy, o->v,
			    p->policy->target_directory ? o->n : o->n - 1);
}

/* Standard error has no buffer: what is written at once is not torn. */
static void print(const struct progress *p, unsigned width, const char *begin,
		  const char *end)
{
	const struct progress_facts facts = facts_of(p);
	char text[PROGRESS_TEXT];
	char line[PROGRESS_TEXT + 8];

	progress_text(&facts, width, text);
	(void)snprintf(line, sizeof(line), "%s%s%s", begin, text, end);
	(void)fputs(line, stderr);
}

/*
 * While the line is shown, the cursor stands at its beginning.  So it can be
 * cleared after the terminal has become narrower, which may have wrapped it: J
 * clears all behind the cursor.
 */
#define CLEAR "\033[J"

void progress_show(struct progress *p)
{
	if (p->is_asked) {
		progress_hide(p);
		(void)fflush(stdout);
		print(p, UINT_MAX, "", "\n");
	}
	if (p->columns == 0)
		return;
	count_ahead(p);
	p->is_shown = true;
	print(p, p->columns, "\r", CLEAR "\r");
}

void progress_hide(struct progress *p)
{
	if (p->is_shown && !terminal_is_lent())
		(void)fputs("\r" CLEAR, stderr);
	p->is_shown = false;
}

void progress_end(struct progress *p)
{
	ahead_stop(&p->ahead);
	progress_hide(p);
}
