/* SPDX-License-Identifier: BSD-2-Clause */
#include "dirpair.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "entry.h"
#include "existing.h"
#include "meta.h"
#include "pathname.h"
#include "planned.h"
#include "replace.h"
#include "stat.h"

struct dirpair *dirpair_new(struct dirpair *up, struct source *src)
{
	struct dirpair *pair = calloc(1, sizeof(*pair));

	if (!pair)
		return NULL;
	pair->up = up;
	pair->sides[SIDE_SRC].fd = TAKE(src->fd, FD_NONE);
	pair->sides[SIDE_SRC].info = src->info;
	pair->only_looks = src->only_looks;
	pair->read_err = src->read_err;
	pair->sides[SIDE_DST].fd = FD_NONE;
	return pair;
}

void dirpair_note_birth(struct dirpair *pair)
{
	for (enum side i = 0; i < SIDES; i++) {
		struct dirside *side = &pair->sides[i];

		if (side->birth.is_asked)
			continue;
		side->birth.is_asked = true;
		side->birth.is_known =
			stat_birth(side->fd, &side->birth.time) == 0;
	}
}

bool dirpair_is_open(const struct dirpair *pair)
{
	return pair->sides[SIDE_SRC].fd != FD_NONE;
}

/* How many sides PAIR really has: the source comes first. */
static enum side sides_of(const struct dirpair *pair)
{
	return pair->is_absent ? SIDE_DST : SIDES;
}

static void close_sides(struct dirpair *pair)
{
	for (enum side i = 0; i < SIDES; i++)
		fd_closep(&pair->sides[i].fd);
}

void dirpair_close(struct dirpair *pair)
{
	if (pair->has_more)
		pair->list_err = dirpair_read(pair, DIRPAIR_ALL);
	close_sides(pair);
}

void dirpair_free(struct dirpair *pair)
{
	close_sides(pair);
	dir_list_release(&pair->list);
	twins_release(&pair->twins);
	for (enum side i = 0; i < SIDES; i++)
		path_release(&pair->given[i]);
	free(pair);
}

void dirpair_fds_release(struct dirpair_fds *fds)
{
	for (enum side i = 0; i < SIDES; i++)
		fd_closep(&fds->of[i]);
}

/*
 * Can the existing file be used as the directory?  Returns 0, with *RET_LINK
 * set if it is a link to one, or -errno with *RETERR.
 */
static int check_existing(const struct run *run, const struct label_job *at,
			  bool *ret_link, struct fault *reterr)
{
	struct file_info info;
	int r = planned_stat(run, at, STAT_NOFOLLOW, &info);

	*ret_link = false;
	if (r == 0 && info.type == FILE_SYMLINK &&
	    run->policy->keep_directory_symlink) {
		*ret_link = true;
		r = planned_stat(run, at, STAT_FOLLOW, &info);
	}
	if (r < 0)
		return fault_set_in(reterr, CALL_FSTATAT, FAULT_STAT, FAULT_DST,
				    r);
	if (info.type != FILE_DIRECTORY)
		return fault_set(reterr, FAULT_OVERWRITE_FILE, FAULT_DST,
				 -ENOTDIR);
	return 0;
}

/* The fault for a directory that can't be made, or can't even be seen. */
static enum fault_op why_not_made(fd_t dir, const char *name)
{
	struct file_info there;

	return stat_at(dir, name, STAT_NOFOLLOW, &there) == -EACCES
		       ? FAULT_STAT
		       : FAULT_CREATE_DIRECTORY;
}

/* Is NAME a link to the directory INFO? */
static bool leads_to(fd_t dir, const char *name, const struct file_info *info)
{
	struct file_info there;

	return stat_at(dir, name, STAT_FOLLOW, &there) == 0 &&
	       file_info_same(&there, info);
}

