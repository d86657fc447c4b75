/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base.h"
#include "clone.h"
#include "clone_plan.h"
#include "clone_rule.h"
#include "fallback.h"
#include "fs.h"
#include "tool.h"

/*
 * accepts DIR ALIGN
 *
 * Whether the file system of DIR takes the clones that clone_rule.h and
 * clone_case_accepted() say it takes and no others; whether all clones that clone_plan() plans
 * are taken; and whether the bytes come out as memmove(3) would have them.
 * ALIGN is what fs_query() has to say of clone_align.
 *
 * "accepts DIR 0": DIR can't clone.  Each clone is refused, by an errno after
 * which bytes are copied.
 *
 * The last line is "N cases, N taken, N planned, N wrong".
 */

/* How large the files get, in blocks; and how many wrong ones are printed. */
enum {
	BLOCKS_MAX = 12,
	TOLD_MAX = 10
};

/* Two files, and what is in them by now; with one file dst is src. */
struct files {
	fd_t src;
	fd_t dst;
	uint64_t src_size;
	uint64_t dst_size;
	bool same;
	bool stale; /* to be made anew */
};

/* One run. */
struct run {
	struct fs_info fs;
	bool clones; /* DIR is said to */
	struct files files;
	uint64_t room; /* bytes that each of these has */
	unsigned char *src_bytes;
	unsigned char *dst_bytes;
	unsigned char *model;
	unsigned char *seen;
	uint64_t n;
	uint64_t n_taken;
	uint64_t n_planned;
	uint64_t n_wrong;
};

static void wrong(struct run *run, const struct clone_case *c, const char *what,
		  int err)
{
	if (++run->n_wrong > TOLD_MAX)
		return;
	printf("%s (%s): %" PRIu64 ":%" PRIu64 ":%" PRIu64 " of %" PRIu64
	       " into %" PRIu64 "%s\n",
	       what, strerror(err), c->span.src_off, c->span.len,
	       c->span.dst_off, c->src_size, c->dst_size,
	       c->same_file ? ", one file" : "");
}

/* --- the files --------------------------------------------------------- */

static unsigned char *make_bytes(uint64_t room, unsigned char seed)
{
	unsigned char *bytes = malloc(room);
	uint32_t x = seed;

	if (!bytes)
		die("malloc");
	for (uint64_t i = 0; i < room; i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (unsigned char)(x >> 24);
	}
	return bytes;
}

static void fill(fd_t fd, const unsigned char *bytes, uint64_t size)
{
	if (ftruncate(fd, 0) < 0)
		die("ftruncate");
	if (size > 0 && pwrite(fd, bytes, size, 0) != (ssize_t)size)
		die("pwrite");
}

/* Make the files what C says, and the model with them. */
static void prepare(struct run *run, const struct clone_case *c)
{
	struct files *f = &run->files;
	const unsigned char *bytes =
		c->same_file ? run->src_bytes : run->dst_bytes;

	if (f->same != c->same_file)
		f->stale = true;
	if (f->stale || f->src_size != c->src_size)
		fill(f->src, run->src_bytes, c->src_size);
	if (!c->same_file && (f->stale || f->dst_size != c->dst_size))
		fill(f->dst, bytes, c->dst_size);
	f->src_size = c->src_size;
	f->dst_size = c->dst_size;
	f->stale = false;
	f->same = c->same_file;
	memcpy(run->model, bytes, c->dst_size);
	memset(run->model + c->dst_size, 0, run->room - c->dst_size);
}

static fd_t dst_of(const struct run *run, const struct clone_case *c)
{
	return c->same_file ? run->files.src : run->files.dst;
}

/* Are the bytes those of the model, SIZE of them? */
static bool as_model(struct run *run, const struct clone_case *c, uint64_t size)
{
	ssize_t n = pread(dst_of(run, c), run->seen, run->room, 0);

	if (n < 0)
		die("pread");
	return (uint64_t)n == size && !memcmp(run->seen, run->model, size);
}

static bool source_is_whole(struct run *run, const struct clone_case *c)
{
	ssize_t n = pread(run->files.src, run->seen, run->room, 0);

	if (n < 0)
		die("pread");
	return (uint64_t)n == c->src_size &&
	       !memcmp(run->seen, run->src_bytes, c->src_size);
}

