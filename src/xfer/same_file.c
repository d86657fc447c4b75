/* SPDX-License-Identifier: BSD-2-Clause */
#include "same_file.h"

#include <stdint.h>

#include "fs.h"
#include "meta.h"
#include "stat.h"

/* The coarsest step in which a file system stores times, in seconds: FAT. */
#define COARSEST ((int64_t)2)

static bool is_near(struct timestamp a, struct timestamp b)
{
	return a.sec - b.sec <= COARSEST && b.sec - a.sec <= COARSEST;
}

/* Does SRC's mtime change with DST's?  Returns true if in doubt. */
static bool moves_with(fd_t src, fd_t dst, struct timestamp mtime)
{
	const struct timestamp elsewhere = { mtime.sec - 4 * COARSEST, 0 };
	struct timestamp before;
	struct timestamp after;
	int r = stat_mtime_now(src, &before);

	if (r == 0)
		r = meta_set_mtime(dst, elsewhere);
	if (r < 0)
		return true;
	r = stat_mtime_now(src, &after);
	(void)meta_set_mtime(dst, mtime);
	return r < 0 || timestamp_compare(before, after) != 0;
}

bool same_file_disguised(fd_t src, const struct file_info *src_info, fd_t dst,
			 const struct file_info *dst_info)
{
	if (src_info->dev == dst_info->dev ||
	    src_info->size != dst_info->size ||
	    !is_near(src_info->mtime, dst_info->mtime) ||
	    !is_near(src_info->ctime, dst_info->ctime))
		return false;
	/* Two such file systems never show one file twice. */
	if (fs_sizes_are_exact(fs_sizes(src)) &&
	    fs_sizes_are_exact(fs_sizes(dst)))
		return false;
	return moves_with(src, dst, dst_info->mtime);
}
