/* SPDX-License-Identifier: BSD-2-Clause */
#include "base.h"
#include "check.h"
#include "overwrite.h"

/*
 * The small world: a source name and a destination name, and two files and
 * links that they can stand for.
 */
enum {
	INO_A = 1,
	INO_B,
	INO_LINK,
	INO_OTHER_LINK,
	INO_DIR
};

static struct file_info info(uint64_t ino, enum file_type type)
{
	return (struct file_info){ .type = type, .dev = 1, .ino = ino };
}

/* What a name stands for: itself, and what it leads to. */
struct thing {
	struct file_info info;
	struct file_info target;
	bool leads;
};

static struct thing plain(uint64_t ino, enum file_type type)
{
	return (struct thing){ info(ino, type), info(ino, type), true };
}

static struct thing link_to(uint64_t ino, uint64_t target)
{
	return (struct thing){ info(ino, FILE_SYMLINK),
			       info(target, target == INO_DIR ? FILE_DIRECTORY
							      : FILE_REGULAR),
			       target != 0 };
}

/* The source: file A as such (or followed), or a link to it (-P). */
static size_t sources(struct thing v[static 3])
{
	v[0] = plain(INO_A, FILE_REGULAR);
	v[1] = link_to(INO_LINK, INO_A);
	v[2] = link_to(INO_LINK, 0);
	return 3;
}

static size_t destinations(struct thing v[static 8])
{
	v[0] = plain(INO_A, FILE_REGULAR);
	v[1] = plain(INO_B, FILE_REGULAR);
	v[2] = link_to(INO_OTHER_LINK, INO_A);
	v[3] = link_to(INO_OTHER_LINK, INO_B);
	v[4] = link_to(INO_OTHER_LINK, 0);
	v[5] = link_to(INO_LINK, INO_A);
	v[6] = plain(INO_DIR, FILE_DIRECTORY);
	v[7] = link_to(INO_OTHER_LINK, INO_DIR);
	return 8;
}

/* The N-th of all policies that matter; false past the last. */
static bool nth_policy(unsigned n, struct policy *ret)
{
	*ret = (struct policy){ .suffix = "~" };
	ret->make = (enum make)(n % 3);
	n /= 3;
	ret->update = (enum update_mode)(n % 4);
	n /= 4;
	ret->backup = n % 2 ? BACKUP_SIMPLE : BACKUP_NONE;
	n /= 2;
	ret->remove_destination = n % 2;
	n /= 2;
	ret->force = n % 2;
	n /= 2;
	ret->interactive = n % 2;
	n /= 2;
	return n == 0;
}

/*
 * Is the content of A, or the link that is copied, gone once VERDICT is
 * carried out?  Told from the world alone, not from the rules.
 */
static bool destroyed(const struct policy *p, const struct thing *src,
		      const struct thing *dst, const struct overwrite_case *c,
		      enum overwrite verdict)
{
	bool names_a = dst->info.ino == INO_A;
	bool leads_to_a = dst->leads && dst->target.ino == INO_A;

	if (verdict == OVERWRITE_IN_PLACE)
		return leads_to_a;
	if (verdict != OVERWRITE_REPLACE || p->backup != BACKUP_NONE)
		return false;
	/* A link takes the name of what it leads to. */
	if (src->info.type == FILE_SYMLINK && src->leads && names_a)
		return true;
	/* The name goes: is it the one, or may it be, that the source has? */
	if (p->make == MAKE_SYMBOLIC_LINK)
		return names_a && src->info.ino == INO_A &&
		       (c->same_name || c->by_link);
	return c->same_name && p->make != MAKE_COPY && !c->by_link;
}

/* Can there be such a case? */
static bool is_possible(const struct overwrite_case *c)
{
	/* Only a file is reached by a link; its name is then the link's. */
	if (c->by_link)
		return c->src->type == FILE_REGULAR &&
		       (!c->same_name ||
			(c->dst->type == FILE_SYMLINK && c->dst_target &&
			 c->dst_target->ino == c->src->ino));
	return !c->same_name || c->src->ino == c->dst->ino;
}

