/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stack of levels, one for each directory on the way down.  Only the deepest
 * few have open descriptors.  On the way up ".." is opened, and must be the
 * same directory as before.
 *
 * A walker is a thread that traverses the tree.  If it meets a directory and
 * another walker is free, it passes the directory on.  So the levels form a
 * tree: each walker has a path in it, and the levels above its base belong to
 * other walkers.  The walker that does the last work in a directory finishes
 * it.
 */
#include "tree.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base.h"
#include "copy.h"
#include "crew.h"
#include "interrupt.h"
#include "itself.h"
#include "level.h"
#include "pathname.h"
#include "stat.h"
#include "workers.h"

/* With this many remaining entries, a directory is worth another thread. */
#define WORTH_SHARING 64

/* One operand, which all walkers share. */
struct tree {
	struct run *run;
	const struct entry *top; /* the operand */
	uint64_t dev;		 /* file_info.dev of it */
	struct crew *crew;
	struct workers workers;
	struct lock lock;
	/* Guarded by lock: */
	struct file_info made; /* the first directory that was made */
	bool has_made;
};

/* The state of one walker. */
struct walker {
	struct tree *tree;
	struct run *run; /* tree's */
	struct path src; /* for messages */
	struct path dst;
	uint64_t number;       /* job.number of what they name */
	struct level *deepest; /* NULL: nothing is left to do */
	struct level *base;    /* the topmost level that is its own */
};

static void walker_release(struct walker *w)
{
	path_release(&w->src);
	path_release(&w->dst);
}

static struct job job_here(const struct walker *w)
{
	return (struct job){ .number = w->number,
			     .src = w->src.text,
			     .dst = w->dst.text };
}

static int fail(const struct walker *w, enum fault_op op, enum fault_obj obj,
		int r)
{
	const struct job job = job_here(w);

	return run_fault(w->run, &job, op, obj, r);
}

/* The file MARK, made in the copy above, could not be removed. */
static void tell_mark(const struct walker *w, const struct itself_mark *mark)
{
	_cleanup_(path_release) struct path path = PATH_EMPTY;
	struct job job = job_here(w);

	if (path_add(&path, job.dst) == 0) {
		path_cut(&path, path.len - mark->up);
		if (path_add(&path, mark->name) == 0)
			job.dst = path.text;
	}
	(void)run_fault(w->run, &job, FAULT_REMOVE, FAULT_DST, mark->err);
}

/* Does the copy show in what is copied, so that there is no end? */
static bool has_no_end(const struct walker *w, const struct source *src)
{
	const char *way = w->src.text + strlen(w->tree->top->job.src);
	struct itself_mark mark;
	bool r;

	/* Without new directories, it ends. */
	if (w->run->policy->no_create)
		return false;
	r = itself_has_no_end(w->deepest, pathname_relative(way), src->fd,
			      &mark);
	if (mark.err < 0)
		tell_mark(w, &mark);
	return r;
}

/* Does SRC receive the copies, so that copying it would never end? */
static bool is_destination(const struct walker *w, const struct source *src)
{
	struct tree *tree = w->tree;
	bool is_made;

	if (!w->deepest)
		return false;
	lock_take(&tree->lock);
	is_made = tree->has_made && file_info_same(&tree->made, &src->info);
	lock_give(&tree->lock);
	return is_made || itself_is_filled(w->deepest, &src->info) ||
	       has_no_end(w, src);
}

static void tell_into_itself(const struct walker *w)
{
	struct job job = w->tree->top->job;

	job.number = w->number;
	(void)run_fault(w->run, &job, FAULT_INTO_ITSELF, FAULT_SRC, -EINVAL);
}

/* -x: is INFO a directory on another file system, which stays empty? */
static bool is_elsewhere(const struct walker *w, const struct file_info *info)
{
	return w->run->policy->one_file_system && w->tree->dev != info->dev;
}

