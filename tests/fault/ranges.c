/* SPDX-License-Identifier: BSD-2-Clause */
#include "ranges.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clone_rule.h"
#include "image.h"
#include "tool.h"

#define N_RANGES 4

/* The scenario's. */
static struct {
	struct span v[N_RANGES]; /* len 0: up to the source's end */
	size_t n;
	bool one_file; /* source and destination are that */
	bool overlaps; /* a range does, itself */
	size_t last;   /* of states, that is allowed */
} ranges;

static struct image source;
static struct image states[N_RANGES + 1]; /* 0: before; I: I ranges are done */
static struct image now;

static const char *dst_name(const struct trial *t)
{
	return t->scenario->flags & OLD_IS_LINKED ? "real" : "dst";
}

/* The number at *P, none being 0, and the ':' after it. */
static uint64_t parse_number(const char **p)
{
	char *end;
	uint64_t n = strtoull(*p, &end, 10);

	*p = end + (*end == ':');
	return n;
}

static void add(const char *text)
{
	struct span *r = &ranges.v[ranges.n++];

	if (ranges.n > N_RANGES)
		die_plain("too many ranges");
	r->src_off = parse_number(&text);
	r->len = parse_number(&text);
	r->dst_off = parse_number(&text);
}

static void add_lines(const char *list)
{
	while (*list) {
		if (*list != '#' && *list != '\n')
			add(list);
		list += strcspn(list, "\n");
		list += *list == '\n';
	}
}

/* The ranges, and whether the first operand is the destination as well. */
static void parse(const struct scenario *scenario)
{
	static const char range[] = "--range=";
	static const char list[] = "--ranges-from=";
	const char *first = NULL;
	const char *p = scenario->args;

	ranges.n = 0;
	while (*p) {
		if (strncmp(p, range, sizeof(range) - 1) == 0)
			add(p + sizeof(range) - 1);
		else if (strncmp(p, list, sizeof(list) - 1) == 0)
			add_lines(scenario->answer);
		else if (*p != '-' && !first)
			first = p;
		p += strcspn(p, " ");
		p += *p == ' ';
	}
	ranges.one_file = first && *first == '%';
}

/* Of NAME in DIR; a file that is not there has no bytes. */
static void load(int dir, const char *name, struct image *ret)
{
	int fd = openat(dir, name,
			O_RDONLY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC);

	if (fd < 0)
		fd = open_or_die("/dev/null", O_RDONLY);
	image_load(fd, ret);
	close(fd);
}

static bool overlaps(const struct span *r)
{
	const struct clone_case c = { .span = *r,
				      .same_file = ranges.one_file };

	return overlap(&c, r->len);
}

void ranges_expect(const struct trial *t)
{
	off_t size;

	parse(t->scenario);
	load(t->field->dst, dst_name(t), &states[0]);
	if (!ranges.one_file)
		load(t->field->src, "src", &source);
	size = ranges.one_file ? states[0].size : source.size;

	ranges.overlaps = false;
	ranges.last = ranges.n;
	for (size_t i = 0; i < ranges.n; i++) {
		struct span *r = &ranges.v[i];

		if (r->len == 0)
			r->len = (uint64_t)size - r->src_off;
		ranges.overlaps = ranges.overlaps || overlaps(r);
		image_set(&states[i + 1], &states[i]);
		image_put(&states[i + 1], (off_t)r->dst_off,
			  ranges.one_file ? &states[i] : &source,
			  (off_t)r->src_off, (off_t)r->len);
	}
}

void ranges_expect_nothing(const struct trial *t)
{
	load(t->field->dst, dst_name(t), &states[0]);
	ranges.last = 0;
	ranges.n = 0;
}

static const char *judge_sharing(const struct trial *t, int src, int dst)
{
	static const struct fs_info fs = { .clone_align = IMAGE_BLOCK };
	const struct clone_case c = { .span = ranges.v[0] };
	off_t len = (off_t)in_blocks(&c, &fs, false);
	off_t skip = (off_t)(up(c.span.src_off, IMAGE_BLOCK) - c.span.src_off);
	const struct places_pair pair = { src, (off_t)c.span.src_off + skip,
					  dst, (off_t)c.span.dst_off + skip };

	if (!(t->scenario->flags & (NEVER | COPIED)))
		return ranges_share(&pair, len)
			       ? NULL
			       : "not all is shared that can be";
	return ranges_share_any(&pair, (off_t)c.span.len - skip)
		       ? "storage is shared"
		       : NULL;
}

const char *ranges_judge_done(const struct trial *t)
{
	int src;
	int dst;
	const char *wrong;

	load(t->field->dst, dst_name(t), &now);
	if (!image_same(&now, &states[ranges.last]))
		return "the bytes are not what the ranges make";
	/* Later ranges, and its own end, go over what one has shared. */
	if (!t->field->clones || ranges.n != 1 || ranges.overlaps ||
	    now.size == 0)
		return NULL;
	dst = openat(t->field->dst, dst_name(t), O_RDONLY | O_CLOEXEC);
	src = ranges.one_file
		      ? dup(dst)
		      : openat(t->field->src, "src", O_RDONLY | O_CLOEXEC);
	if (src < 0 || dst < 0)
		die("open");
	wrong = judge_sharing(t, src, dst);
	close(src);
	close(dst);
	return wrong;
}

/* How many ranges does it say are done?  -1: it doesn't speak of that. */
static int n_said_done(const char *said)
{
	const char *p = strstr(said, "ranges 1 to ");
	int n;

	if (!strstr(said, " stopped after "))
		return -1;
	if (p && sscanf(p, "ranges 1 to %d of ", &n) == 1)
		return n;
	return strstr(said, "range 1 of ") ? 1 : 0;
}

const char *ranges_judge_stopped(const struct trial *t)
{
	const struct image *first = &states[0];
	const struct image *last = &states[ranges.last];
	int said = n_said_done(t->echo.err);

	load(t->field->dst, dst_name(t), &now);
	if (now.size < first->size)
		return "the destination is shorter than it was";
	if (now.size > last->size)
		return "the destination is longer than it should be";
	if (!image_between(&now, first, last))
		return "a byte is neither what it was nor right";
	if (image_same(&now, first) || image_same(&now, last))
		return NULL;
	if (said < 0)
		return t->shot.how == HOW_KILL && t->shot.who == WHO_PROGRAM
			       ? NULL
			       : "a range is half done, and it doesn't say so";
	if ((size_t)said >= ranges.last ||
	    !image_between(&now, &states[said], &states[said + 1]))
		return "what it says is done is not";
	return NULL;
}
