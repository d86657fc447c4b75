/* SPDX-License-Identifier: BSD-2-Clause */
#include "layout.h"

#include <errno.h>
#include <unistd.h>

int layout_find_data(fd_t fd, uint64_t off, uint64_t *ret)
{
	off_t data = lseek(fd, (off_t)off, SEEK_DATA);

	if (data < 0)
		return errno == ENXIO ? LAYOUT_END : LAYOUT_UNKNOWN;
	if (data < (off_t)off)
		return LAYOUT_UNKNOWN;
	*ret = (uint64_t)data;
	return LAYOUT_DATA;
}

int layout_next_data(fd_t fd, uint64_t off, uint64_t end, struct range *ret)
{
	uint64_t data;
	off_t hole;
	int r;

	if (off >= end)
		return LAYOUT_END;

	*ret = (struct range){ .off = off, .len = end - off };
	r = layout_find_data(fd, off, &data);
	if (r != LAYOUT_DATA)
		return r;
	if (data >= end)
		return LAYOUT_END;

	/*
	 * If the file is changing, its data may be gone by now.  Then the
	 * answer is not beyond DATA, and the rest counts as data.
	 */
	hole = lseek(fd, (off_t)data, SEEK_HOLE);
	if (hole <= (off_t)data || (uint64_t)hole > end)
		hole = (off_t)end;

	*ret = (struct range){ .off = data, .len = (uint64_t)hole - data };
	return LAYOUT_DATA;
}
