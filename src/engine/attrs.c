/* SPDX-License-Identifier: BSD-2-Clause */
#include "attrs.h"

#include <errno.h>

#include "base.h"
#include "meta.h"
#include "stat.h"
#include "xattrs.h"

#define SET_UID	  04000u
#define SET_GID	  02000u
#define STICKY	  01000u
#define RWX_ALL	  0777u
#define RWX_OWNER 0700u
#define MODE_ALL  07777u

/* The work on one destination. */
struct attrs {
	struct run *run;
	const struct job *job;
	const struct source *src;
	const struct attrs_dst *dst;
};

static void fail_in(const struct attrs *a, enum fault_op op,
		    enum fault_call call, int r)
{
	struct fault fault;

	(void)fault_set_in(&fault, call, op, FAULT_DST, r);
	run_fail(a->run, a->job, &fault, NULL);
}

static void fail(const struct attrs *a, enum fault_op op, int r)
{
	fail_in(a, op, CALL_OF_STEP, r);
}

/* The mode of a new file that does not get its source's. */
static uint32_t usual_mode(const struct policy *policy,
			   const struct file_info *src)
{
	bool directory = src->type == FILE_DIRECTORY;

	if (policy->preserve_denied & PRESERVE_MODE)
		return directory ? 0777 : 0666;
	return src->mode & (directory ? RWX_ALL | STICKY : RWX_ALL);
}

/* Is a new file made private first? */
static bool starts_private(const struct policy *policy,
			   const struct file_info *src)
{
	if (policy->preserve & (PRESERVE_MODE | PRESERVE_OWNERSHIP))
		return true;
	/* The owner must be able to write in a directory to fill it. */
	if (src->type == FILE_DIRECTORY && (src->mode & 0700) != 0700)
		return true;
	/* Setting extended attributes takes write permission. */
	return policy->preserve & PRESERVE_XATTR && !(src->mode & 0200);
}

uint32_t attrs_first_mode(const struct policy *policy,
			  const struct file_info *src)
{
	if (!starts_private(policy, src))
		return usual_mode(policy, src);
	return src->type == FILE_DIRECTORY ? 0700 : 0600;
}

/* May the owner differ silently?  Ordinary users can't give files away. */
static bool owner_may_differ(const struct run *run, int r)
{
	return (r == -EPERM || r == -EINVAL) && !run->privileged;
}

/*
 * Returns the mode bits that may be set.  If the owner should be the source's
 * and is not, the bits of group and others would admit the wrong users.
 */
static uint32_t apply_owner(const struct attrs *a)
{
	const struct file_info *src = &a->src->info;
	const struct file_info *dst = a->dst->info;
	unsigned preserve = a->run->policy->preserve;
	int r;

	if (!(preserve & PRESERVE_OWNERSHIP))
		return MODE_ALL;
	if (owner_equal(src->owner, dst->owner))
		return MODE_ALL;
	if (!a->dst->is_new) {
		/* Don't give the new owner the old owner's permissions. */
		if (preserve & PRESERVE_MODE)
			(void)meta_set_mode(a->dst->at.fd,
					    src->mode & dst->mode & 0700);
	}

	r = meta_set_owner(a->dst->at.fd, src->owner);
	if (r < 0 && owner_may_differ(a->run, r))
		r = meta_set_group(a->dst->at.fd, src->owner);
	if (r == 0 || owner_may_differ(a->run, r))
		return MODE_ALL;
	fail(a, FAULT_SET_OWNER, r);
	return RWX_OWNER;
}

/* The bits of the source's mode that the copy may have. */
static uint32_t fitting_mode(const struct attrs *a)
{
	uint32_t mode = a->src->info.mode;
	uint32_t owners = SET_UID | SET_GID;
	struct file_info now;
	int r;

	/* As cp: without the owner that should be preserved, drop it too. */
	if (a->run->policy->preserve & PRESERVE_OWNERSHIP)
		owners |= STICKY;
	if (!(mode & owners))
		return mode;
	r = stat_fd(a->dst->at.fd, &now);
	if (r < 0) {
		fail_in(a, FAULT_SET_MODE, CALL_FSTAT, r);
		return mode & ~owners;
	}
	/* The group decides who may run it, so it must be the same as well. */
	if (!owner_equal(now.owner, a->src->info.owner))
		mode &= ~owners;
	return mode;
}

/* The mode bits that a directory inherits from its parent. */
static uint32_t inherited_mode(const struct file_info *info)
{
	return info->type == FILE_DIRECTORY ? info->mode & SET_GID : 0;
}

/* Is the mode right already?  Setting it would change an ACL. */
static bool has_mode(const struct attrs *a, const struct xattrs *x,
		     uint32_t mode)
{
	struct file_info now;

	return x->serves_acl && stat_fd(a->dst->at.fd, &now) == 0 &&
	       now.mode == mode;
}

/* Set the mode bits that are in ALLOWED. */
static void apply_mode(const struct attrs *a, const struct xattrs *x,
		       uint32_t allowed)
{
	const struct policy *policy = a->run->policy;
	const struct file_info *src = &a->src->info;
	uint32_t mode;
	int r;

	if (policy->preserve & PRESERVE_MODE)
		mode = fitting_mode(a);
	else if (a->dst->is_opened ||
		 (a->dst->is_new && starts_private(policy, src)))
		mode = (usual_mode(policy, src) & ~a->run->umask) |
		       inherited_mode(a->dst->info);
	else
		return;

	if (has_mode(a, x, mode & allowed))
		return;
	r = meta_set_mode_of(&a->dst->at, mode & allowed);
	if (r < 0)
		fail(a, FAULT_SET_MODE, r);
	if (x->serves_acl)
		xattrs_after_mode(x);
}

