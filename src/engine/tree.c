/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stack of pairs of directories, one for each step down.  Only the deepest few
 * have open descriptors.  On the way up ".." is opened, and must be the same
 * directory as before.
 *
 * A walker is a thread that traverses the tree.  If it meets a directory and
 * another walker is free, it passes the directory on.  So the pairs form a
 * tree: each walker has a path in it, and the pairs above its base belong to
 * other walkers.  The walker that does the last work in a directory finishes
 * it.
 */
#include "tree.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base.h"
#include "copy.h"
#include "dirpair.h"
#include "interrupt.h"
#include "itself.h"
#include "pathname.h"
#include "pool.h"
#include "stat.h"
#include "workers.h"

/* With this many remaining entries, a directory is worth another thread. */
#define WORTH_SHARING 64

/* One operand, which all walkers share. */
struct tree {
	struct run *run;
	const struct entry *top; /* the operand */
	uint64_t dev;		 /* file_info.dev of it */
	struct pool *pool;
	struct workers workers;
	/* In a dry run: the directory in which the copy would appear. */
	struct file_info place;
	struct lock lock;
	/* Guarded by lock: */
	struct file_info made; /* the first directory that was made */
	bool has_made;
};

/* The state of one walker. */
struct walker {
	struct tree *tree;
	struct run *run;	  /* tree's */
	struct path paths[SIDES]; /* for messages */
	struct dirpair *deepest;  /* NULL: nothing is left to do */
	uint64_t number;	  /* job.number of what they name */
	struct dirpair *base;	  /* the topmost pair that is its own */
};

static void walker_release(struct walker *w)
{
	for (enum side i = 0; i < SIDES; i++)
		path_release(&w->paths[i]);
}

/* Make the paths those of NAME in the directory they are of. */
static int add_to_paths(struct walker *w, const char *name)
{
	int r = 0;

	for (enum side i = 0; i < SIDES && r == 0; i++)
		r = path_add(&w->paths[i], name);
	return r;
}

/* Make paths and number those of PAIR, which the paths lead through. */
static void name_pair(struct walker *w, const struct dirpair *pair)
{
	w->number = pair->number;
	for (enum side i = 0; i < SIDES; i++)
		path_cut(&w->paths[i], pair->sides[i].len);
}

static struct job job_here(const struct walker *w)
{
	return (struct job){ .number = w->number,
			     .src = w->paths[SIDE_SRC].text,
			     .dst = w->paths[SIDE_DST].text };
}

static void fail(const struct walker *w, enum fault_op op, enum fault_obj obj,
		 int r)
{
	const struct job job = job_here(w);

	(void)run_fault(w->run, &job, op, obj, r);
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
	const char *way =
		w->paths[SIDE_SRC].text + strlen(w->tree->top->job.src);
	struct itself_mark mark;
	bool r;

	/* Without new directories, it ends. */
	if (w->run->policy->no_create || w->run->policy->dry_run)
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
	return is_made || itself_is_among(w->deepest, SIDE_DST, &src->info) ||
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
	if (itself_is_among(w->deepest, SIDE_SRC, &src->info)) {
		fail(w, FAULT_CYCLE, FAULT_SRC, -ELOOP);
		return true;
	}
	if (!is_elsewhere(w, &src->info) && is_destination(w, src)) {
		tell_into_itself(w);
		return true;
	}
	return false;
}

/* Report that a directory was made, and remember the first one. */
static void note_made(const struct walker *w, const struct dirpair *pair)
{
	const struct outcome out = { .what = OUTCOME_DIRECTORY,
				     .type = FILE_DIRECTORY };
	const struct job job = job_here(w);
	struct tree *tree = w->tree;

	if (!pair->is_new)
		return;
	run_made(w->run, &job, &out);
	lock_take(&tree->lock);
	if (!tree->has_made) {
		tree->made = pair->sides[SIDE_DST].info;
		tree->has_made = true;
	}
	lock_give(&tree->lock);
}

