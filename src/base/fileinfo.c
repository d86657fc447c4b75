/* SPDX-License-Identifier: BSD-2-Clause */
#include "fileinfo.h"

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