/* Did this run make the existing file with the name of an operand's copy? */
static bool is_just_created(const struct run *run, const struct label_job *at)
{
	struct file_info info;

	return planned_stat(run, at, STAT_NOFOLLOW, &info) == 0 &&
	       inotab_get(&run->created, inotab_key_of(&info, at->job->dst));
}

/*
 * The existing file is no directory: keep it as a backup, and make a directory.
 * If that fails, it gets its name back.  Returns 0, or -errno with *RETERR.
 */
static int make_over(const struct run *run, const struct dirpair *pair,
		     const struct label_job *at, struct fault *reterr)
{
	_cleanup_(freep) char *backup = NULL;
	int r;

	if (!pair->up && run->policy->backup != BACKUP_NUMBERED &&
	    is_just_created(run, at))
		return fault_set(reterr, FAULT_JUST_CREATED, FAULT_DST,
				 -EEXIST);
	if (run->policy->dry_run)
		return replace_check_backup(run->policy, at->dir, at->name,
					    &backup, reterr);
	r = replace_backup(run->policy, at->dir, at->name, &backup, reterr);
	if (r < 0)
		return r;
	r = dir_make_at(
		at->dir, at->name,
		attrs_first_mode(run->policy, &pair->sides[SIDE_SRC].info));
	if (r < 0 && r != -EEXIST && backup)
		(void)dir_rename_at(at->dir, backup, at->name);
	return r < 0 ? fault_set(reterr, FAULT_CREATE_DIRECTORY, FAULT_DST, r)
		     : 0;
}

/* Open it for reading if possible: its attributes may be needed. */
static int open_directory(fd_t dir, const char *name, bool follow, fd_t *ret)
{
	unsigned how = FD_DIRECTORY | (follow ? 0 : FD_NOFOLLOW);
	int r = fd_open_at(dir, name, how | FD_READ, ret);

	return r == -EACCES ? fd_open_at(dir, name, how | FD_PATH, ret) : r;
}

struct source dirpair_source(const struct dirpair *pair)
{
	const struct dirside *src = &pair->sides[SIDE_SRC];

	return (struct source){ .fd = src->fd,
				.only_looks = pair->only_looks,
				.info = src->info,
				.flags = pair->flags,
				.flags_err = pair->flags_err };
}

struct attrs_dst dirpair_dst(const struct dirpair *pair)
{
	const struct dirside *dst = &pair->sides[SIDE_DST];

	return (struct attrs_dst){ .at.fd = dst->fd,
				   .info = &dst->info,
				   .is_new = pair->is_new,
				   .is_opened = pair->is_opened,
				   .acl_free = pair->is_acl_free,
				   .flag_free = pair->is_new && pair->up &&
						pair->up->flag_free };
}

/* Find out once per directory what new files inherit. */
static void look_for_heirlooms(const struct run *run, struct dirpair *pair)
{
	const struct dirpair *up = pair->up;
	unsigned preserve = run->policy->preserve;
	const struct attrs_dst dst = dirpair_dst(pair);
	struct source src = dirpair_source(pair);
	uint32_t flags = 0;
	int r;

	if (preserve & PRESERVE_MODE) {
		pair->is_acl_free = pair->is_new && up && up->acl_free;
		pair->acl_free = pair->is_acl_free ||
				 !meta_has_acl(dst.at.fd, META_ACL_DEFAULT);
	}
	if (preserve & PRESERVE_FLAGS) {
		attrs_before_data(run, &src, &dst);
		pair->flags = src.flags;
		pair->flags_err = src.flags_err;
		r = meta_get_flags(dst.at.fd, &flags);
		pair->flag_free = (r == 0 && flags == 0) || r == -ENOTTY ||
				  r == -EOPNOTSUPP;
	}
}

/* If the umask denies the owner access, allow it for filling the directory. */
static void open_up_mode(const struct run *run, struct dirpair *pair)
{
	const struct dirside *dst = &pair->sides[SIDE_DST];

	if (pair->is_new && run->umask & 0700)
		pair->is_opened =
			meta_set_mode(dst->fd, dst->info.mode | 0700) == 0;
}