/* What C comes to, in the model; returns the size of the destination. */
static uint64_t apply(struct run *run, const struct clone_case *c)
{
	const unsigned char *from = c->same_file ? run->model : run->src_bytes;
	memmove(run->model + c->span.dst_off, from + c->span.src_off,
		c->span.len);
	return dst_end(c) > c->dst_size ? dst_end(c) : c->dst_size;
}

/* --- one call ---------------------------------------------------------- */

static int clone_span(struct run *run, const struct clone_case *c,
		      const struct span *s, uint64_t len)
{
	return clone_range(run->files.src, (struct range){ s->src_off, len },
			   dst_of(run, c), s->dst_off);
}

static void try_call(struct run *run, const struct clone_case *c)
{
	bool want = !refusal(c, &run->fs);
	uint64_t size = c->dst_size;
	int r;

	prepare(run, c);
	r = clone_span(run, c, &c->span, c->span.len);
	run->n++;
	if (r == 0) {
		run->n_taken++;
		run->files.stale = true;
		size = apply(run, c);
	}
	if (want != clone_case_accepted(c, &run->fs))
		wrong(run, c, "clone_case_accepted() differs", -r);
	if (want && r < 0)
		wrong(run, c, "refused", -r);
	else if (!want && r == 0)
		wrong(run, c, "taken", 0);
	else if (r < 0 && r != -EINVAL)
		wrong(run, c, "refused otherwise", -r);
	if (!as_model(run, c, size))
		wrong(run, c, r < 0 ? "changed" : "other bytes", -r);
	if (!c->same_file && r == 0 && !source_is_whole(run, c))
		wrong(run, c, "the source changed", 0);
}

/* Where nothing is cloned. */
static void try_refusal(struct run *run, const struct clone_case *c)
{
	enum verdict verdict;
	int r;

	prepare(run, c);
	r = clone_span(run, c, &c->span, c->span.len);
	run->n++;
	verdict = fallback_judge(FALLBACK_CLONE, -r);
	if (r == 0)
		wrong(run, c, "taken", 0);
	else if (verdict != VERDICT_NEXT && verdict != VERDICT_NEXT_FOR_PAIR)
		wrong(run, c, "refused for good", -r);
	if (!as_model(run, c, c->dst_size))
		wrong(run, c, "changed", -r);
}

/* --- a plan ------------------------------------------------------------ */

static int copy_span(struct run *run, const struct clone_case *c,
		     const struct span *s)
{
	ssize_t n = pread(run->files.src, run->seen, s->len, (off_t)s->src_off);

	if (n != (ssize_t)s->len)
		return -EIO;
	n = pwrite(dst_of(run, c), run->seen, s->len, (off_t)s->dst_off);
	return n == (ssize_t)s->len ? 0 : -EIO;
}

static int do_step(struct run *run, const struct clone_case *c,
		   const struct step *s)
{
	switch (s->kind) {
	case STEP_EXTEND:
		return -ENOTSUP; /* not asked for here */
	case STEP_CLONE:
		return clone_span(run, c, &s->span, s->call_len);
	case STEP_COPY:
		return copy_span(run, c, &s->span);
	}
	return -EINVAL;
}

static void try_plan(struct run *run, const struct clone_case *c,
		     const struct fs_info *fs)
{
	struct clone_plan plan;
	struct step s;
	int r = 0;

	prepare(run, c);
	run->files.stale = true;
	run->n_planned++;
	clone_plan(c, fs, &plan);
	while (r == 0 && clone_plan_next(&plan, &s))
		r = do_step(run, c, &s);
	if (r < 0)
		wrong(run, c, "a step was refused", -r);
	else if (!as_model(run, c, apply(run, c)))
		wrong(run, c, "a plan gave other bytes", 0);
}

/* --- all of them ------------------------------------------------------- */

static void try_case(struct run *run, const struct clone_case *c)
{
	struct fs_info cut = run->fs;

	if (c->span.len == 0 || c->span.src_off > c->src_size ||
	    c->span.len > c->src_size - c->span.src_off)
		return;
	if (!run->clones) {
		try_refusal(run, c);
		return;
	}
	try_call(run, c);
	/* In turn by calls of any length and of one block. */
	cut.clone_max = run->n % 2 ? run->fs.clone_align : 0;
	try_plan(run, c, &cut);
}

