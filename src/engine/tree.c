/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stack of levels, one for each directory on the way down.  Only the deepest
 * few have their descriptors open; on the way up ".." is opened, and must be
 * the directory that it was.
 *
 * A walker that meets a directory gives it to another, if there is one that is
 * free.  So the levels are a tree: each walker has a path of it, and what lies
 * above its base is somebody else's.  A directory is finished by whoever is
 * the last to have something to do in it.
 */
#include "tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attrs.h"
#include "base.h"
#include "copy.h"
#include "crew.h"
#include "dir.h"
#include "interrupt.h"
#include "meta.h"
#include "path.h"
#include "stat.h"

/* Levels that are kept open, each with two descriptors. */
#define OPEN_LEVELS 12

/* Threads at most, if the user doesn't say. */
#define THREADS 8

/* A directory under way. */
struct level {
	struct crew_job job; /* to be given to another walker */
	struct level *up;    /* the one that it is in; NULL: the operand */
	struct source src;   /* its fd is FD_NONE while closed */
	fd_t dst;	     /* FD_NONE while closed */
	struct file_info dst_info; /* facts from when it was entered */
	struct dir_list list;	   /* what is in it, and is yet to be copied */
	struct path given_src;	   /* its paths, while it is given away */
	struct path given_dst;
	size_t src_len; /* of the paths up to here */
	size_t dst_len;
	bool is_new;	  /* made by this run */
	bool is_opened;	  /* the umask was overridden for now */
	bool is_acl_free; /* it has no ACL */
	bool acl_free;	  /* what is made in it gets none */
	bool flag_free;	  /* nor inode flags */
	bool by_link;	  /* reached by a link: ".." leads elsewhere */
	bool keeps_open;  /* one that is in it was */
	/* Guarded by tree.lock: */
	size_t n_below; /* directories in it that are under way */
	bool is_walked; /* all that is in it is copied or under way */
};

/* One operand; all walkers share it. */
struct tree {
	struct run *run;
	const struct item *top; /* the operand */
	uint64_t dev;		/* file_info.dev of it */
	struct crew *crew;
	struct lock lock;
	/* Guarded by lock: */
	struct file_info made; /* the first directory that was made */
	bool has_made;
};

/* Where a thread stands. */
struct walker {
	struct tree *tree;
	struct run *run; /* tree's */
	struct path src; /* to be told */
	struct path dst;
	struct level *deepest; /* NULL: nothing is left to do */
	struct level *base;    /* the last of those that are its own */
};

static void level_free(struct level *level)
{
	source_release(&level->src);
	fd_closep(&level->dst);
	dir_list_release(&level->list);
	path_release(&level->given_src);
	path_release(&level->given_dst);
	free(level);
}

static void walker_release(struct walker *w)
{
	path_release(&w->src);
	path_release(&w->dst);
}

static struct job job_here(const struct walker *w)
{
	return (struct job){ .src = w->src.text, .dst = w->dst.text };
}

static int fail(const struct walker *w, enum fault_op op, enum fault_obj obj,
		int r)
{
	const struct job job = job_here(w);

	return run_fault(w->run, &job, op, obj, r);
}

/* Is INFO a directory that the walk is inside of? */
static bool is_above(const struct walker *w, const struct file_info *info)
{
	for (const struct level *l = w->deepest; l; l = l->up)
		if (file_info_same(&l->src.info, info))
			return true;
	return false;
}

/* Is INFO where the copies go, so that to copy it would have no end? */
static bool is_destination(const struct walker *w, const struct file_info *info)
{
	struct tree *tree = w->tree;
	bool made;

	for (const struct level *l = w->deepest; l; l = l->up)
		if (file_info_same(&l->dst_info, info))
			return true;
	lock_take(&tree->lock);
	made = tree->has_made && file_info_same(&tree->made, info);
	lock_give(&tree->lock);
	return made;
}

/* Is it not to be entered?  Then that was told. */
static bool is_refused(const struct walker *w, const struct source *src)
{
	if (is_above(w, &src->info)) {
		(void)fail(w, FAULT_CYCLE, FAULT_SRC, -ELOOP);
		return true;
	}
	if (is_destination(w, &src->info)) {
		(void)run_fault(w->run, &w->tree->top->job, FAULT_INTO_ITSELF,
				FAULT_SRC, -EINVAL);
		return true;
	}
	return false;
}

/*
 * What has the name of a directory that is to be made: is it one to go on in?
 * Returns 0 with *RET_LINK set if it is a link to one, or -errno with *RETERR.
 */
