/* SPDX-License-Identifier: BSD-2-Clause */
#include "level.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "entry.h"
#include "existing.h"
#include "meta.h"
#include "replace.h"
#include "stat.h"

struct level *level_new(struct level *up, struct source *src)
{
	struct level *level = calloc(1, sizeof(*level));

	if (!level)
		return NULL;
	level->up = up;
	level->src = TAKE(*src, SOURCE_EMPTY);
	/* The borrowed name does not live as long as the level. */
	level->src.dir = FD_NONE;
	level->src.name = NULL;
	level->dst = FD_NONE;
	return level;
}

static void note_birth(fd_t fd, struct birth *ret)
{
	if (ret->is_asked)
		return;
	ret->is_asked = true;
	ret->is_known = stat_birth(fd, &ret->time) == 0;
}

void level_note_birth(struct level *level)
{
	note_birth(level->src.fd, &level->src_birth);
	note_birth(level->dst, &level->dst_birth);
}

void level_close(struct level *level)
{
	if (level->has_more)
		level->list_err = level_read(level, LEVEL_ALL);
	fd_closep(&level->src.fd);
	fd_closep(&level->dst);
}

void level_free(struct level *level)
{
	source_release(&level->src);
	fd_closep(&level->dst);
	dir_list_release(&level->list);
	twins_release(&level->twins);
	path_release(&level->given_src);
	path_release(&level->given_dst);
	free(level);
}

void level_ends_release(struct level_ends *ends)
{
	fd_closep(&ends->src);
	fd_closep(&ends->dst);
}

/*
 * Can the existing file be used as the directory?  Returns 0, with *RET_LINK
 * set if it is a link to one, or -errno with *RETERR.
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

	return stat_at(at->dir, at->name, STAT_NOFOLLOW, &info) == 0 &&
	       inotab_get(
		       &run->created,
		       (struct inotab_key){ info.dev, info.ino, at->job->dst });
}

/*
 * The existing file is no directory: keep it as a backup, and make a directory.
 * If that fails, it gets its name back.  Returns 0, or -errno with *RETERR.
 */
