/* SPDX-License-Identifier: BSD-2-Clause */
#include "source.h"

#include <errno.h>

#include "base.h"
#include "pathname.h"
#include "stat.h"

bool source_follows(const struct policy *policy, bool operand)
{
	switch (policy->deref) {
	case DEREF_DEFAULT:
	case DEREF_ALWAYS:
		return true;
	case DEREF_COMMAND_LINE:
		return operand;
	case DEREF_NEVER:
		break;
	}
	return false;
}

/*
 * May the file be opened for reading before it is known that it will be read?
 * Opening a FIFO unblocks its writer; opening a device may do anything.  The
 * answer is a hint; the facts come from the descriptor.
 *
 * Returns 1 if it may, 0 if not, or -errno.
 */
static int opens_quietly(const struct source *src, enum file_type type,
			 const struct policy *policy)
{
	struct file_info info;

	if (type == FILE_OTHER || (type == FILE_SYMLINK && src->follow)) {
		int r = stat_at(src->dir, src->name,
				src->follow ? STAT_FOLLOW : STAT_NOFOLLOW,
				&info);

		if (r < 0)
			return r;
		type = info.type;
	}
	if (type == FILE_DIRECTORY)
		return 1;
	return type == FILE_REGULAR && policy->make == MAKE_COPY;
}

/*
 * Open for reading if possible, else with FD_PATH.  *RETERR_CALL is the call
 * that fails.
 */
static int open_either(struct source *src, enum file_type type,
		       const struct policy *policy,
		       enum fault_call *reterr_call)
{
	unsigned how = (src->follow ? 0 : FD_NOFOLLOW) |
		       (policy->dry_run ? FD_NO_ATIME : 0);
	int r = opens_quietly(src, type, policy);

	*reterr_call = CALL_FSTATAT;
	if (r < 0)
		return r;
	*reterr_call = CALL_OPENAT;
	if (r > 0) {
		src->read_err =
			fd_open_at(src->dir, src->name,
				   how | FD_READ | FD_NO_WAIT, &src->fd);
		/* Another process has a lease on it: wait until that ends. */
		if (src->read_err == -EAGAIN)
			src->read_err = fd_open_at(src->dir, src->name,
						   how | FD_READ, &src->fd);
		if (src->read_err == 0)
			return 0;
	}
	src->only_looks = true;
	return fd_open_at(src->dir, src->name, how | FD_PATH, &src->fd);
}

/* Was SRC found in a directory, and not only the link that it is? */
static bool was_there(const struct source *src, enum file_type type)
{
	return src->dir != FD_CWD &&
	       (!src->follow || (type != FILE_SYMLINK && type != FILE_OTHER));
}

int source_open(struct source *src, enum file_type type,
		const struct policy *policy, struct fault *reterr)
{
	enum fault_call call;
	int r = open_either(src, type, policy, &call);

	if (r < 0) {
		(void)fault_set_in(reterr, call, FAULT_STAT, FAULT_SRC, r);
		reterr->vanished = r == -ENOENT && was_there(src, type);
		return r;
	}
	r = stat_fd(src->fd, &src->info);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_SRC, r);
	/* A link that was followed and is still one: /dev/stdin, closed. */
	if (src->info.type == FILE_SYMLINK && src->follow)
		return fault_set_in(reterr, CALL_NONE, FAULT_STAT, FAULT_SRC,
				    -ELOOP);

	src->target = src->info;
	src->has_target =
		src->info.type != FILE_SYMLINK ||
		stat_at(src->dir, src->name, STAT_FOLLOW, &src->target) == 0;
	return 0;
}

int source_readable(struct source *src, struct fault *reterr)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info now;
	int r = src->read_err;

	if (r < 0)
		return fault_set(reterr, FAULT_OPEN, FAULT_SRC, r);
	if (!src->only_looks)
		return 0;

	r = fd_open_at(src->dir, src->name,
		       src->follow ? FD_READ : FD_READ | FD_NOFOLLOW, &fd);
	if (r < 0)
		return fault_set(reterr, FAULT_OPEN, FAULT_SRC, r);
	r = stat_fd(fd, &now);
	if (r < 0)
		return fault_set_in(reterr, CALL_FSTAT, FAULT_OPEN, FAULT_SRC,
				    r);
	if (!file_info_same(&now, &src->info))
		return fault_set(reterr, FAULT_SWAPPED, FAULT_SRC, -EBUSY);

	fd_closep(&src->fd);
	src->fd = TAKE(fd, FD_NONE);
	src->only_looks = false;
	return 0;
}

int source_directory(const char *path, struct file_info *ret)
{
	_cleanup_(freep) char *parent = pathname_parent(path);

	if (!parent)
		return -ENOMEM;
	return stat_at(FD_CWD, *parent ? parent : ".", STAT_FOLLOW, ret);
}

int source_found_in(const struct source *src, struct file_info *ret)
{
	return src->dir == FD_CWD ? source_directory(src->name, ret)
				  : stat_fd(src->dir, ret);
}

void source_release(struct source *src)
{
	fd_closep(&src->fd);
}