static int check_existing(const struct run *run, fd_t dir, const char *name,
			  bool *ret_link, struct fault *reterr)
{
	struct file_info info;
	int r = stat_at(dir, name, STAT_NOFOLLOW, &info);

	*ret_link = false;
	if (r == 0 && info.type == FILE_SYMLINK &&
	    run->policy->keep_directory_symlink) {
		*ret_link = true;
		r = stat_at(dir, name, STAT_FOLLOW, &info);
	}
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	if (info.type != FILE_DIRECTORY)
		return fault_set(reterr, FAULT_OVERWRITE_FILE, FAULT_DST,
				 -ENOTDIR);
	return 0;
}

/* For reading if that can be: its attributes may be wanted. */
static int open_directory(fd_t dir, const char *name, bool follow, fd_t *ret)
{
	unsigned how = FD_DIRECTORY | (follow ? 0 : FD_NOFOLLOW);
	int r = fd_open_at(dir, name, how | FD_READ, ret);

	return r == -EACCES ? fd_open_at(dir, name, how | FD_PATH, ret) : r;
}

static struct attrs_dst dst_of(const struct level *level)
{
	return (struct attrs_dst){ .fd = level->dst,
				   .info = &level->dst_info,
				   .is_new = level->is_new,
				   .is_opened = level->is_opened,
				   .acl_free = level->is_acl_free };
}

/* What files inherit is asked for once a directory, not once a file in it. */
static void look_for_heirlooms(const struct walker *w, struct level *level)
{
	const struct level *up = w->deepest;
	unsigned preserve = w->run->policy->preserve;
	const struct attrs_dst dst = dst_of(level);
	uint32_t flags = 0;

	if (preserve & PRESERVE_MODE) {
		level->is_acl_free = level->is_new && up && up->acl_free;
		level->acl_free = level->is_acl_free ||
				  !meta_has_acl(level->dst, META_DEFAULT_ACL);
	}
	if (preserve & PRESERVE_FLAGS) {
		attrs_before_data(w->run, &level->src, &dst);
		(void)meta_get_flags(level->dst, &flags);
		level->flag_free = flags == 0;
	}
}

/* Where the umask denies the owner himself: what is made has to be filled. */
static void open_up_mode(const struct run *run, struct level *level)
{
	if (level->is_new && run->umask & 0700)
		level->is_opened =
			meta_set_mode(level->dst,
				      level->dst_info.mode | 0700) == 0;
}

/* Make the directory NAME in DIR, or go on in the one that is there. */
static int open_destination(const struct walker *w, struct level *level,
			    fd_t dir, const char *name, struct fault *reterr)
{
	bool link = false;
	int r = dir_make_at(dir, name,
			    attrs_first_mode(w->run->policy, &level->src.info));

	level->is_new = r == 0;
	if (r == -EEXIST)
		r = check_existing(w->run, dir, name, &link, reterr);
	else if (r < 0)
		return fault_set(reterr, FAULT_CREATE_DIRECTORY, FAULT_DST, r);
	if (r < 0)
		return r;

	level->by_link |= link;
	r = open_directory(dir, name, link, &level->dst);
	if (r == -ENOTDIR || r == -ELOOP)
		return fault_set(reterr, FAULT_SWAPPED, FAULT_DST, r);
	if (r == 0)
		r = stat_fd(level->dst, &level->dst_info);
	if (r < 0)
		return fault_set(reterr, FAULT_ACCESS, FAULT_DST, r);
	if (file_info_same(&level->dst_info, &level->src.info))
		return fault_set(reterr, FAULT_SAME_FILE, FAULT_DST, -EINVAL);
	open_up_mode(w->run, level);
	look_for_heirlooms(w, level);
	return 0;
}

/* The directory was made: say so, and remember the first. */
static void note_made(const struct walker *w, const struct level *level)
{
	const struct outcome out = { .what = OUTCOME_DIRECTORY };
	const struct job job = job_here(w);
	struct tree *tree = w->tree;

	if (!level->is_new)
		return;
	w->run->obs->done(w->run->obs->ctx, &job, &out);
	lock_take(&tree->lock);
	if (!tree->has_made) {
		tree->made = level->dst_info;
		tree->has_made = true;
	}
	lock_give(&tree->lock);
}

/* What is in it, if it is to be copied. */
static void list(const struct walker *w, struct level *level)
{
	int r = level->src.read_err;

	if (w->run->policy->one_file_system &&
	    w->tree->dev != level->src.info.dev)
		return;
	if (r == 0)
		r = dir_list_read(level->src.fd, &level->list);
	if (r < 0)
		(void)fail(w, FAULT_ACCESS, FAULT_SRC, r);
}

/* Can the directories above LEVEL be had by its ".."? */
static bool leads_back(const struct level *level)
{
	_cleanup_(fd_closep) fd_t src = FD_NONE;
	_cleanup_(fd_closep) fd_t dst = FD_NONE;

	return fd_open_at(level->src.fd, "..", FD_PATH, &src) == 0 &&
	       fd_open_at(level->dst, "..", FD_PATH, &dst) == 0;
}

