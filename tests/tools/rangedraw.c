/* SPDX-License-Identifier: BSD-2-Clause */
#include "rangedraw.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clone_rule.h"
#include "tool.h"

/* --- random numbers ------------------------------------------------------ */

static uint64_t draw(struct trial *t)
{
	uint64_t x = t->state += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

/* One of 0 ... N - 1; 0 for N = 0. */
static uint64_t below(struct trial *t, uint64_t n)
{
	return n ? draw(t) % n : 0;
}

/* True once in N times. */
static bool once_in(struct trial *t, uint64_t n)
{
	return below(t, n) == 0;
}

/* --- files --------------------------------------------------------------- */

static void content_clear(struct content *c)
{
	memset(c->v, 0, (size_t)c->n);
	c->n = 0;
}

static void content_set(struct content *c, const struct content *from)
{
	content_clear(c);
	memcpy(c->v, from->v, (size_t)from->n);
	c->n = from->n;
}

static void put(int fd, const unsigned char *v, uint64_t n, uint64_t off)
{
	if (n && pwrite(fd, v, (size_t)n, (off_t)off) != (ssize_t)n)
		die("pwrite");
}

/* A length that is likely to show what goes wrong, up to MAX. */
static uint64_t draw_length(struct trial *t, uint64_t max)
{
	uint64_t n;

	switch (below(t, 5)) {
	case 0:
		n = below(t, 64);
		break;
	case 1:
		n = (1 + below(t, 8)) * t->block + below(t, 3) - 1;
		break;
	case 2:
		n = below(t, 1 + max / t->block) * t->block;
		break;
	default:
		n = below(t, max + 1);
		break;
	}
	return n < max ? n : max;
}

/* Make the file NAME and what it holds, C. */
static void make_file(struct trial *t, const char *name, struct content *c)
{
	static const uint64_t sizes[] = { LARGE_MAX, 20000, 20000, 20000 };
	uint64_t most = once_in(t, 6) ? sizes[below(t, 4)] : FILE_MAX;
	uint64_t size = draw_length(t, most);
	int fd = open_or_die(name, O_RDWR | O_CREAT | O_EXCL);
	uint64_t off = 0;

	content_clear(c);
	c->n = size;
	while (off < size) {
		uint64_t n = draw_length(t, size - off);

		n = n < POOL_SIZE ? n : POOL_SIZE;
		switch (below(t, 6)) {
		case 0: /* a hole */
			break;
		case 1: /* zeros */
			put(fd, c->v + off, n, off);
			break;
		case 2: /* zeros that are not written */
			if (n && fallocate(fd, 0, (off_t)off, (off_t)n) < 0)
				die("fallocate");
			break;
		default:
			memcpy(c->v + off,
			       t->pool + below(t, POOL_SIZE - n + 1),
			       (size_t)n);
			put(fd, c->v + off, n, off);
			break;
		}
		off += n ? n : 1;
	}
	if (ftruncate(fd, (off_t)size) < 0)
		die("ftruncate");
	if (once_in(t, 12) && fallocate(fd, FALLOC_FL_KEEP_SIZE, (off_t)size,
					(off_t)(2 * t->block)) < 0)
		die("fallocate");
	if (once_in(t, 40) && fsync(fd) < 0)
		die("fsync");
	close(fd);
}

void trial_remove_files(void)
{
	static const char *const names[] = { "s", "d", "list" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (unlink(names[i]) < 0 && errno != ENOENT)
			die("%s", names[i]);
}

bool trial_is_one_file(const struct trial *t)
{
	return t->place >= PLACE_ITSELF;
}

const char *trial_dst_name(const struct trial *t)
{
	return t->place == PLACE_ITSELF ? "s" : "d";
}

static void make_files(struct trial *t)
{
	static const enum place places[] = {
		PLACE_NEW,    PLACE_NEW,    PLACE_OLD,	  PLACE_OLD,
		PLACE_OLD,    PLACE_OLD,    PLACE_ITSELF, PLACE_ITSELF,
		PLACE_ITSELF, PLACE_ITSELF, PLACE_HARD,	  PLACE_SYMBOLIC
	};

	trial_remove_files();
	t->place = places[below(t, sizeof(places) / sizeof(places[0]))];
	make_file(t, "s", &t->src);
	content_clear(&t->old);
	if (t->place == PLACE_OLD)
		make_file(t, "d", &t->old);
	else if (trial_is_one_file(t))
		content_set(&t->old, &t->src);
	if (t->place == PLACE_HARD && link("s", "d") < 0)
		die("link");
	if (t->place == PLACE_SYMBOLIC && symlink("s", "d") < 0)
		die("symlink");

	if (stat("s", &t->src_st) < 0)
		die("s");
	if (t->place != PLACE_NEW && stat(trial_dst_name(t), &t->old_st) < 0)
		die("%s", trial_dst_name(t));
}

/* --- ranges -------------------------------------------------------------- */

static uint64_t round_down(const struct trial *t, uint64_t off)
{
	return off - off % t->block;
}

/* The bytes that S really is about. */
static uint64_t length_of(const struct trial *t, const struct span *s)
{
	return s->len ? s->len : t->src.n - s->src_off;
}

static uint64_t draw_src(struct trial *t)
{
	uint64_t off = below(t, t->src.n + 1);

	switch (below(t, 6)) {
	case 0:
		return 0;
	case 1:
		return once_in(t, 3) ? t->src.n : round_down(t, t->src.n);
	case 2:
	case 3:
		return round_down(t, off);
	default:
		return off;
	}
}

static uint64_t draw_len(struct trial *t, uint64_t off)
{
	uint64_t rest = t->src.n - off;

	switch (below(t, 6)) {
	case 0:
		return 0;
	case 1:
		return rest;
	case 2:
	case 3:
		return round_down(t, below(t, rest + 1));
	default:
		return draw_length(t, rest);
	}
}

/* How far apart source and destination of an overlap are. */
static uint64_t draw_distance(struct trial *t)
{
	switch (below(t, 5)) {
	case 0:
		return 1 + below(t, 16);
	case 1:
		return t->block;
	case 2:
		return (1 + below(t, 12)) * t->block;
	case 3:
		return 1 + below(t, t->block);
	default:
		return t->block + below(t, 8 * t->block);
	}
}

/* Where S goes in a destination that has SIZE bytes by now. */
static uint64_t draw_dst(struct trial *t, const struct span *s, uint64_t size)
{
	uint64_t phase = s->src_off % t->block;
	uint64_t off;

	switch (below(t, trial_is_one_file(t) ? 13 : 8)) {
	case 0:
		return s->src_off;
	case 1:
		off = below(t, size + 1);
		return once_in(t, 2) ? off : size;
	case 2:
		off = size + draw_distance(t);
		return once_in(t, 2) ? off : round_down(t, off) + phase;
	case 3:
		off = once_in(t, 4) ? below(t, FAR_MAX) : below(t, size + 1);
		return off;
	case 4: /* ends where the destination ends */
		off = length_of(t, s);
		return size > off ? size - off : 0;
	case 5:
	case 6:
	case 7:
		return round_down(t, below(t, size + 3 * t->block)) + phase;
	case 8:
	case 9:
		off = draw_distance(t);
		return s->src_off > off ? s->src_off - off : 0;
	default:
		return s->src_off + draw_distance(t);
	}
}

/* Of three make one aligned, one of equal phase, and leave one as it is. */
static void straighten(struct trial *t, struct span *s)
{
	switch (below(t, 3)) {
	case 0:
		s->src_off = round_down(t, s->src_off);
		s->dst_off = round_down(t, s->dst_off);
		if (s->len >= t->block && s->src_off + s->len < t->src.n)
			s->len = round_down(t, s->len);
		break;
	case 1:
		s->dst_off = round_down(t, s->dst_off) + s->src_off % t->block;
		break;
	default:
		break;
	}
}

/* Make S one that can't be done. */
static void spoil(struct trial *t, struct span *s)
{
	switch (below(t, 4)) {
	case 0:
		s->src_off = t->src.n + 1 + below(t, t->block);
		s->len = 0;
		break;
	case 1:
		s->src_off = t->src.n + below(t, t->block);
		s->len = 1 + below(t, t->block);
		break;
	case 2:
		s->len = t->src.n - s->src_off + 1 + below(t, t->block);
		break;
	default: /* no file can be as long */
		s->src_off = 0;
		s->len = 0;
		s->dst_off = INT64_MAX - t->src.n + 1 + below(t, t->src.n);
		if (!t->src.n)
			s->src_off = 1;
		break;
	}
}

/* Do what S asks for, in want. */
static void model_span(struct trial *t, const struct span *s)
{
	const unsigned char *from = trial_is_one_file(t) ? t->want.v : t->src.v;
	uint64_t n = length_of(t, s);

	if (!n)
		return;
	if (s->dst_off + n > CONTENT_MAX)
		die_plain("the model is too small");
	memmove(t->want.v + s->dst_off, from + s->src_off, (size_t)n);
	if (t->want.n < s->dst_off + n)
		t->want.n = s->dst_off + n;
}

/* What the kernel is asked for S, where the destination has DST_SIZE bytes. */
static struct clone_case case_of(const struct trial *t, const struct span *s,
				 uint64_t dst_size)
{
	bool one_file = trial_is_one_file(t);

	return (struct clone_case){
		.span = { s->src_off, length_of(t, s), s->dst_off },
		.src_size = one_file ? dst_size : t->src.n,
		.dst_size = dst_size,
		.same_file = one_file,
	};
}

/* Does the file system clone C in one call? */
static enum expect judge_clone(const struct trial *t,
			       const struct clone_case *c)
{
	const struct fs_info fs = { .clone_align = t->clone_block };

	/* Nothing to clone; where nothing can be, that may be told. */
	if (!c->span.len)
		return t->clone_block ? EXPECT_DONE : EXPECT_EITHER;
	if (c->same_file && c->span.src_off == c->span.dst_off)
		return EXPECT_EITHER;
	return refusal(c, &fs) ? EXPECT_REFUSED : EXPECT_DONE;
}

/* The least that is told of C. */
static enum told judge_words(const struct trial *t, const struct clone_case *c)
{
	const struct fs_info fs = { .clone_align = t->clone_block };

	if (t->reflink == REFLINK_NEVER || t->sparse || !t->clone_block ||
	    !c->span.len)
		return TOLD_ANYTHING;
	if (judge_clone(t, c) == EXPECT_DONE)
		return TOLD_CLONED;
	return !overlap(c, c->span.len) && most(c, &fs) ? TOLD_PARTLY
							: TOLD_ANYTHING;
}

static void expect_add(struct trial *t, enum expect more)
{
	if (t->expect != EXPECT_REFUSED && more != EXPECT_DONE)
		t->expect = more;
}

static void make_spans(struct trial *t)
{
	bool spoilt = once_in(t, 16);
	size_t which;

	t->n_spans = once_in(t, 2) ? 1 : 1 + (size_t)below(t, SPANS_MAX);
	which = (size_t)below(t, t->n_spans);
	content_set(&t->want, &t->old);
	for (size_t i = 0; i < t->n_spans; i++) {
		struct span *s = &t->spans[i];
		struct clone_case c;

		s->src_off = draw_src(t);
		s->len = draw_len(t, s->src_off);
		s->dst_off = draw_dst(t, s, t->want.n);
		straighten(t, s);
		if (spoilt && i == which) {
			spoil(t, s);
			t->expect = EXPECT_REFUSED;
			continue;
		}
		c = case_of(t, s, t->want.n);
		t->told[i] = judge_words(t, &c);
		if (t->reflink == REFLINK_ALWAYS)
			expect_add(t, judge_clone(t, &c));
		model_span(t, s);
	}
}

/* --- the command line ---------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void
add_arg(struct trial *t, const char *format, ...)
{
	va_list ap;

	if (t->n_args == ARGS_MAX)
		die_plain("too many arguments");
	va_start(ap, format);
	vsnprintf(t->args[t->n_args], ARG_SIZE, format, ap);
	va_end(ap);
	t->argv[t->n_args] = t->args[t->n_args];
	t->n_args++;
	t->argv[t->n_args] = NULL;
}

/* N in one of the ways in which numbers may be written; BUF has 32 bytes. */
static const char *spell(struct trial *t, uint64_t n, char *buf)
{
	if (once_in(t, 6))
		snprintf(buf, 32, "0x%" PRIx64, n);
	else if (n && n % 1024 == 0 && once_in(t, 2))
		snprintf(buf, 32, "%" PRIu64 "K", n / 1024);
	else
		snprintf(buf, 32, "%" PRIu64, n);
	return buf;
}

static void add_list(struct trial *t)
{
	FILE *f = fopen("list", "w");
	char a[32];
	char b[32];
	char c[32];

	if (!f)
		die("list");
	fputs("# ranges\n\n", f);
	for (size_t i = 0; i < t->n_spans; i++)
		fprintf(f, "%s %s\t%s\n", spell(t, t->spans[i].src_off, a),
			spell(t, t->spans[i].len, b),
			spell(t, t->spans[i].dst_off, c));
	if (fclose(f) == EOF)
		die("list");
	add_arg(t, "--ranges-from=list");
}

static void add_ranges(struct trial *t)
{
	char a[32];
	char b[32];
	char c[32];

	for (size_t i = 0; i < t->n_spans; i++) {
		const struct span *s = &t->spans[i];
		bool empty = once_in(t, 2);

		spell(t, s->src_off, a);
		spell(t, s->len, b);
		spell(t, s->dst_off, c);
		add_arg(t, "--range=%s:%s:%s", s->src_off || !empty ? a : "",
			s->len || !empty ? b : "",
			s->dst_off || !empty ? c : "");
	}
}

static void make_arguments(struct trial *t)
{
	static const char *const when[] = { "auto", "always", "never" };

	add_arg(t, "%s", t->program);
	if (t->reflink != REFLINK_AUTO || once_in(t, 4))
		add_arg(t, "--reflink=%s", when[t->reflink]);
	if (t->sparse)
		add_arg(t, "--sparse=%s", t->sparse);
	t->verbose = !once_in(t, 10);
	if (t->verbose)
		add_arg(t, "-v");
	if (once_in(t, 4))
		add_list(t);
	else
		add_ranges(t);
	add_arg(t, "s");
	add_arg(t, "%s", trial_dst_name(t));
}

void trial_prepare(struct trial *t)
{
	struct content *all[] = { &t->src, &t->old, &t->want };
	unsigned char *pool = malloc(POOL_SIZE);

	if (!pool)
		die("malloc");
	t->state = 1;
	for (size_t i = 0; i < POOL_SIZE; i++)
		pool[i] = (unsigned char)draw(t);
	t->pool = pool;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		all[i]->v = calloc(1, CONTENT_MAX);
		if (!all[i]->v)
			die("calloc");
	}
}

void trial_draw(struct trial *t, uint64_t number)
{
	static const enum reflink when[] = { REFLINK_AUTO,   REFLINK_AUTO,
					     REFLINK_AUTO,   REFLINK_AUTO,
					     REFLINK_AUTO,   REFLINK_ALWAYS,
					     REFLINK_ALWAYS, REFLINK_NEVER };

	static const char *const sparse[] = { "auto", "always", "never" };

	t->number = number;
	t->state = t->seed;
	t->state = draw(t) + number * 0xd1342543de82ef95;
	t->expect = EXPECT_DONE;
	t->n_args = 0;
	if (t->clone_block && !once_in(t, 8))
		t->block = t->clone_block;
	else
		t->block = once_in(t, 2) ? 1024 : 4096;
	make_files(t);
	t->reflink = when[below(t, sizeof(when) / sizeof(when[0]))];
	t->sparse = NULL;
	if (t->reflink != REFLINK_ALWAYS && once_in(t, 5))
		t->sparse = sparse[below(t, 3)];
	make_spans(t);
	make_arguments(t);
}