/* Is entering the directory refused?  Then this was reported. */
static bool is_refused(const struct walker *w, const struct source *src)
{
	if (itself_is_above(w->deepest, &src->info)) {
		(void)fail(w, FAULT_CYCLE, FAULT_SRC, -ELOOP);
		return true;
	}
	if (!is_elsewhere(w, &src->info) && is_destination(w, src)) {
		tell_into_itself(w);
		return true;
	}
	return false;
}

/* Report that a directory was made, and remember the first one. */
static void note_made(const struct walker *w, const struct level *level)
{
	const struct outcome out = { .what = OUTCOME_DIRECTORY };
	const struct job job = job_here(w);
	struct tree *tree = w->tree;

	if (!level->is_new)
		return;
	run_made(w->run, &job, &out);
	lock_take(&tree->lock);
	if (!tree->has_made) {
		tree->made = level->dst_info;
		tree->has_made = true;
	}
	lock_give(&tree->lock);
}

/*
 * Read LEVEL's first entries, if its content is to be copied.  Returns 0 or
 * -errno.
 */
static int list(const struct walker *w, struct level *level)
{
	if (is_elsewhere(w, &level->src.info))
		return 0;
	if (level->src.read_err < 0)
		return level->src.read_err;
	return level_read(level, LEVEL_BATCH);
}

/*
 * In a destination that existed, any two entries may be one name, or the source
 * may be inside: all entries of LEVEL must be known before the first is copied.
 * In a new one, nothing is made that shows in the source.
 */
static int list_rest(struct level *level)
{
	return level->has_more && !level->is_new ? level_read(level, LEVEL_ALL)
						 : 0;
}

static void tell_unlisted(const struct walker *w, int r)
{
	if (r < 0)
		(void)fail(w, FAULT_ACCESS, FAULT_SRC, r);
}

/* List LEVEL, which is open, and tell what can't be read. */
static void list_open(const struct walker *w, struct level *level)
{
	int r = list(w, level);

	tell_unlisted(w, r < 0 ? r : list_rest(level));
}

/* Does LEVEL, which is not read to its end, stay open, to be read on later? */
static bool stays_open(const struct walker *w, const struct level *level)
{
	unsigned n = 0;

	if (!level->has_more)
		return false;
	for (const struct level *l = level; l != w->base; l = l->up)
		n += l->up->dst != FD_NONE;
	return n < w->tree->workers.spare_levels;
}

/* Close the level that is too far above the deepest one. */
static void close_far(const struct walker *w)
{
	struct level *far = w->deepest;
	struct level *below = NULL;

	for (unsigned i = 0; i < w->tree->workers.open_levels; i++) {
		if (!far || far == w->base)
			return;
		below = far;
		far = far->up;
	}
	if (far && far->dst != FD_NONE && !stays_open(w, far) &&
	    level_leads_up(below, &w->src, &w->dst))
		level_close(far);
}

/*
 * A level for the directory SRC, which it takes over; NULL after a reported
 * fault.
 */
static struct level *new_level(const struct walker *w, struct source *src)
{
	struct level *level;