/*
 * Close the level that is OPEN_LEVELS above, if it can be had back from the one
 * below it.
 */
static void close_far(const struct walker *w)
{
	struct level *below = NULL;
	struct level *far = w->deepest;

	for (int i = 0; i < OPEN_LEVELS; i++) {
		if (!far || far == w->base)
			return;
		below = far;
		far = far->up;
	}
	if (below->by_link || !leads_back(below))
		return;
	fd_closep(&far->src.fd);
	fd_closep(&far->dst);
}

/* The level for the directory SRC, which is taken over; NULL: that was told. */
static struct level *new_level(const struct walker *w, struct source *src,
			       fd_t dir, const char *name)
{
	struct level *level;
	struct fault fault;

	if (is_refused(w, src))
		return NULL;
	level = calloc(1, sizeof(*level));
	if (!level) {
		(void)fail(w, FAULT_MEMORY, FAULT_SRC, -ENOMEM);
		return NULL;
	}
	level->src = TAKE(*src, SOURCE_EMPTY);
	level->dst = FD_NONE;
	level->by_link = level->src.follow;
	level->src_len = w->src.len;
	level->dst_len = w->dst.len;
	level->up = w->deepest;
	if (open_destination(w, level, dir, name, &fault) < 0) {
		const struct job job = job_here(w);

		run_fail(w->run, &job, &fault, NULL);
		level_free(level);
		return NULL;
	}
	return level;
}

/*
 * Give LEVEL to another walker, if one is free and there is something else to
 * do here.
 */
static bool give_away(const struct walker *w, struct level *level)
{
	/* What can't be had back by ".." stays with who has it open. */
	if (!level->up || level->by_link || dir_list_at_end(&level->up->list) ||
	    !leads_back(level) || !crew_is_free(w->tree->crew))
		return false;
	if (path_add(&level->given_src, w->src.text) < 0 ||
	    path_add(&level->given_dst, w->dst.text) < 0)
		return false;
	crew_give(w->tree->crew, &level->job);
	return true;
}

/* Go down into SRC, which becomes NAME in DIR; SRC is taken over. */
static void enter(struct walker *w, struct source *src, fd_t dir,
		  const char *name)
{
	struct level *level = new_level(w, src, dir, name);

	if (!level)
		return;
	note_made(w, level);
	if (level->up) {
		level->up->keeps_open |= level->by_link;
		lock_take(&w->tree->lock);
		level->up->n_below++;
		lock_give(&w->tree->lock);
	}
	if (give_away(w, level))
		return;
	list(w, level);
	w->deepest = level;
	if (!w->base)
		w->base = level;
	close_far(w);
}

/* Open ".." of BELOW, which is to be INFO. */
static int open_up(fd_t below, const struct file_info *info, fd_t *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info now;
	int r = open_directory(below, "..", false, &fd);

	if (r == 0)
		r = stat_fd(fd, &now);
	if (r < 0)
		return r;
	if (!file_info_same(&now, info))
		return -EBUSY;
	*ret = TAKE(fd, FD_NONE);
	return 0;
}

/* The descriptors of a level. */
struct ends {
	fd_t src;
	fd_t dst;
};

#define ENDS_NONE                              \
	(struct ends)                          \
	{                                      \
		.src = FD_NONE, .dst = FD_NONE \
	}

static void ends_release(struct ends *ends)
{
	fd_closep(&ends->src);
	fd_closep(&ends->dst);
}

/* The directories above LEVEL, opened once more. */
static int open_again(const struct level *level, struct ends *ret,
		      struct fault *reterr)
{
	_cleanup_(ends_release) struct ends ends = ENDS_NONE;
	const struct level *up = level->up;
	int r = open_up(level->src.fd, &up->src.info, &ends.src);

	if (r < 0)
		return fault_set(reterr, FAULT_SWAPPED, FAULT_SRC, r);
	r = open_up(level->dst, &up->dst_info, &ends.dst);
	if (r < 0)
		return fault_set(reterr, FAULT_SWAPPED, FAULT_DST, r);
	*ret = TAKE(ends, ENDS_NONE);
	return 0;
}

/* All that is in LEVEL is done. */
static void finish(const struct walker *w, struct level *level)
{
	const struct attrs_dst dst = dst_of(level);
	const struct job job = job_here(w);

	/* Without a descriptor it could not be had back: that was told. */
	if (level->dst == FD_NONE || interrupted())
		return;
	attrs_set_late(w->run, &job, level->dst,
		       attrs_apply(w->run, &job, &level->src, &dst));
}

/*
 * Open what is above LEVEL, as nothing can be done there without, into *RET.
 * That it can't be had is told.
 */
static void open_above(const struct walker *w, const struct level *level,
		       struct ends *ret)
{
	const struct job job = job_here(w);
	struct fault fault;