static int make_over(const struct run *run, const struct level *level,
		     const struct label_job *at, struct fault *reterr)
{
	_cleanup_(freep) char *backup = NULL;
	int r;

	if (!level->up && run->policy->backup != BACKUP_NUMBERED &&
	    is_just_created(run, at))
		return fault_set(reterr, FAULT_JUST_CREATED, FAULT_DST,
				 -EEXIST);
	r = replace_backup(run->policy, at->dir, at->name, &backup, reterr);
	if (r < 0)
		return r;
	r = dir_make_at(at->dir, at->name,
			attrs_first_mode(run->policy, &level->src.info));
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

struct attrs_dst level_dst(const struct level *level)
{
	return (struct attrs_dst){ .fd = level->dst,
				   .info = &level->dst_info,
				   .is_new = level->is_new,
				   .is_opened = level->is_opened,
				   .acl_free = level->is_acl_free,
				   .flag_free = level->is_new && level->up &&
						level->up->flag_free };
}

/* Find out once per directory what new files inherit. */
static void look_for_heirlooms(const struct run *run, struct level *level)
{
	const struct level *up = level->up;
	unsigned preserve = run->policy->preserve;
	const struct attrs_dst dst = level_dst(level);
	uint32_t flags = 0;
	int r;

	if (preserve & PRESERVE_MODE) {
		level->is_acl_free = level->is_new && up && up->acl_free;
		level->acl_free = level->is_acl_free ||
				  !meta_has_acl(level->dst, META_ACL_DEFAULT);
	}
	if (preserve & PRESERVE_FLAGS) {
		attrs_before_data(run, &level->src, &dst);
		r = meta_get_flags(level->dst, &flags);
		level->flag_free = (r == 0 && flags == 0) || r == -ENOTTY ||
				   r == -EOPNOTSUPP;
	}
}

/*
 * If the umask denies the owner access, allow it until the directory is filled.
 */
static void open_up_mode(const struct run *run, struct level *level)
{
	if (level->is_new && run->umask & 0700)
		level->is_opened =
			meta_set_mode(level->dst,
				      level->dst_info.mode | 0700) == 0;
}

/*
 * Make LEVEL's directory, or find it.  Returns 0, with *RET_LINK set if it is
 * reached by a link, or -errno with *RETERR.
 */
static int make_or_find(const struct run *run, struct level *level,
			const struct label_job *at, bool *ret_link,
			struct fault *reterr)
{
	const struct policy *policy = run->policy;
	int r = entry_make_directory(
		policy, at->dir, at->name,
		attrs_first_mode(policy, &level->src.info));

	level->is_new = r == 0;
	if (r == -ENOENT && policy->no_create)
		return fault_set(reterr, FAULT_NOT_CREATING, FAULT_DST, r);
	if (r < 0 && r != -EEXIST)
		return fault_set(reterr, why_not_made(at->dir, at->name),
				 FAULT_DST, r);
	if (r == 0)
		return 0;

	/* As for a file in a new directory: copy.c. */
	if (level->up && level->up->is_new)
		return fault_set(reterr, existing_taken_op(at->dir, at->name),
				 FAULT_DST, r);
	r = check_existing(run, at->dir, at->name, ret_link, reterr);
	if (r == -ENOTDIR && policy->backup != BACKUP_NONE &&
	    !policy->no_create) {
		r = make_over(run, level, at, reterr);
		level->is_new = r == 0;
		*ret_link = false;
		return r;
	}
	if (r == -ENOTDIR && leads_to(at->dir, at->name, &level->src.info))
		return fault_set(reterr, FAULT_SAME_FILE, FAULT_DST, -EINVAL);
	return r;
}

int level_open(struct run *run, struct level *level, const struct label_job *at,
	       struct fault *reterr)
{
	bool link = false;
	int r = selinux_label_new(run, at, reterr);

	if (r == 0)
		r = make_or_find(run, level, at, &link, reterr);
	if (r < 0)
		return r;

	r = open_directory(at->dir, at->name, link, &level->dst);
	if (r == -ENOTDIR || r == -ELOOP)
		return fault_set(reterr, FAULT_SWAPPED, FAULT_DST, r);
	if (r == 0)
		r = stat_fd(level->dst, &level->dst_info);
	if (r < 0)
		return fault_set(reterr, FAULT_ACCESS, FAULT_DST, r);
	if (file_info_same(&level->dst_info, &level->src.info))
		return fault_set(reterr, FAULT_SAME_FILE, FAULT_DST, -EINVAL);
	r = level->is_new ? 0 : selinux_label_old(run, at, level->dst, reterr);
	if (r < 0)
		return r;
	open_up_mode(run, level);
	look_for_heirlooms(run, level);
	return 0;
}

int level_read(struct level *level, size_t most)
{
	int r = dir_list_read(level->src.fd, most, &level->list);

	level->has_more = r == 1;
	return r < 0 ? r : 0;
}

int level_next(struct level *level, struct dir_entry *ret)
{
	if (level->list.left == 0 && level->has_more) {
		dir_list_release(&level->list);
		level->list_err = level_read(level, LEVEL_BATCH);
	}
	return dir_list_next(&level->list, ret) ? 1 : TAKE(level->list_err, 0);
}

void level_drop_entries(struct level *level)
{
	dir_list_release(&level->list);
	level->has_more = false;
	level->list_err = 0;
}

static int open_twins(const struct level *level, struct level *part)
{
	int r = fd_twin(level->src.fd, &part->src.fd);

	return r < 0 ? r : fd_twin(level->dst, &part->dst);
}

int level_give_paths(struct level *level, const struct path *src,
		     const struct path *dst)
{
	int r = path_add(&level->given_src, src->text);

	return r < 0 ? r : path_add(&level->given_dst, dst->text);
}

struct level *level_split(struct level *here, const struct path *src,
			  const struct path *dst)
{
	struct level *part = calloc(1, sizeof(*part));

	if (!part)
		return NULL;
	part->src.fd = FD_NONE;
	part->dst = FD_NONE;
	if (level_give_paths(part, src, dst) < 0 ||
	    open_twins(here, part) < 0 ||
	    dir_list_split(&here->list, &part->list) < 0) {
		level_free(part);
		return NULL;
	}
	part->up = here->is_part ? here->up : here;
	part->number = here->number;
	part->src.info = here->src.info;
	part->dst_info = here->dst_info;
	part->src_len = here->src_len;
	part->dst_len = here->dst_len;
	part->is_part = true;
	part->is_new = here->is_new;
	part->acl_free = here->acl_free;
	part->flag_free = here->flag_free;
	return part;
}

/* A directory to reopen. */
struct wanted {
	const struct file_info *info;
	const struct birth *birth;
	const struct path *path; /* its first LEN bytes are its path */
	size_t len;
};

static bool is_born_then(fd_t fd, const struct birth *birth)
{
	struct timestamp now;

	return !birth->is_known ||
	       (stat_birth(fd, &now) == 0 && now.sec == birth->time.sec &&
		now.nsec == birth->time.nsec);
}

/* Is FD the directory WANTED?  Then it becomes *RET. */
static int check(fd_t *fd, const struct wanted *wanted, fd_t *ret)
{
	struct file_info now;
	int r = stat_fd(*fd, &now);

	if (r == 0 && (!file_info_same(&now, wanted->info) ||
		       !is_born_then(*fd, wanted->birth)))
		r = -EBUSY;
	if (r == 0)
		*ret = TAKE(*fd, FD_NONE);
	return r;
}

/* Open ".." of BELOW, which must be WANTED. */
static int open_up(fd_t below, const struct wanted *wanted, fd_t *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int r = open_directory(below, "..", false, &fd);

	return r < 0 ? r : check(&fd, wanted, ret);
}

/* The same by its path, which may lead to another directory by now. */
static int open_path(const struct wanted *wanted, fd_t *ret)
{
	_cleanup_(freep) char *text = strndup(wanted->path->text, wanted->len);
	_cleanup_(fd_closep) fd_t start = FD_NONE;
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int r = text ? fd_open_long(text, FD_PATH, &start) : -ENOMEM;

	if (r < 0)
		return r;
	if (!wanted->birth->is_known)
		return -EBUSY;
	if (open_directory(start, ".", false, &fd) < 0)
		fd = TAKE(start, FD_NONE);
	return check(&fd, wanted, ret);
}

/* Open the directory above BELOW, if BELOW is open, or else by its path. */
static int open_above(fd_t below, const struct wanted *wanted, fd_t *ret)
{
	int r;

	if (below == FD_NONE)
		return open_path(wanted, ret);
	r = open_up(below, wanted, ret);
	return r < 0 && open_path(wanted, ret) == 0 ? 0 : r;
}

/* For want of a descriptor it is not known: then yes. */
static bool leads_up(fd_t below, const struct wanted *wanted)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;

	return open_above(below, wanted, &fd) != -EBUSY;
}