/*
 * Make PAIR's directory, or find it.  Returns 0, with *RET_LINK set if it is
 * reached by a link, or -errno with *RETERR.
 */
static int make_or_find(const struct run *run, struct dirpair *pair,
			const struct label_job *at, bool *ret_link,
			struct fault *reterr)
{
	const struct policy *policy = run->policy;
	int r = entry_make_directory(
		run, at, attrs_first_mode(policy, &pair->sides[SIDE_SRC].info));

	pair->is_new = r == 0;
	if (r == -ENOENT && policy->no_create)
		return fault_set(reterr, FAULT_NOT_CREATING, FAULT_DST, r);
	if (r < 0 && r != -EEXIST)
		return fault_set_in(reterr, CALL_MKDIRAT,
				    why_not_made(at->dir, at->name), FAULT_DST,
				    r);
	if (r == 0)
		return 0;

	/* As for a file in a new directory: copy.c. */
	if (pair->up && pair->up->is_new)
		return fault_set(reterr, existing_taken_op(at->dir, at->name),
				 FAULT_DST, r);
	r = check_existing(run, at, ret_link, reterr);
	if (r == -ENOTDIR && policy->backup != BACKUP_NONE &&
	    !policy->no_create) {
		r = make_over(run, pair, at, reterr);
		pair->is_new = r == 0;
		*ret_link = false;
		return r;
	}
	if (r == -ENOTDIR &&
	    leads_to(at->dir, at->name, &pair->sides[SIDE_SRC].info))
		return fault_set(reterr, FAULT_SAME_FILE, FAULT_DST, -EINVAL);
	return r;
}

/*
 * In a dry run: PAIR's destination would be made, or would have been for an
 * earlier operand.
 */
static int plan_absent(const struct run *run, struct dirpair *pair,
		       const struct label_job *at, struct fault *reterr)
{
	struct file_info *dst = &pair->sides[SIDE_DST].info;
	uint64_t dev = dst->dev;
	struct planned_fs *fs;
	int r = 0;

	pair->is_absent = true;
	if (!pair->is_new)
		return planned_stat(run, at, STAT_NOFOLLOW, dst);
	if (at->dir != FD_NONE)
		r = planned_fs_at(run, at->dir, ".", &dev, &fs);
	*dst = (struct file_info){ .type = FILE_DIRECTORY, .dev = dev };
	if (r == 0)
		r = planned_note(run, at->job->dst, dst);
	if (r < 0)
		return fault_set(reterr, FAULT_MEMORY, FAULT_DST, -ENOMEM);
	return 0;
}

int dirpair_open(struct run *run, struct dirpair *pair,
		 const struct label_job *at, struct fault *reterr)
{
	struct dirside *dst = &pair->sides[SIDE_DST];
	bool link = false;
	int r = selinux_label_new(run, at, reterr);

	if (r == 0)
		r = make_or_find(run, pair, at, &link, reterr);
	if (r < 0)
		return r;
	if (run->policy->dry_run &&
	    (pair->is_new || planned_is_made(run, at->job->dst)))
		return plan_absent(run, pair, at, reterr);

	r = at->dir == FD_NONE
		    ? planned_open_back(at->job->dst, &dst->fd)
		    : open_directory(at->dir, at->name, link, &dst->fd);
	if (r == -ENOTDIR || r == -ELOOP)
		return fault_set(reterr, FAULT_SWAPPED, FAULT_DST, r);
	if (r < 0)
		return fault_set_in(reterr, CALL_OPENAT, FAULT_ACCESS,
				    FAULT_DST, r);
	r = stat_fd(dst->fd, &dst->info);
	if (r < 0)
		return fault_set_in(reterr, CALL_FSTAT, FAULT_ACCESS, FAULT_DST,
				    r);
	if (file_info_same(&dst->info, &pair->sides[SIDE_SRC].info))
		return fault_set(reterr, FAULT_SAME_FILE, FAULT_DST, -EINVAL);
	r = pair->is_new ? 0 : selinux_label_old(run, at, dst->fd, reterr);
	if (r < 0)
		return r;
	open_up_mode(run, pair);
	look_for_heirlooms(run, pair);
	return 0;
}

