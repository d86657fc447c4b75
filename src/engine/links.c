/* SPDX-License-Identifier: BSD-2-Clause */
#include "links.h"

#include <errno.h>

#include "attrs.h"
#include "base.h"
#include "dir.h"
#include "pathname.h"
#include "replace.h"
#include "special.h"
#include "stat.h"

/* The target of a new hard link: its descriptor, or else one of its names. */
struct named {
	fd_t fd; /* opened with FD_PATH; FD_NONE: by name only */
	fd_t dir;
	const char *name;
	enum stat_link link;   /* whether the name is followed */
	struct file_info file; /* what file that should be */
};

/* The name of SRC was looked up again: is it still the same file? */
static int check_linked(const struct named *src, fd_t dir, const char *name,
			struct fault *reterr)
{
	struct file_info made;
	int r = stat_at(dir, name, STAT_NOFOLLOW, &made);

	if (r < 0)
		return fault_set_in(reterr, CALL_FSTATAT, FAULT_STAT, FAULT_DST,
				    r);
	if (!file_info_same(&made, &src->file))
		return fault_set(reterr, FAULT_SWAPPED, FAULT_SRC, -EBUSY);
	return 0;
}

static int hard_link(struct run *run, struct entry *entry,
		     const struct named *src, struct fault *reterr)
{
	_cleanup_(dest_dropp) struct dest d =
		DEST_AT(entry->dir, entry->name, &run->refusals);
	const char *name = dest_reserve(&d, entry->making);
	bool by_name = src->fd == FD_NONE;
	int r = replace_check_place(run, entry, reterr);

	if (r < 0)
		return r;
	if (!by_name) {
		r = special_hard_link_fd(src->fd, d.dir, name);
		/* Without /proc this may need root, or a newer kernel. */
		by_name = r == -ENOENT;
	}
	if (by_name)
		r = special_hard_link_at(src->dir, src->name, src->link, d.dir,
					 name);
	if (dest_made(&d, r) < 0)
		return fault_set(reterr, FAULT_HARD_LINK, FAULT_DST, r);
	if (by_name)
		r = check_linked(src, d.dir, name, reterr);
	if (r == 0)
		r = replace_commit(run, entry, &d, reterr);
	/* Renaming one hard link over another of the same file does nothing. */
	if (r == 0 && entry->making == DEST_BESIDE)
		(void)dir_remove_at(d.dir, name);
	return r;
}

int link_hard(struct run *run, struct entry *entry, struct fault *reterr)
{
	const struct named src = {
		.fd = FD_NONE,
		.dir = entry->src->dir,
		.name = entry->src->name,
		.link = entry->src->follow ? STAT_FOLLOW : STAT_NOFOLLOW,
		.file = entry->src->info,
	};

	return hard_link(run, entry, &src, reterr);
}

/* Open PATH as HOW says, if it is WANTED. */
static int open_copy(const char *path, unsigned how,
		     const struct file_info *wanted, fd_t *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info now;
	int r = fd_open_long(path, how, &fd);

	if (r == 0)
		r = stat_fd(fd, &now);
	if (r == 0 && !file_info_same(&now, wanted))
		r = -ESTALE;
	if (r < 0)
		return r;
	*ret = TAKE(fd, FD_NONE);
	return 0;
}

/* Does R mean that the copy no longer has its name? */
static bool is_gone(int r)
{
	return r == -ENOENT || r == -ESTALE || r == -ENOTDIR || r == -ELOOP;
}

int link_to_copy(struct run *run, struct entry *entry,
		 const struct first_copy *copy, struct fault *reterr)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct named src = { .dir = FD_CWD,
			     .name = copy->path,
			     .link = STAT_NOFOLLOW,
			     .file = { .dev = copy->dev, .ino = copy->ino } };
	int r;

	/* The copy, or the target of a link that it was written through. */
	r = open_copy(copy->path, FD_PATH | FD_NOFOLLOW, &src.file, &fd);
	if (r < 0) {
		src.link = STAT_FOLLOW;
		r = open_copy(copy->path, FD_PATH, &src.file, &fd);
	}
	if (is_gone(r))
		return 1;
	if (r < 0) {
		(void)fault_set(reterr, FAULT_OPEN, FAULT_COPY, r);
		reterr->makes = FAULT_HARD_LINK;
		return r;
	}
	src.fd = fd;
	return hard_link(run, entry, &src, reterr);
}

static int symlink_to(struct run *run, struct entry *entry, const char *target,
		      struct fault *reterr)
{
	_cleanup_(dest_dropp) struct dest d =
		DEST_AT(entry->dir, entry->name, &run->refusals);
	const char *name = dest_reserve(&d, entry->making);
	const struct label_job lj = entry_label(entry, FILE_SYMLINK);
	int r = replace_check_place(run, entry, reterr);

	if (r == 0)
		r = selinux_label_new(run, &lj, reterr);
	if (r < 0)
		return r;
	r = dest_made(&d, special_symlink_at(target, d.dir, name));
	if (r < 0)
		return entry_fault(run, entry, entry_step(run, entry), r,
				   reterr);
	attrs_apply_link(run, &entry->job, entry->src, d.dir, name);
	return replace_commit(run, entry, &d, reterr);
}

/* Is DIR the working directory?  Only there a relative target is right. */
static bool stands_in(fd_t dir)
{
	struct file_info here;
	struct file_info there;

	if (dir == FD_CWD)
		return true;
	return stat_fd(FD_CWD, &here) == 0 && stat_fd(dir, &there) == 0 &&
	       file_info_same(&here, &there);
}

int link_check_symbolic(const struct entry *entry, struct fault *reterr)
{
	if (pathname_is_absolute(entry->job.src) || stands_in(entry->dir))
		return 0;
	return fault_set(reterr, FAULT_RELATIVE_LINK, FAULT_DST, -EINVAL);
}

int link_symbolic(struct run *run, struct entry *entry, struct fault *reterr)
{
	int r = link_check_symbolic(entry, reterr);

	if (r < 0)
		return r;
	return symlink_to(run, entry, entry->job.src, reterr);
}

int link_copy(struct run *run, struct entry *entry, struct fault *reterr)
{
	_cleanup_(freep) char *target = NULL;
	int r = special_read_link(entry->src->fd, &target);

	if (r < 0)
		return fault_set(reterr, FAULT_READ_LINK, FAULT_SRC, r);
	return symlink_to(run, entry, target, reterr);
}