static void check_case(const struct policy *p, const struct thing *src,
		       const struct thing *dst, unsigned bits)
{
	struct overwrite_case c = {
		.src = &src->info,
		.src_target = src->leads ? &src->target : NULL,
		.dst = &dst->info,
		.dst_target = dst->leads ? &dst->target : NULL,
		.same_name = bits & 1,
		.just_created = bits & 2,
		.by_link = bits & 4,
	};
	enum fault_op why = FAULT_OP_MAX;
	enum overwrite v = overwrite_judge(p, &c, &why);
	bool replaced = v == OVERWRITE_IN_PLACE || v == OVERWRITE_REPLACE;

	if (!is_possible(&c))
		return;
	check(!destroyed(p, src, dst, &c, v));
	check((v == OVERWRITE_REFUSE) == (why != FAULT_OP_MAX));
	/* What a link is for does not go because the link was named. */
	if (replaced && c.by_link)
		check(dst->info.ino != INO_A);
	/* Nothing else is lost either. */
	if (replaced)
		check(p->update != UPDATE_NONE &&
		      p->update != UPDATE_NONE_FAIL);
	if (replaced && p->backup == BACKUP_NONE)
		check(!c.just_created);
	if (v == OVERWRITE_IN_PLACE)
		check(dst->leads && dst->target.type == FILE_REGULAR &&
		      !p->remove_destination && p->backup == BACKUP_NONE &&
		      p->make == MAKE_COPY);
	if (v == OVERWRITE_REPLACE)
		check(dst->info.type != FILE_DIRECTORY);
	if (v == OVERWRITE_LINKED)
		check(dst->info.ino == src->info.ino ||
		      dst->info.ino == src->target.ino);
	if (p->update == UPDATE_NONE)
		check(v == OVERWRITE_SKIP || why == FAULT_DANGLING_LINK ||
		      why == FAULT_THROUGH_CREATED);
}

static void loses_nothing(void)
{
	struct thing src[3];
	struct thing dst[8];
	size_t n_src = sources(src);
	size_t n_dst = destinations(dst);
	struct policy p;

	for (unsigned n = 0; nth_policy(n, &p); n++)
		for (size_t i = 0; i < n_src * n_dst; i++)
			for (unsigned bits = 0; bits < 8; bits++)
				check_case(&p, &src[i / n_dst], &dst[i % n_dst],
					   bits);
}

/* Single cases, as cp 9.10 has them; compare.rows has the table of all. */
static enum overwrite judge_one(const struct policy *p, struct thing src,
				struct thing dst, enum fault_op *why)
{
	struct overwrite_case c = {
		.src = &src.info,
		.src_target = src.leads ? &src.target : NULL,
		.dst = &dst.info,
		.dst_target = dst.leads ? &dst.target : NULL,
	};

	return overwrite_judge(p, &c, why);
}

static void as_cp(void)
{
	struct thing a = plain(INO_A, FILE_REGULAR);
	struct thing b = plain(INO_B, FILE_REGULAR);
	struct thing to_a = link_to(INO_OTHER_LINK, INO_A);
	struct thing to_nothing = link_to(INO_OTHER_LINK, 0);
	struct policy p = { .suffix = "~" };
	enum fault_op why;

	check(judge_one(&p, a, b, &why) == OVERWRITE_IN_PLACE);
	check(judge_one(&p, a, to_a, &why) == OVERWRITE_REFUSE &&
	      why == FAULT_SAME_FILE);
	check(judge_one(&p, a, to_nothing, &why) == OVERWRITE_REFUSE &&
	      why == FAULT_DANGLING_LINK);
	check(judge_one(&p, a, plain(INO_DIR, FILE_DIRECTORY), &why) ==
		      OVERWRITE_REFUSE &&
	      why == FAULT_OVERWRITE_DIRECTORY);
	check(judge_one(&p, link_to(INO_LINK, INO_A), b, &why) ==
	      OVERWRITE_REPLACE);

	p.remove_destination = true;
	check(judge_one(&p, a, a, &why) == OVERWRITE_REPLACE);
	check(judge_one(&p, a, to_a, &why) == OVERWRITE_REPLACE);
	check(judge_one(&p, a, to_nothing, &why) == OVERWRITE_REPLACE);

	p = (struct policy){ .suffix = "~", .make = MAKE_HARD_LINK };
	check(judge_one(&p, a, a, &why) == OVERWRITE_LINKED);
	check(judge_one(&p, link_to(INO_LINK, INO_A), a, &why) ==
	      OVERWRITE_LINKED);
	check(judge_one(&p, a, b, &why) == OVERWRITE_TAKEN);
	p.force = true;
	check(judge_one(&p, a, b, &why) == OVERWRITE_REPLACE);
}