int dirpair_read(struct dirpair *pair, size_t most)
{
	int r = dir_list_read(pair->sides[SIDE_SRC].fd, most, &pair->list);

	pair->has_more = r == 1;
	return r < 0 ? r : 0;
}

int dirpair_next(struct dirpair *pair, struct dir_entry *ret)
{
	if (pair->list.left == 0 && pair->has_more) {
		dir_list_release(&pair->list);
		pair->list_err = dirpair_read(pair, DIRPAIR_BATCH);
	}
	return dir_list_next(&pair->list, ret) ? 1 : TAKE(pair->list_err, 0);
}

void dirpair_drop_entries(struct dirpair *pair)
{
	dir_list_release(&pair->list);
	pair->has_more = false;
	pair->list_err = 0;
}

int dirpair_give_paths(struct dirpair *pair, const struct path *paths)
{
	int r = 0;

	for (enum side i = 0; i < SIDES && r == 0; i++)
		r = path_add(&pair->given[i], paths[i].text);
	return r;
}

/* Give PART the directories of HERE. */
static int twin_sides(const struct dirpair *here, struct dirpair *part)
{
	if (here->is_absent)
		part->sides[SIDE_DST] = here->sides[SIDE_DST];
	part->is_absent = here->is_absent;
	for (enum side i = 0; i < sides_of(here); i++) {
		fd_t fd;
		int r = fd_twin(here->sides[i].fd, &fd);

		if (r < 0)
			return r;
		part->sides[i] = here->sides[i];
		part->sides[i].fd = fd;
	}
	return 0;
}

struct dirpair *dirpair_split(struct dirpair *here, const struct path *paths)
{
	struct source none = SOURCE_EMPTY;
	struct dirpair *part =
		dirpair_new(here->is_part ? here->up : here, &none);

	if (!part)
		return NULL;
	if (dirpair_give_paths(part, paths) < 0 || twin_sides(here, part) < 0 ||
	    dir_list_split(&here->list, &part->list) < 0) {
		dirpair_free(part);
		return NULL;
	}
	part->number = here->number;
	part->is_part = true;
	part->is_new = here->is_new;
	part->acl_free = here->acl_free;
	part->flag_free = here->flag_free;
	return part;
}

static bool is_born_then(fd_t fd, const struct birth *birth)
{
	struct timestamp now;

	return !birth->is_known || (stat_birth(fd, &now) == 0 &&
				    timestamp_compare(now, birth->time) == 0);
}

/* Is FD the directory of SIDE?  Then it becomes *RET. */
static int check(fd_t *fd, const struct dirside *side, fd_t *ret)
{
	struct file_info now;
	int r = stat_fd(*fd, &now);

	if (r == 0 && (!file_info_same(&now, &side->info) ||
		       !is_born_then(*fd, &side->birth)))
		r = -EBUSY;
	if (r == 0)
		*ret = TAKE(*fd, FD_NONE);
	return r;
}

/* Open ".." of BELOW, which must be the directory of SIDE. */
static int open_up(fd_t below, const struct dirside *side, fd_t *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int r = open_directory(below, "..", false, &fd);

	return r < 0 ? r : check(&fd, side, ret);
}

