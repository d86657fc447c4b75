/* SPDX-License-Identifier: BSD-2-Clause */
#include "fileinfo.h"

bool owner_equal(struct owner a, struct owner b)
{
	return a.user == b.user && a.group == b.group;
}

bool file_type_is_node(enum file_type type)
{
	return type == FILE_FIFO || type == FILE_SOCKET ||
	       type == FILE_CHAR_DEVICE || type == FILE_BLOCK_DEVICE;
}

bool file_info_same(const struct file_info *a, const struct file_info *b)
{
	return a->ino == b->ino && a->dev == b->dev;
}

int timestamp_compare(struct timestamp a, struct timestamp b)
{
	if (a.sec != b.sec)
		return a.sec < b.sec ? -1 : 1;
	if (a.nsec != b.nsec)
		return a.nsec < b.nsec ? -1 : 1;
	return 0;
}

struct timestamp timestamp_cut(struct timestamp t, uint64_t step)
{
	if (step > SECOND)
		return (struct timestamp){ t.sec - (t.sec & 1), 0 };
	return (struct timestamp){ t.sec, t.nsec - t.nsec % (uint32_t)step };
}

uint64_t file_info_time_step(const struct file_info *info)
{
	uint64_t step = SECOND;

	while (info->mtime.nsec % step || info->ctime.nsec % step ||
	       info->atime.nsec % step)
		step /= 10;
	return step;
}