/* C, and C with each of its numbers one less and one more. */
static void try_around(struct run *run, const struct clone_case *c)
{
	for (int i = 0; i < 9; i++) {
		struct clone_case near = *c;
		uint64_t *const numbers[] = { &near.span.src_off,
					      &near.span.len,
					      &near.span.dst_off,
					      &near.dst_size };

		if (i > 0)
			*numbers[(i - 1) / 2] += i % 2 ? UINT64_MAX : 1;
		if (near.span.src_off == UINT64_MAX ||
		    near.span.dst_off == UINT64_MAX ||
		    near.dst_size == UINT64_MAX ||
		    (c->same_file && near.dst_size != c->dst_size))
			continue;
		try_case(run, &near);
	}
}

/* Each place in the destination. */
static void try_dsts(struct run *run, struct clone_case c)
{
	uint64_t half = run->fs.clone_align / 2;

	for (uint64_t i = 0; i <= 8; i++) {
		c.span.dst_off = i * half;
		/* An edge off by one matters where it was good without. */
		if (c.span.src_off % (2 * half) == 0 &&
		    c.span.dst_off % (2 * half) == 0 &&
		    (c.span.len % (2 * half) == 0 || src_end(&c) == c.src_size))
			try_around(run, &c);
		else
			try_case(run, &c);
	}
}

/* Each range of a source of so many bytes. */
static void try_sources(struct run *run, struct clone_case c)
{
	uint64_t half = run->fs.clone_align / 2;

	for (uint64_t off = 0; off < c.src_size; off += half)
		for (uint64_t len = half; len <= c.src_size - off;
		     len += half) {
			c.span.src_off = off;
			c.span.len = len;
			try_dsts(run, c);
		}
}

static void try_all(struct run *run)
{
	uint64_t half = run->fs.clone_align / 2;
	static const uint64_t srcs[] = { 1, 7, 8 };	/* half blocks */
	static const uint64_t dsts[] = { 0, 4, 7, 10 }; /* and so */

	for (size_t i = 0; i < countof(srcs); i++) {
		struct clone_case c = { .src_size = srcs[i] * half };

		for (size_t j = 0; j < countof(dsts); j++) {
			c.dst_size = dsts[j] * half;
			try_sources(run, c);
		}
		c.dst_size = c.src_size;
		c.same_file = true;
		try_sources(run, c);
	}
}

/* --- what is known before ---------------------------------------------- */

static void query(struct run *run, uint64_t align)
{
	int r = fs_query(run->files.src, &run->fs);

	if (r < 0) {
		errno = -r;
		die("fs_query");
	}
	printf("clone_align %" PRIu64 ", next %" PRIu64 ", max %" PRIu64
	       ", tail %d%s\n",
	       run->fs.clone_align, run->fs.clone_align_next, run->fs.clone_max,
	       (int)run->fs.clone_tail,
	       run->fs.size_dst_first ? ", size first" : "");
	if (align > 0 && run->fs.clone_align != align)
		die_plain("clone_align is not %" PRIu64, align);
	if (run->fs.clone_tail != TAIL_EXACT || run->fs.size_dst_first ||
	    run->fs.clone_max > 0)
		die_plain("that is not Linux");
}

int main(int argc, char **argv)
{
	static struct run run = { .files.stale = true };
	uint64_t align;

	if (argc != 3 || chdir(argv[1]) < 0)
		die_plain("usage: accepts DIR ALIGN");
	align = parse_bytes(argv[2], '\0');
	run.clones = align > 0;
	run.files.src = open_or_die("accepts.src", O_RDWR | O_CREAT | O_TRUNC);
	run.files.dst = open_or_die("accepts.dst", O_RDWR | O_CREAT | O_TRUNC);
	query(&run, align);
	if (!run.clones)
		run.fs.clone_align = 4096;

	run.room = BLOCKS_MAX * run.fs.clone_align;
	run.src_bytes = make_bytes(run.room, 1);
	run.dst_bytes = make_bytes(run.room, 2);
	run.model = make_bytes(run.room, 3);
	run.seen = make_bytes(run.room, 4);
	try_all(&run);
	printf("%" PRIu64 " cases, %" PRIu64 " taken, %" PRIu64
	       " planned, %" PRIu64 " wrong\n",
	       run.n, run.n_taken, run.n_planned, run.n_wrong);
	return run.n_wrong > 0;
}
