/* SPDX-License-Identifier: BSD-2-Clause */
#include "source.h"

#include <errno.h>

#include "base.h"
#include "stat.h"

/* Open for reading if that can be; if not, to look at. */
static int open_either(const char *path, const struct policy *policy,
		       struct source *src)
{
	unsigned how = policy->deref == DEREF_NEVER ? FD_NOFOLLOW : 0;

	if (policy->make == MAKE_COPY) {
		src->read_err = fd_open_at(
			FD_CWD, path, how | FD_READ | FD_NO_WAIT, &src->fd);
		if (src->read_err == 0 || src->read_err == -ENOENT)
			return src->read_err;
	}
	return fd_open_at(FD_CWD, path, how | FD_PATH, &src->fd);
}

int source_open(const char *path, const struct policy *policy,
		struct source *ret, struct fault *reterr)
{
	_cleanup_(source_release) struct source src = SOURCE_EMPTY;
	int r;

	r = open_either(path, policy, &src);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_SRC, r);
	r = stat_fd(src.fd, &src.info);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_SRC, r);

	src.target = src.info;
	src.has_target = src.info.type != FILE_SYMLINK ||
			 stat_at(FD_CWD, path, STAT_FOLLOW, &src.target) == 0;

	*ret = TAKE(src, SOURCE_EMPTY);
	return 0;
}

int source_readable(struct source *src, struct fault *reterr)
{
	int r = src->read_err;

	if (r == 0 && src->info.type != FILE_REGULAR)
		r = fd_wait_readable(src->fd);
	if (r < 0)
		return fault_set(reterr, FAULT_OPEN, FAULT_SRC, r);
	return 0;
}

void source_release(struct source *src)
{
	fd_closep(&src->fd);
}