	if (level->dst != FD_NONE && open_again(level, ret, &fault) < 0)
		run_fail(w->run, &job, &fault, NULL);
}

/* UP is the caller's, who has opened it. */
static void go_up(struct walker *w, struct level *up, struct ends *ends)
{
	w->deepest = up;
	if (up->dst == FD_NONE) {
		up->src.fd = TAKE(ends->src, FD_NONE);
		up->dst = TAKE(ends->dst, FD_NONE);
	}
	/* What is left of it can't be reached. */
	if (up->dst == FD_NONE)
		dir_list_release(&up->list);
}

/*
 * Nothing is left to copy in LEVEL.  If something is under way below it, it is
 * closed, and finished by whoever is the last there.  Returns whether that is
 * the caller.
 */
static bool is_done(struct tree *tree, struct level *level)
{
	bool done;

	lock_take(&tree->lock);
	done = level->n_below == 0;
	if (!done && !level->keeps_open) {
		fd_closep(&level->src.fd);
		fd_closep(&level->dst);
	}
	level->is_walked = true;
	lock_give(&tree->lock);
	return done;
}

/* A directory in UP is finished.  Returns whether UP is to be, by the caller. */
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
 * The deepest directory has nothing left to copy.  What is above is opened
 * first: with its attributes the way back may be closed.
 */
static void leave(struct walker *w)
{
	_cleanup_(ends_release) struct ends above = ENDS_NONE;
	struct level *level = w->deepest;
	struct level *up = level->up;
	bool is_base = level == w->base || !up;
	bool last;

	path_cut(&w->src, level->src_len);
	path_cut(&w->dst, level->dst_len);
	/* Of others' levels it is not known whether they are open. */
	if (up && (is_base || up->dst == FD_NONE))
		open_above(w, level, &above);
	w->deepest = NULL;
	if (is_base)
		w->base = NULL;
	else
		go_up(w, up, &above);
	if (!is_done(w->tree, level))
		return;

	finish(w, level);
	last = up && is_last_in(w->tree, up);
	if (last && is_base) {
		w->base = up;
		go_up(w, up, &above);
	}
	level_free(level);
}

static void copy_entry(struct walker *w, const struct dir_entry *entry)
{
	const struct level *here = w->deepest;
	_cleanup_(source_release) struct source src = SOURCE_EMPTY;
	_cleanup_(item_release) struct item item = {
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
	int r = source_open(&name, w->run->policy, &src, &fault);

	if (r == 0 && src.info.type == FILE_DIRECTORY) {
		enter(w, &src, here->dst, entry->name);
		return;
	}
	if (r == 0)
		r = copy_item(w->run, &item, &fault);
	if (r < 0)
		run_fail(w->run, &item.job, &fault, NULL);
}

/* One more step of the walk. */
static void step(struct walker *w)
{
	struct level *here = w->deepest;
	struct dir_entry entry;

	if (interrupted() || !dir_list_next(&here->list, &entry)) {
		leave(w);
		return;
	}
	path_cut(&w->src, here->src_len);
	path_cut(&w->dst, here->dst_len);
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

/* A directory was given to this thread. */
static void take_over(void *ctx, struct crew_job *job)
{
	struct tree *tree = ctx;
	struct level *level = (struct level *)job; /* its first member */
	_cleanup_(walker_release) struct walker w = {
		.tree = tree,
		.run = tree->run,
		.src = TAKE(level->given_src, PATH_EMPTY),
		.dst = TAKE(level->given_dst, PATH_EMPTY),
		.deepest = level,
		.base = level,
	};

	list(&w, level);
	walk(&w);
}

/* To wait for the other end of a FIFO is for one who hears the signals. */
static unsigned threads_for(const struct policy *policy)
{
	unsigned n = thread_processors();

	if (policy->copy_contents)
		return 1;
	if (policy->jobs > 0)
		return policy->jobs;
	return n < THREADS ? n : THREADS;
}

void tree_copy(struct run *run, struct item *item)
{
	struct tree tree = {
		.run = run,
		.top = item,
		.dev = item->src->info.dev,
		.lock = LOCK_INIT,
	};
	struct crew crew = CREW_OF(take_over, &tree, threads_for(run->policy));
	_cleanup_(walker_release) struct walker w = {
		.tree = &tree,
		.run = run,
		.src = PATH_EMPTY,
		.dst = PATH_EMPTY,
	};

	tree.crew = &crew;
	if (path_add(&w.src, item->job.src) < 0 ||
	    path_add(&w.dst, item->job.dst) < 0) {
		(void)run_fault(run, &item->job, FAULT_MEMORY, FAULT_SRC,
				-ENOMEM);
		return;
	}
	enter(&w, item->src, item->dir, item->name);
	walk(&w);
	crew_finish(&crew);
}