/* By a link, which goes by the name of what it leads to, or by its own. */
static void follows_to_the_same_file(void)
{
	static const enum make makes[] = { MAKE_COPY, MAKE_SYMBOLIC_LINK };
	struct thing a = plain(INO_A, FILE_REGULAR);
	struct thing link = link_to(INO_LINK, INO_A);
	struct thing other = link_to(INO_OTHER_LINK, INO_A);

	for (size_t i = 0; i < countof(makes); i++)
		for (unsigned bits = 1; bits < 8; bits++) {
			const struct policy p = {
				.suffix = "~",
				.make = makes[i],
				.force = bits & 1,
				.remove_destination = bits & 2,
				.backup =
					bits & 4 ? BACKUP_SIMPLE : BACKUP_NONE,
			};
			bool asked = p.remove_destination || bits & 4;
			struct overwrite_case c = { .src = &a.info,
						    .src_target = &a.target,
						    .dst = &a.info,
						    .dst_target = &a.target,
						    .by_link = true };
			enum fault_op why = FAULT_OP_MAX;

			/* cp LINK FILE */
			check(overwrite_judge(&p, &c, &why) ==
				      OVERWRITE_REFUSE &&
			      why == FAULT_SAME_FILE);
			/* cp FILE NAME-OF-FILE */
			c.by_link = false;
			check((overwrite_judge(&p, &c, &why) ==
			       OVERWRITE_REPLACE) == asked);
			if (p.make != MAKE_COPY)
				continue;
			/* cp LINK LINK */
			c.by_link = true;
			c.same_name = true;
			c.dst = &link.info;
			check(overwrite_judge(&p, &c, &why) ==
			      OVERWRITE_REFUSE);
			/* cp LINK OTHER-LINK */
			c.same_name = false;
			c.dst = &other.info;
			check((overwrite_judge(&p, &c, &why) ==
			       OVERWRITE_REPLACE) == asked);
		}
}

/* Two names of one symbolic link, and a backup in which it would be no other. */
static void copies_no_link_onto_itself(void)
{
	struct thing link = link_to(INO_LINK, INO_A);
	struct policy p = { .suffix = "~", .deref = DEREF_NEVER };
	enum fault_op why;

	for (unsigned i = 0; i < 4; i++) {
		p.force = i & 1;
		p.remove_destination = i & 2;
		check(judge_one(&p, link, link, &why) == OVERWRITE_LINKED);
	}
	p.backup = BACKUP_SIMPLE;
	check(judge_one(&p, link, link, &why) == OVERWRITE_REPLACE);
}