	if (is_refused(w, src))
		return NULL;
	if (w->deepest)
		level_note_birth(w->deepest);
	level = level_new(w->deepest, src);
	if (!level) {
		(void)fail(w, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
		return NULL;
	}
	level->number = w->number;
	level->src_len = w->src.len;
	level->dst_len = w->dst.len;
	return level;
}

/*
 * Open LEVEL with the destination NAME in DIR.  Returns false, with LEVEL
 * freed, after a reported fault.
 */
static bool open_level(const struct walker *w, struct level *level, fd_t dir,
		       const char *name)
{
	const struct job job = job_here(w);
	const struct label_job at = { .job = &job,
				      .src = level->src.fd,
				      .dir = dir,
				      .name = name,
				      .type = FILE_DIRECTORY };
	struct fault fault;

	if (level_open(w->run, level, &at, &fault) == 0)
		return true;
	run_fail(w->run, &job, &fault, NULL);
	level_free(level);
	return false;
}

/* Count LEVEL among the unfinished levels below its parent. */
static void note_below(struct tree *tree, struct level *level)
{
	lock_take(&tree->lock);
	level->up->n_below++;
	lock_give(&tree->lock);
}

/*
 * Pass LEVEL to another walker, if one is free and there is other work left
 * here.
 */
static bool give_away(const struct walker *w, struct level *level)
{
	struct crew *crew = w->tree->crew;

	if (!level->up || !(level->up->list.left > 0 || level->up->has_more) ||
	    !crew_reserve(crew))
		return false;
	if (!level_leads_up(level, &w->src, &w->dst) ||
	    level_give_paths(level, &w->src, &w->dst) < 0) {
		crew_unreserve(crew);
		return false;
	}
	crew_give(crew, &level->job);
	return true;
}

/* Pass half of the remaining entries to another walker, if they are many. */
static void share(const struct walker *w)
{
	struct level *here = w->deepest;
	struct crew *crew = w->tree->crew;
	struct level *part;

	/* Names that may collide must be copied in order, by one thread. */
	if (!w->tree->workers.share_directory || here->twins.found ||
	    here->list.left < WORTH_SHARING || !crew_reserve(crew))
		return;
	part = level_split(here, &w->src, &w->dst);
	if (!part) {
		crew_unreserve(crew);
		return;
	}
	note_below(w->tree, part);
	crew_give(crew, &part->job);
}

static void note_twins(const struct walker *w, struct level *level)
{
	if (level_note_twins(level) < 0)
		(void)fail(w, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
}

/* Go down to LEVEL, which is open and listed: its entries are next. */
static void go_down(struct walker *w, struct level *level)
{
	note_twins(w, level);
	w->deepest = level;
	if (!w->base)
		w->base = level;
	close_far(w);
}

/*
 * Go down into the directory ENTRY; its source is taken over.  finish() reports
 * its end.
 */
static void enter(struct walker *w, struct entry *entry)
{
	struct level *level = new_level(w, entry->src);

	if (!level || !open_level(w, level, entry->dir, entry->name))
		return;
	entry->is_ended = true;
	note_made(w, level);
	note_below(w->tree, level);
	if (give_away(w, level))
		return;
	list_open(w, level);
	go_down(w, level);
}

/*
 * list() for the operand, whose copy is made in DIR: if it may show in the
 * operand, under any name, all is read before.  --parents may have made
 * something in it meanwhile; on Btrfs only a descriptor opened after that shows
 * it.
 */
static int list_top(const struct walker *w, struct level *level, fd_t dir)
{
	fd_t again;
	int r;

	if (w->run->policy->parents && level->src.read_err == 0 &&
	    fd_open_at(level->src.fd, ".", FD_READ | FD_DIRECTORY, &again) ==
		    0) {
		fd_closep(&level->src.fd);
		level->src.fd = again;
	}
	r = list(w, level);
	if (level->has_more && itself_may_show(level, dir))
		r = level_read(level, LEVEL_ALL);
	return r;
}

/*
 * Was the directory made for an earlier operand, under another name that is the
 * same name there?  Then this was reported.  With an identical name, the copy
 * continues in it, as in cp.
 */
static bool is_taken_top(const struct walker *w, const struct level *level,
			 const char *name)
{
	struct inotab *created = &w->run->created;
	const struct inotab_key key = { level->dst_info.dev,
					level->dst_info.ino, "" };
	const struct inotab_value *before;

	if (!w->run->several)
		return false;
	before = level->is_new ? NULL : inotab_get(created, key);
	if (before && strcmp(before->text, name) != 0 &&
	    strcasecmp(before->text, name) == 0) {
		(void)fail(w, FAULT_JUST_CREATED, FAULT_DST, -EEXIST);
		return true;
	}
	if (level->is_new &&
	    inotab_put(created, key, (struct inotab_value){ .text = name }) < 0)
		(void)fail(w, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
	return false;
}

/* enter() for the operand.  It is listed before its copy is made. */
static void enter_top(struct walker *w, struct entry *entry)
{
	struct level *level = new_level(w, entry->src);
	int r;

	if (!level)
		return;
	r = list_top(w, level, entry->dir);
	if (!open_level(w, level, entry->dir, entry->name))
		return;
	if (is_taken_top(w, level, entry->name)) {
		level_free(level);
		return;
	}
	entry->is_ended = true;
	note_made(w, level);
	level->src_len = pathname_stem(w->src.text);
	level->dst_len = pathname_stem(w->dst.text);
	tell_unlisted(w, r < 0 ? r : list_rest(level));
	if (itself_is_inside(level, entry->name))
		tell_into_itself(w);
	go_down(w, level);
}

/* Finish LEVEL, after everything in it is done. */
static void finish(const struct walker *w, struct level *level)
{
	const struct attrs_dst dst = level_dst(level);
	const struct job job = job_here(w);
	struct outcome out = { .what = OUTCOME_FAILED };

	if (level->is_part)
		return;
	/*
	 * Without a descriptor, it could not be reopened, which was reported.
	 */
	if (level->dst != FD_NONE && !interrupted()) {
		attrs_set_late(w->run, &job, level->dst,
			       attrs_apply(w->run, &job, &level->src, &dst));
		out.what = level->is_new ? OUTCOME_DIRECTORY : OUTCOME_EXISTING;
	}
	run_end(w->run, &job, &out);
}

/*
 * Go up to UP, which the caller has opened, or could not open because of WHY.
 */
static void go_up(struct walker *w, struct level *up, struct level_ends *ends,
		  const struct fault *why)
{
	struct job job;

	w->deepest = up;
	if (up->dst == FD_NONE) {
		up->src.fd = TAKE(ends->src, FD_NONE);
		up->dst = TAKE(ends->dst, FD_NONE);
	}
	if (up->dst != FD_NONE)
		return;

	/* Its remaining entries can't be reached. */
	path_cut(&w->src, up->src_len);
	path_cut(&w->dst, up->dst_len);
	w->number = up->number;
	job = job_here(w);
	run_fail(w->run, &job, why, NULL);
	level_drop_entries(up);
}

/*
 * Nothing is left to copy in LEVEL.  If levels below it are unfinished, close
 * it; the walker that finishes the last of them finishes it.  Returns whether
 * the caller must finish it now.
 */
static bool is_done(struct tree *tree, struct level *level)
{
	bool done;

	lock_take(&tree->lock);
	done = level->n_below == 0;
	if (!done)
		level_close(level);
	level->is_walked = true;
	lock_give(&tree->lock);
	return done;
}

/* A directory in UP is finished.  Returns whether the caller must finish UP. */
static bool is_last_in(struct tree *tree, struct level *up)
{
	bool last;

	lock_take(&tree->lock);
	up->n_below--;
	last = up->is_walked && up->n_below == 0;
	lock_give(&tree->lock);
	return last;
}

/*
 * The deepest directory has nothing left to copy.  Open its parent first: once
 * the directory has its attributes, ".." may be forbidden.
 */
static void leave(struct walker *w)
{
	_cleanup_(level_ends_release) struct level_ends above = LEVEL_ENDS_NONE;
	struct level *level = w->deepest;
	struct level *up = level->up;
	bool is_base = level == w->base || !up;
	struct fault fault = { .err = 0 };
	bool done;
	bool last;

	/* For other walkers' levels it is unknown whether they are open. */
	if (up && (is_base || up->dst == FD_NONE))
		(void)level_open_above(level, &w->src, &w->dst, &above, &fault);
	w->deepest = NULL;
	if (is_base)
		w->base = NULL;
	done = is_done(w->tree, level);
	if (done)
		finish(w, level);
	/* In another walker's level, only the last one has work left. */
	last = done && up && is_last_in(w->tree, up);
	if (is_base && last)
		w->base = up;
	if (!is_base || last)
		go_up(w, up, &above, &fault);
	if (done)
		level_free(level);
}

static void copy_entry(struct walker *w, const struct dir_entry *entry)
{
	const struct level *here = w->deepest;
	_cleanup_(source_release) struct source src = SOURCE_EMPTY;
	_cleanup_(entry_release) struct entry one = {
		.job = job_here(w),
		.dir = here->dst,
		.name = entry->name,
		.src = &src,
		.below = true,
		.fresh = here->is_new,
		.acl_free = here->acl_free,
		.flag_free = here->flag_free,
		.dev = here->dst_info.dev,
	};
	const struct source_name name = {
		.dir = here->src.fd,
		.name = entry->name,
		.follow = source_follows(w->run->policy, false),
		.type = entry->type,
	};
	struct fault fault;
	int r;

	run_begin(w->run, &one.job);
	w->number = one.job.number;
	r = level_is_taken(here, entry)
		    ? fault_set(&fault, FAULT_JUST_CREATED, FAULT_DST, -EEXIST)
		    : source_open(&name, w->run->policy, &src, &fault);
	if (r == 0 && src.info.type == FILE_DIRECTORY)
		enter(w, &one);
	else if (r == 0)
		r = copy_one(w->run, &one, &fault);
	if (r < 0)
		run_fail(w->run, &one.job, &fault, NULL);
	entry_end(w->run, &one);
}

/* One more step of the walk. */
static void step(struct walker *w)
{
	struct level *here = w->deepest;
	struct dir_entry entry;
	int r;

	path_cut(&w->src, here->src_len);
	path_cut(&w->dst, here->dst_len);
	w->number = here->number;
	/* Start nothing new. */
	if (interrupted())
		level_drop_entries(here);
	share(w);
	r = level_next(here, &entry);
	tell_unlisted(w, r);
	if (r <= 0) {
		leave(w);
		return;
	}
	if (path_add(&w->src, entry.name) < 0 ||
	    path_add(&w->dst, entry.name) < 0)
		(void)fail(w, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
	else
		copy_entry(w, &entry);
}

static void walk(struct walker *w)
{
	while (w->deepest)
		step(w);
}

/* Work on a directory, or a part of one, that was passed to this thread. */
static void take_over(void *ctx, struct crew_job *job)
{
	struct tree *tree = ctx;
	struct level *level = (void *)job; /* its first member */
	_cleanup_(walker_release) struct walker w = {
		.tree = tree,
		.run = tree->run,
		.src = TAKE(level->given_src, PATH_EMPTY),
		.dst = TAKE(level->given_dst, PATH_EMPTY),
		.number = level->number,
		.deepest = level,
		.base = level,
	};

	if (!level->is_part) {
		list_open(&w, level);
		note_twins(&w, level);
	}
	walk(&w);
}

/* For the crew: set up what is needed only with threads. */
static unsigned begin_threads(void *ctx)
{
	struct run *run = ((struct tree *)ctx)->run;
	unsigned n = run->policy->jobs > 0 ? run->policy->jobs : thread_quota();

	if (n > 1)
		run_threads(run);
	return n;
}

void tree_copy(struct run *run, struct entry *entry)
{
	const struct policy *policy = run->policy;
	struct tree tree = {
		.run = run,
		.top = entry,
		.dev = entry->src->info.dev,
		.workers = workers_plan(
			policy, policy->jobs > 0 ? 1 : thread_processors(),
			fd_room()),
		.lock = LOCK_INIT,
	};
	struct crew crew = CREW_OF(take_over, &tree, tree.workers.threads);
	_cleanup_(walker_release) struct walker w = {
		.tree = &tree,
		.run = run,
		.src = PATH_EMPTY,
		.dst = PATH_EMPTY,
		.number = entry->job.number,
	};

	crew.begin = begin_threads;
	tree.crew = &crew;
	if (path_add(&w.src, entry->job.src) < 0 ||
	    path_add(&w.dst, entry->job.dst) < 0) {
		(void)run_fault(run, &entry->job, FAULT_MEMORY, FAULT_SRC,
				-ENOMEM);
		return;
	}
	enter_top(&w, entry);
	walk(&w);
	crew_finish(&crew);
}
