/* SPDX-License-Identifier: BSD-2-Clause */
#include "time_step.h"

#include "base.h"
#include "fs.h"
#include "stat.h"

/* Finer steps are rare, and taken for coincidence. */
#define LEAST_STEP 100

/* Can times that are multiples of SHOWN come from a file system with STEP? */
static bool fits(uint64_t shown, uint64_t step)
{
	return shown >= step || (shown == SECOND && step > SECOND);
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t time_step_of(const struct entry *entry, const struct file_info *dst)
{
	unsigned how =
		dst->type == FILE_SYMLINK ? FD_PATH | FD_NOFOLLOW : FD_PATH;
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	uint64_t step = file_info_time_step(dst);
	struct file_info dir;
	uint64_t known;

	if (fd_open_at(entry->dir, entry->name, how, &fd) < 0)
		return 1;
	known = fs_time_step(fd);
	if (known > 0)
		return fits(step, known) ? known : 1;

	fd_closep(&fd);
	if (fd_open_at(entry->dir, ".", FD_PATH | FD_DIRECTORY, &fd) < 0 ||
	    stat_fd(fd, &dir) < 0)
		return 1;
	step = least(step, file_info_time_step(&dir));
	return step >= LEAST_STEP ? step : 1;
}