/* In a tree what is no file with content is made anew, not written to. */
static void trees_make_special_files_anew(void)
{
	static const enum file_type types[] = {
		FILE_FIFO,
		FILE_SOCKET,
		FILE_CHAR_DEVICE,
		FILE_BLOCK_DEVICE,
	};
	struct thing file = plain(INO_A, FILE_REGULAR);
	struct thing b = plain(INO_B, FILE_REGULAR);
	struct thing directory = plain(INO_DIR, FILE_DIRECTORY);
	struct thing to_nothing = link_to(INO_OTHER_LINK, 0);
	enum fault_op why;

	for (size_t i = 0; i < countof(types); i++) {
		struct thing a = plain(INO_A, types[i]);
		struct policy p = { .suffix = "~" };

		check(judge_one(&p, a, b, &why) == OVERWRITE_IN_PLACE);
		p.recursive = true;
		p.deref = DEREF_ALWAYS;
		check(judge_one(&p, a, b, &why) == OVERWRITE_TAKEN);
		p.deref = DEREF_NEVER;
		check(judge_one(&p, a, b, &why) == OVERWRITE_REPLACE);
		check(judge_one(&p, a, to_nothing, &why) == OVERWRITE_REPLACE);
		check(judge_one(&p, a, a, &why) == OVERWRITE_REFUSE &&
		      why == FAULT_SAME_FILE);
		check(judge_one(&p, a, directory, &why) == OVERWRITE_REFUSE &&
		      why == FAULT_OVERWRITE_DIRECTORY);
		check(judge_one(&p, file, b, &why) == OVERWRITE_IN_PLACE);
		p.make = MAKE_HARD_LINK;
		check(judge_one(&p, plain(INO_OTHER_LINK, types[i]), b, &why) ==
		      OVERWRITE_REPLACE);
		p.make = MAKE_COPY;
		p.attributes_only = true;
		check(judge_one(&p, a, b, &why) == OVERWRITE_TAKEN);
		p.attributes_only = false;
		p.update = UPDATE_NONE;
		check(judge_one(&p, a, b, &why) == OVERWRITE_SKIP);

		/* Their content is copied: as into any file. */
		p = (struct policy){ .suffix = "~",
				     .recursive = true,
				     .copy_contents = true };
		check(judge_one(&p, a, b, &why) == OVERWRITE_IN_PLACE);
		check(judge_one(&p, a, to_nothing, &why) == OVERWRITE_REFUSE &&
		      why == FAULT_DANGLING_LINK);
	}
}

/* A link that this run has made leads nowhere that was asked for. */
static void writes_through_no_new_link(void)
{
	struct thing a = plain(INO_A, FILE_REGULAR);
	struct thing links[] = { link_to(INO_OTHER_LINK, INO_B),
				 link_to(INO_OTHER_LINK, 0) };
	const struct policy p = { .suffix = "~" };

	for (size_t i = 0; i < countof(links); i++) {
		struct overwrite_case c = {
			.src = &a.info,
			.src_target = &a.target,
			.dst = &links[i].info,
			.dst_target = links[i].leads ? &links[i].target : NULL,
			.just_created = true,
		};
		enum fault_op why = FAULT_OP_MAX;

		check(overwrite_judge(&p, &c, &why) == OVERWRITE_REFUSE &&
		      why == FAULT_THROUGH_CREATED);
	}
}

static void updates_what_is_older(void)
{
	struct thing a = plain(INO_A, FILE_REGULAR);
	struct thing b = plain(INO_B, FILE_REGULAR);
	const struct policy p = { .suffix = "~", .update = UPDATE_OLDER };
	enum fault_op why;

	a.info.mtime = a.target.mtime = (struct timestamp){ 10, 5 };
	b.info.ctime = b.target.ctime = (struct timestamp){ 12, 3 };
	b.info.mtime = b.target.mtime = (struct timestamp){ 10, 4 };
	check(judge_one(&p, a, b, &why) == OVERWRITE_IN_PLACE);
	b.info.mtime = b.target.mtime = (struct timestamp){ 10, 5 };
	check(judge_one(&p, a, b, &why) == OVERWRITE_SKIP);
	b.info.mtime = b.target.mtime = (struct timestamp){ 11, 0 };
	check(judge_one(&p, a, b, &why) == OVERWRITE_SKIP);
	/* A whole second is no reason to think it was cut, if it need not be. */
	b.info.mtime = b.target.mtime = (struct timestamp){ 10, 0 };
	check(judge_one(&p, a, b, &why) == OVERWRITE_IN_PLACE);
}