/* Read PAIR's first entries, if they are copied.  Returns 0 or -errno. */
static int list(const struct walker *w, struct dirpair *pair)
{
	if (is_elsewhere(w, &pair->sides[SIDE_SRC].info))
		return 0;
	if (pair->read_err < 0)
		return pair->read_err;
	return dirpair_read(pair, DIRPAIR_BATCH);
}

/*
 * In a destination that existed, any two entries may be one name, or the source
 * may be inside: all entries of PAIR must be known before the first is copied.
 * In a new one, nothing is made that shows in the source.
 */
static int list_rest(struct dirpair *pair)
{
	return pair->has_more && !pair->is_new ? dirpair_read(pair, DIRPAIR_ALL)
					       : 0;
}

static void tell_unlisted(const struct walker *w, const struct dirpair *pair,
			  int r)
{
	const struct job job = job_here(w);
	struct fault fault;

	if (r == 0)
		return;
	(void)fault_set_in(&fault,
			   pair->read_err < 0 ? CALL_OPENAT : CALL_GETDENTS,
			   FAULT_ACCESS, FAULT_SRC, r);
	run_fail(w->run, &job, &fault, NULL);
}

/* List PAIR, which is open, and tell what can't be read. */
static void list_open(const struct walker *w, struct dirpair *pair)
{
	int r = list(w, pair);

	tell_unlisted(w, pair, r < 0 ? r : list_rest(pair));
}

/* Does PAIR, which is not read to its end, stay open, to be read on later? */
static bool stays_open(const struct walker *w, const struct dirpair *pair)
{
	unsigned n = 0;

	if (!pair->has_more)
		return false;
	for (const struct dirpair *l = pair; l != w->base; l = l->up)
		n += dirpair_is_open(l->up);
	return n < w->tree->workers.spare_pairs;
}

/* Close the pair that is too far above the deepest one. */
static void close_far(const struct walker *w)
{
	struct dirpair *far = w->deepest;
	struct dirpair *below = NULL;

	for (unsigned i = 0; i < w->tree->workers.open_pairs; i++) {
		if (!far || far == w->base)
			return;
		below = far;
		far = far->up;
	}
	if (far && dirpair_is_open(far) && !stays_open(w, far) &&
	    dirpair_leads_up(below, w->paths))
		dirpair_close(far);
}

/* A pair for the directory SRC, taken over; NULL after a reported fault. */
static struct dirpair *new_pair(const struct walker *w, struct source *src)
{
	struct dirpair *pair;