bool level_leads_up(const struct level *level, const struct path *src,
		    const struct path *dst)
{
	const struct level *up = level->up;

	return leads_up(level->src.fd,
			&(struct wanted){ &up->src.info, &up->src_birth, src,
					  up->src_len }) &&
	       leads_up(level->dst,
			&(struct wanted){ &up->dst_info, &up->dst_birth, dst,
					  up->dst_len });
}

static enum fault_op why_lost(int r)
{
	return r == -EBUSY ? FAULT_SWAPPED : FAULT_ACCESS;
}

int level_open_above(struct level *level, const struct path *src,
		     const struct path *dst, struct level_ends *ret,
		     struct fault *reterr)
{
	_cleanup_(level_ends_release) struct level_ends ends = LEVEL_ENDS_NONE;
	const struct level *up = level->up;
	int r;

	if (level->is_part && level->dst != FD_NONE) {
		ret->src = TAKE(level->src.fd, FD_NONE);
		ret->dst = TAKE(level->dst, FD_NONE);
		return 0;
	}
	r = open_above(level->src.fd,
		       &(struct wanted){ &up->src.info, &up->src_birth, src,
					 up->src_len },
		       &ends.src);
	if (r < 0)
		return fault_set(reterr, why_lost(r), FAULT_SRC, r);
	r = open_above(level->dst,
		       &(struct wanted){ &up->dst_info, &up->dst_birth, dst,
					 up->dst_len },
		       &ends.dst);
	if (r < 0)
		return fault_set(reterr, why_lost(r), FAULT_DST, r);
	*ret = TAKE(ends, LEVEL_ENDS_NONE);
	return 0;
}

int level_note_twins(struct level *level)
{
	_cleanup_(twins_release) struct twins twins = TWINS_EMPTY;
	struct dir_list all = level->list;
	struct dir_entry entry;

	if (level->is_new || all.left < 2 || all.len > UINT32_MAX)
		return 0;
	if (twins_reserve(&twins, all.left) < 0)
		return -ENOMEM;
	while (dir_list_next(&all, &entry))
		twins_add(&twins, entry.name, (uint32_t)(entry.name - all.buf));
	if (twins.found)
		level->twins = TAKE(twins, TWINS_EMPTY);
	return 0;
}

bool level_is_taken(const struct level *level, const struct dir_entry *entry)
{
	struct file_info first;
	struct file_info now;
	const char *name;

	if (!level->twins.found)
		return false;
	name = level->list.buf + twins_first(&level->twins, entry->name);
	/* A file with several hard links proves nothing. */
	return name != entry->name &&
	       stat_at(level->dst, entry->name, STAT_NOFOLLOW, &now) == 0 &&
	       stat_at(level->dst, name, STAT_NOFOLLOW, &first) == 0 &&
	       file_info_same(&first, &now) &&
	       (now.type == FILE_DIRECTORY || now.nlink == 1);
}