/* The same by the beginning of PATH, which may lead elsewhere by now. */
static int open_path(const struct path *path, const struct dirside *side,
		     fd_t *ret)
{
	_cleanup_(freep) char *text = strndup(path->text, side->len);
	_cleanup_(fd_closep) fd_t start = FD_NONE;
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	_cleanup_(freep) char *plain = text ? pathname_plain(text) : NULL;
	int r = plain ? fd_open_long(text, FD_PATH, &start) : -ENOMEM;

	/* In a dry run, what ".." is to lead out of may not exist. */
	if (r == -ENOENT)
		r = fd_open_long(*plain ? plain : ".", FD_PATH, &start);
	if (r < 0)
		return r;
	if (!side->birth.is_known)
		return -EBUSY;
	if (open_directory(start, ".", false, &fd) < 0)
		fd = TAKE(start, FD_NONE);
	return check(&fd, side, ret);
}

/* Open the directory of SIDE above BELOW, or if that is closed, by PATH. */
static int open_above(fd_t below, const struct path *path,
		      const struct dirside *side, fd_t *ret)
{
	int r;

	if (below == FD_NONE)
		return open_path(path, side, ret);
	r = open_up(below, side, ret);
	return r < 0 && open_path(path, side, ret) == 0 ? 0 : r;
}

bool dirpair_leads_up(const struct dirpair *pair, const struct path *paths)
{
	for (enum side i = 0; i < sides_of(pair->up); i++) {
		_cleanup_(fd_closep) fd_t fd = FD_NONE;

		/* For want of a descriptor it is not known: then yes. */
		if (open_above(pair->sides[i].fd, &paths[i],
			       &pair->up->sides[i], &fd) == -EBUSY)
			return false;
	}
	return true;
}

int dirpair_open_above(struct dirpair *pair, const struct path *paths,
		       struct dirpair_fds *ret, struct fault *reterr)
{
	_cleanup_(dirpair_fds_release) struct dirpair_fds fds =
		DIRPAIR_FDS_NONE;
	bool takes_own = pair->is_part && dirpair_is_open(pair);

	for (enum side i = 0; i < sides_of(pair->up); i++) {
		struct dirside *side = &pair->sides[i];
		int r = 0;

		if (takes_own)
			fds.of[i] = TAKE(side->fd, FD_NONE);
		else
			r = open_above(side->fd, &paths[i], &pair->up->sides[i],
				       &fds.of[i]);
		if (r < 0)
			return fault_set(
				reterr,
				r == -EBUSY ? FAULT_SWAPPED : FAULT_ACCESS,
				i == SIDE_SRC ? FAULT_SRC : FAULT_DST, r);
	}
	*ret = TAKE(fds, DIRPAIR_FDS_NONE);
	return 0;
}

int dirpair_note_twins(struct dirpair *pair)
{
	_cleanup_(twins_release) struct twins twins = TWINS_EMPTY;
	struct dir_list all = pair->list;
	struct dir_entry entry;

	if (pair->is_new || all.left < 2 || all.len > UINT32_MAX)
		return 0;
	if (twins_reserve(&twins, all.left) < 0)
		return -ENOMEM;
	while (dir_list_next(&all, &entry))
		twins_add(&twins, entry.name, (uint32_t)(entry.name - all.buf));
	if (twins.found)
		pair->twins = TAKE(twins, TWINS_EMPTY);
	return 0;
}

bool dirpair_is_taken(const struct dirpair *pair, const struct dir_entry *entry)
{
	fd_t dst = pair->sides[SIDE_DST].fd;
	struct file_info first;
	struct file_info now;
	const char *name;

	if (!pair->twins.found)
		return false;
	name = pair->list.buf + twins_first(&pair->twins, entry->name);
	/* A file with several hard links proves nothing. */
	return name != entry->name &&
	       stat_at(dst, entry->name, STAT_NOFOLLOW, &now) == 0 &&
	       stat_at(dst, name, STAT_NOFOLLOW, &first) == 0 &&
	       file_info_same(&first, &now) &&
	       (now.type == FILE_DIRECTORY || now.nlink == 1);
}