/* The I-th of some times, in nanoseconds, that are near each other. */
#define N_TIMES 240u
static uint64_t nth_time(unsigned i)
{
	static const uint64_t more[] = { 0, 1, 99, 100, 999999, 1000000 };

	return 9 * SECOND + i / 6 * (SECOND / 10) + more[i % 6];
}

static struct timestamp stamp(uint64_t t)
{
	return (struct timestamp){ (int64_t)(t / SECOND),
				   (uint32_t)(t % SECOND) };
}

static void check_step(uint64_t step, uint64_t src, uint64_t dst)
{
	const struct policy p = { .suffix = "~", .update = UPDATE_OLDER };
	struct thing a = plain(INO_A, FILE_REGULAR);
	struct thing b = plain(INO_B, FILE_REGULAR);
	struct overwrite_case c = { .src = &a.info,
				    .src_target = &a.info,
				    .dst = &b.info,
				    .dst_target = &b.info };
	enum fault_op why;
	bool skipped;

	a.info.mtime = stamp(src);
	b.info.mtime = stamp(dst);
	b.info.atime = b.info.mtime;
	/* When it was changed doesn't fit to any coarser step, but to FAT's. */
	b.info.ctime = stamp(step < SECOND ? 20 * SECOND + step : 20 * SECOND);
	if (overwrite_asks_step(&p, &c))
		c.time_step = step;
	skipped = overwrite_judge(&p, &c, &why) == OVERWRITE_SKIP;
	check(skipped == (src - src % step <= dst));
	/* What follows from that: */
	if (dst + step <= src)
		check(!skipped);
	if (dst >= src)
		check(skipped);
}

/*
 * Each step that file systems have, and times near each other: what is a copy
 * is not copied again, and what is older by a step or more is.
 */
static void updates_by_what_can_be_stored(void)
{
	static const uint64_t steps[] = {
		2 * SECOND, SECOND, SECOND / 100, SECOND / 1000, 100, 1,
	};

	for (size_t n = 0; n < countof(steps); n++)
		for (unsigned i = 0; i < N_TIMES * N_TIMES; i++) {
			uint64_t dst = nth_time(i % N_TIMES);

			check_step(steps[n], nth_time(i / N_TIMES),
				   dst - dst % steps[n]);
		}
}

/* Whatever is kept beside, and however many names the destination has. */
static void attributes_alone_leave_data(void)
{
	struct thing a = plain(INO_A, FILE_REGULAR);
	struct thing b = plain(INO_B, FILE_REGULAR);
	struct thing links[] = { plain(INO_B, FILE_REGULAR),
				 link_to(INO_OTHER_LINK, INO_B) };
	struct policy p = { .suffix = "~", .attributes_only = true };
	enum fault_op why;

	for (unsigned preserve = 0; preserve <= PRESERVE_ALL; preserve++)
		for (uint64_t n = 1; n <= 3; n++) {
			p.preserve = preserve;
			p.deref = n % 2 ? DEREF_NEVER : DEREF_DEFAULT;
			p.recursive = n % 2;
			p.force = preserve % 2;
			a.info.nlink = a.target.nlink = n;
			for (size_t i = 0; i < countof(links); i++) {
				b = links[i];
				b.info.nlink = b.target.nlink = n;
				check(judge_one(&p, a, b, &why) ==
				      OVERWRITE_IN_PLACE);
			}
		}
}

int main(void)
{
	test(loses_nothing);
	test(attributes_alone_leave_data);
	test(as_cp);
	test(follows_to_the_same_file);
	test(copies_no_link_onto_itself);
	test(trees_make_special_files_anew);
	test(writes_through_no_new_link);
	test(updates_what_is_older);
	test(updates_by_what_can_be_stored);
	return tests_end();
}