static void apply_times(const struct attrs *a)
{
	const struct file_info *src = &a->src->info;
	int r;

	if (!(a->run->policy->preserve & PRESERVE_TIMESTAMPS))
		return;
	r = meta_set_times(&a->dst->at, src->atime, src->mtime);
	if (r < 0)
		fail(a, FAULT_SET_TIMES, r);
}

/* Does R mean that the file system has no inode flags, or no usable ones? */
static bool has_no_flags(int r)
{
	return r == -ENOTTY || r == -EOPNOTSUPP || r == -EINVAL ||
	       r == -ENOSYS || r == -EPERM || r == -EACCES;
}

/* Give the directory DST the flags that files in SRC would inherit. */
static void hand_down(const struct source *src, const struct attrs_dst *dst)
{
	const uint32_t heirlooms = meta_flags(META_FLAGS_HEIRLOOM);
	uint32_t wanted = src->flags & heirlooms;

	if (wanted || !dst->flag_free)
		(void)meta_set_flags(dst->at.fd, wanted,
				     ~heirlooms | meta_flags(META_FLAGS_PLACE));
}

void attrs_before_data(const struct run *run, struct source *src,
		       const struct attrs_dst *dst)
{
	uint32_t early;
	int r;

	if (!(run->policy->preserve & PRESERVE_FLAGS) || src->only_looks)
		return;
	r = meta_get_flags(src->fd, &src->flags);
	if (r < 0 && !has_no_flags(r))
		src->flags_err = r;
	if (r < 0)
		return;
	if (!dst->is_new)
		return;
	if (src->info.type == FILE_DIRECTORY) {
		hand_down(src, dst);
		return;
	}
	early = src->flags & meta_flags(META_FLAGS_EARLY);
	/* If it can't be set, the data is copied all the same. */
	if (early)
		(void)meta_add_flags(dst->at.fd, early);
}

/* Some flags need privileges, and some file systems lack some. */
static void set_flags(const struct attrs *a, fd_t fd, uint32_t flags,
		      uint32_t kept)
{
	int r = meta_set_flags(fd, flags, kept);

	/* The flags of an unreadable directory can't be read. */
	if (r < 0 && r != -EBADF && !(r == -EPERM && !a->run->privileged))
		fail(a, FAULT_SET_FLAGS, r);
}

static uint32_t apply_flags(const struct attrs *a)
{
	const uint32_t protecting = meta_flags(META_FLAGS_LATE);
	uint32_t late = a->src->flags & protecting;
	uint32_t flags;

	if (!(a->run->policy->preserve & PRESERVE_FLAGS) || a->src->only_looks)
		return 0;
	/* The source's flags are unknown: clear none. */
	if (a->src->flags_err) {
		(void)run_fault(a->run, a->job, FAULT_GET_FLAGS, FAULT_SRC,
				a->src->flags_err);
		return 0;
	}
	flags = a->src->flags & ~late;
	if (!flags && a->dst->flag_free)
		return late;
	/* Keep protecting flags, and those that belong to the place. */
	set_flags(a, a->dst->at.fd, flags,
		  protecting | meta_flags(META_FLAGS_PLACE));
	return late;
}

void attrs_set_late(struct run *run, const struct job *job, fd_t fd,
		    uint32_t late)
{
	const struct attrs a = { .run = run, .job = job };
	uint32_t flags;
	int r = late ? meta_get_flags(fd, &flags) : -ENOTTY;

	/* If the file system has none, the source's are lost silently. */
	if (r < 0 && !has_no_flags(r))
		fail_in(&a, FAULT_SET_FLAGS, CALL_GETFLAGS, r);
	else if (r == 0)
		set_flags(&a, fd, flags | late, 0);
}

uint32_t attrs_apply(struct run *run, const struct job *job,
		     const struct source *src, const struct attrs_dst *dst)
{
	const struct attrs a = {
		.run = run, .job = job, .src = src, .dst = dst
	};
	uint32_t allowed = apply_owner(&a);
	_cleanup_(xattrs_release) struct xattrs x = {
		.run = run,
		.job = job,
		.src = src,
		.dst = dst,
		.is_owned = allowed == MODE_ALL,
	};
	uint32_t late;

	if (run->policy->preserve & (PRESERVE_MODE | PRESERVE_XATTR))
		allowed &= xattrs_apply(&x);
	if (allowed)
		apply_mode(&a, &x, allowed);
	late = apply_flags(&a);
	apply_times(&a);
	return late;
}

void attrs_apply_link(struct run *run, const struct job *job,
		      const struct source *from, fd_t dir, const char *name)
{
	const struct attrs a = { .run = run, .job = job };
	const struct file_info *src = &from->info;
	unsigned preserve = run->policy->preserve;
	int r;

	if (preserve & PRESERVE_OWNERSHIP) {
		r = meta_set_link_owner(dir, name, src->owner);
		if (r < 0 && !owner_may_differ(run, r))
			fail(&a, FAULT_SET_OWNER, r);
	}
	if (preserve & PRESERVE_XATTR && src->type == FILE_SYMLINK)
		xattrs_apply_link(
			run, job, from,
			&(struct attrs_dst){ .at = { FD_NONE, dir, name } });
	if (preserve & PRESERVE_TIMESTAMPS) {
		r = meta_set_link_times(dir, name, src->atime, src->mtime);
		if (r < 0)
			fail(&a, FAULT_SET_TIMES, r);
	}
}