	if (is_refused(w, src))
		return NULL;
	if (w->deepest)
		dirpair_note_birth(w->deepest);
	pair = dirpair_new(w->deepest, src);
	if (!pair) {
		fail(w, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
		return NULL;
	}
	pair->number = w->number;
	pair->sides[SIDE_SRC].len = w->paths[SIDE_SRC].len;
	pair->sides[SIDE_DST].len = w->paths[SIDE_DST].len;
	return pair;
}

/*
 * Open PAIR with the destination of ENTRY.  Returns false, with PAIR
 * freed, after a reported fault.
 */
static bool open_pair(const struct walker *w, struct dirpair *pair,
		      const struct entry *entry)
{
	const struct job job = job_here(w);
	const struct label_job at = { .job = &job,
				      .src = pair->sides[SIDE_SRC].fd,
				      .dir = entry->dir,
				      .name = entry->name,
				      .type = FILE_DIRECTORY };
	struct fault fault;

	pair->sides[SIDE_DST].info.dev = entry->dev;
	if (dirpair_open(w->run, pair, &at, &fault) == 0)
		return true;
	run_fail(w->run, &job, &fault, NULL);
	dirpair_free(pair);
	return false;
}

/* Count PAIR among the unfinished pairs below its parent. */
static void note_below(struct tree *tree, struct dirpair *pair)
{
	lock_take(&tree->lock);
	pair->up->n_below++;
	lock_give(&tree->lock);
}

/* Pass PAIR to another walker, if one is free and other work is left here. */
static bool give_away(const struct walker *w, struct dirpair *pair)
{
	struct pool *pool = w->tree->pool;

	if (!pair->up || !(pair->up->list.left > 0 || pair->up->has_more) ||
	    !pool_reserve(pool))
		return false;
	if (!dirpair_leads_up(pair, w->paths) ||
	    dirpair_give_paths(pair, w->paths) < 0) {
		pool_unreserve(pool);
		return false;
	}
	pool_give(pool, &pair->job);
	return true;
}

/* Pass half of the remaining entries to another walker, if they are many. */
static void share(const struct walker *w)
{
	struct dirpair *here = w->deepest;
	struct pool *pool = w->tree->pool;
	struct dirpair *part;

	/* Names that may collide must be copied in order, by one thread. */
	if (!w->tree->workers.share_directory || here->twins.found ||
	    here->list.left < WORTH_SHARING || !pool_reserve(pool))
		return;
	part = dirpair_split(here, w->paths);
	if (!part) {
		pool_unreserve(pool);
		return;
	}
	note_below(w->tree, part);
	pool_give(pool, &part->job);
}

/*
 * PAIR was listed.  In a dry run, the copy of the operand does not appear in it,
 * where it would be met again, and refused.
 */
static void note_twins(const struct walker *w, struct dirpair *pair)
{
	if (file_info_same(&pair->sides[SIDE_SRC].info, &w->tree->place))
		tell_into_itself(w);
	if (dirpair_note_twins(pair) < 0)
		fail(w, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
}

/* Go down to PAIR, which is open and listed: its entries are next. */
static void go_down(struct walker *w, struct dirpair *pair)
{
	note_twins(w, pair);
	w->deepest = pair;
	if (!w->base)
		w->base = pair;
	close_far(w);
}

/* Go down into ENTRY; its source is taken over.  finish() reports its end. */
static void enter(struct walker *w, struct entry *entry)
{
	struct dirpair *pair = new_pair(w, entry->src);

	if (!pair || !open_pair(w, pair, entry))
		return;
	entry->is_ended = true;
	note_made(w, pair);
	note_below(w->tree, pair);
	if (give_away(w, pair))
		return;
	list_open(w, pair);
	go_down(w, pair);
}

/*
 * list() for the operand, whose copy is made in DIR: if it may show in the
 * operand, under any name, all is read before.  --parents may have made
 * something in it meanwhile; on Btrfs only a descriptor opened after that shows
 * it.
 */
static int list_top(const struct walker *w, struct dirpair *pair, fd_t dir)
{
	fd_t again;
	int r;

	if (w->run->policy->parents && !w->run->policy->dry_run &&
	    pair->read_err == 0 &&
	    fd_open_at(pair->sides[SIDE_SRC].fd, ".", FD_READ | FD_DIRECTORY,
		       &again) == 0) {
		fd_closep(&pair->sides[SIDE_SRC].fd);
		pair->sides[SIDE_SRC].fd = again;
	}
	r = list(w, pair);
	if (pair->has_more && itself_may_show(pair, dir))
		r = dirpair_read(pair, DIRPAIR_ALL);
	return r;
}

/*
 * Was the directory made for an earlier operand, under another name that is the
 * same name there?  Then this was reported.  With an identical name, the copy
 * continues in it, as in cp.
 */
static bool is_taken_top(const struct walker *w, const struct dirpair *pair,
			 const char *name)
{
	struct inotab *created = &w->run->created;
	const struct inotab_key key =
		inotab_key_of(&pair->sides[SIDE_DST].info, "");
	const char *before;

	if (!w->run->several)
		return false;
	before = pair->is_new ? NULL : inotab_get(created, key);
	if (before && strcmp(before, name) != 0 &&
	    strcasecmp(before, name) == 0) {
		fail(w, FAULT_JUST_CREATED, FAULT_DST, -EEXIST);
		return true;
	}
	if (pair->is_new &&
	    inotab_put(created, key, name, strlen(name) + 1) < 0)
		fail(w, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
	return false;
}

/* enter() for the operand.  It is listed before its copy is made. */
static void enter_top(struct walker *w, struct entry *entry)
{
	struct dirpair *pair = new_pair(w, entry->src);
	int r;

	if (!pair)
		return;
	r = list_top(w, pair, entry->dir);
	if (!open_pair(w, pair, entry))
		return;
	if (is_taken_top(w, pair, entry->name)) {
		dirpair_free(pair);
		return;
	}
	entry->is_ended = true;
	if (pair->is_absent)
		(void)stat_fd(entry->dir != FD_NONE ? entry->dir : entry->base,
			      &w->tree->place);
	note_made(w, pair);
	pair->sides[SIDE_SRC].len = pathname_stem(w->paths[SIDE_SRC].text);
	pair->sides[SIDE_DST].len = pathname_stem(w->paths[SIDE_DST].text);
	tell_unlisted(w, pair, r < 0 ? r : list_rest(pair));
	if (!pair->is_absent && itself_is_inside(pair, entry->name))
		tell_into_itself(w);
	go_down(w, pair);
}

/* Finish PAIR, after everything in it is done. */
static void finish(const struct walker *w, struct dirpair *pair)
{
	const struct source src = dirpair_source(pair);
	const struct attrs_dst dst = dirpair_dst(pair);
	const struct job job = job_here(w);
	struct outcome out = { .what = OUTCOME_FAILED, .type = FILE_DIRECTORY };

	if (pair->is_part)
		return;
	/* If it is closed, it could not be reopened, which was reported. */
	if (dirpair_is_open(pair) && !interrupted()) {
		if (!w->run->policy->dry_run)
			attrs_set_late(w->run, &job, dst.at.fd,
				       attrs_apply(w->run, &job, &src, &dst));
		out.what = pair->is_new ? OUTCOME_DIRECTORY : OUTCOME_EXISTING;
	}
	run_end(w->run, &job, &out);
}

/* Go up to UP, which is open now, or could not be opened because of WHY. */
static void go_up(struct walker *w, struct dirpair *up, struct dirpair_fds *fds,
		  const struct fault *why)
{
	struct job job;

	w->deepest = up;
	if (!dirpair_is_open(up))
		for (enum side i = 0; i < SIDES; i++)
			up->sides[i].fd = TAKE(fds->of[i], FD_NONE);
	if (dirpair_is_open(up))
		return;

	/* Its remaining entries can't be reached. */
	name_pair(w, up);
	job = job_here(w);
	run_fail(w->run, &job, why, NULL);
	dirpair_drop_entries(up);
}

/*
 * Nothing is left to copy in PAIR.  If pairs below it are unfinished, close
 * it; the walker that finishes the last of them finishes it.  Returns whether
 * the caller must finish it now.
 */
static bool is_done(struct tree *tree, struct dirpair *pair)
{
	bool done;

	lock_take(&tree->lock);
	done = pair->n_below == 0;
	if (!done)
		dirpair_close(pair);
	pair->is_walked = true;
	lock_give(&tree->lock);
	return done;
}

/* A directory in UP is finished.  Returns whether the caller must finish UP. */
static bool is_last_in(struct tree *tree, struct dirpair *up)
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
	_cleanup_(dirpair_fds_release) struct dirpair_fds above =
		DIRPAIR_FDS_NONE;
	struct dirpair *pair = w->deepest;
	struct dirpair *up = pair->up;
	bool is_base = pair == w->base || !up;
	struct fault fault = { .err = 0 };
	bool done;
	bool last;

	/* For other walkers' pairs it is unknown whether they are open. */
	if (up && (is_base || !dirpair_is_open(up)))
		(void)dirpair_open_above(pair, w->paths, &above, &fault);
	w->deepest = NULL;
	if (is_base)
		w->base = NULL;
	done = is_done(w->tree, pair);
	if (done)
		finish(w, pair);
	/* In another walker's pair, only the last one has work left. */
	last = done && up && is_last_in(w->tree, up);
	if (is_base && last)
		w->base = up;
	if (!is_base || last)
		go_up(w, up, &above, &fault);
	if (done)
		dirpair_free(pair);
}

static void copy_entry(struct walker *w, const struct dir_entry *entry)
{
	const struct dirpair *here = w->deepest;
	_cleanup_(source_release) struct source src = {
		.dir = here->sides[SIDE_SRC].fd,
		.name = entry->name,
		.follow = source_follows(w->run->policy, false),
		.fd = FD_NONE,
	};
	_cleanup_(entry_release) struct entry one = {
		.job = job_here(w),
		.dir = here->sides[SIDE_DST].fd,
		.name = entry->name,
		.src = &src,
		.below = true,
		.fresh = here->is_new,
		.acl_free = here->acl_free,
		.flag_free = here->flag_free,
		.dev = here->sides[SIDE_DST].info.dev,
	};
	struct fault fault;
	int r;

	run_begin(w->run, &one.job);
	w->number = one.job.number;
	r = dirpair_is_taken(here, entry)
		    ? fault_set(&fault, FAULT_JUST_CREATED, FAULT_DST, -EEXIST)
		    : source_open(&src, entry->type, w->run->policy, &fault);
	if (r == 0 && src.info.type == FILE_DIRECTORY)
		enter(w, &one);
	else if (r == 0)
		r = copy_one(w->run, &one, &fault);
	if (r < 0)
		run_fail(w->run, &one.job, &fault, NULL);
	entry_end(w->run, &one);
}

/* Copy what is left, one entry or one end of a directory at a time. */
static void walk(struct walker *w)
{
	struct dirpair *here;
	struct dir_entry entry;

	while ((here = w->deepest)) {
		int r;

		name_pair(w, here);
		/* Start nothing new. */
		if (interrupted())
			dirpair_drop_entries(here);
		share(w);
		r = dirpair_next(here, &entry);
		if (r < 0)
			tell_unlisted(w, here, r);
		if (r <= 0)
			leave(w);
		else if (add_to_paths(w, entry.name) < 0)
			fail(w, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
		else
			copy_entry(w, &entry);
	}
}

/* Work on a directory, or a part of one, that was passed to this thread. */
static void take_over(void *ctx, struct pool_job *job)
{
	struct tree *tree = ctx;
	struct dirpair *pair = (void *)job; /* its first member */
	_cleanup_(walker_release) struct walker w = {
		.tree = tree,
		.run = tree->run,
		.paths = { TAKE(pair->given[SIDE_SRC], PATH_EMPTY),
			   TAKE(pair->given[SIDE_DST], PATH_EMPTY) },
		.number = pair->number,
		.deepest = pair,
		.base = pair,
	};

	if (!pair->is_part) {
		list_open(&w, pair);
		note_twins(&w, pair);
	}
	walk(&w);
}

/* For the pool: set up what is needed only with threads. */
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
	};
	struct pool pool = { .work = take_over,
			     .ctx = &tree,
			     .max = tree.workers.threads,
			     .begin = begin_threads };
	_cleanup_(walker_release) struct walker w = {
		.tree = &tree,
		.run = run,
		.number = entry->job.number,
	};

	tree.pool = &pool;
	if (path_add(&w.paths[SIDE_SRC], entry->job.src) < 0 ||
	    path_add(&w.paths[SIDE_DST], entry->job.dst) < 0) {
		(void)run_fault(run, &entry->job, FAULT_MEMORY, FAULT_SRC,
				-ENOMEM);
		return;
	}
	enter_top(&w, entry);
	walk(&w);
	pool_finish(&pool);
}
