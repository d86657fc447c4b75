/* SPDX-License-Identifier: BSD-2-Clause */
#include "data_runs.h"

#include "layout.h"
#include "zero.h"

/* Is there data at OFF, which begins a block? */
static bool is_data(fd_t fd, uint64_t off)
{
	uint64_t found;
	int r = layout_find_data(fd, off, &found);

	return r == LAYOUT_UNKNOWN || (r == LAYOUT_DATA && found == off);
}

/* Find the next run of data, block by block, up to END. */
static int find_near(fd_t fd, uint64_t off, uint64_t end, struct range *ret)
{
	uint64_t start = off;
	uint64_t stop;

	if (layout_find_data(fd, off, &start) == LAYOUT_END || start >= end)
		return LAYOUT_END;
	stop = start - start % ZERO_BLOCK + ZERO_BLOCK;
	while (stop < end && is_data(fd, stop))
		stop += ZERO_BLOCK;
	*ret = (struct range){ start, (stop < end ? stop : end) - start };
	return LAYOUT_DATA;
}

/*
 * Find the next run of data.  Finding the next hole can take time in proportion
 * to the data before it (tmpfs, Linux 6.18).  So it is done only if much of that
 * data will be copied, and the result is kept.
 */
static int find(struct data_runs *runs, uint64_t off, uint64_t end,
		struct range *ret)
{
	struct range *known = &runs->known;
	int r = LAYOUT_DATA;

	if (off >= end)
		return LAYOUT_END;
	if (off < known->off || off >= known->off + known->len) {
		if (!runs->far)
			return find_near(runs->fd, off, end, ret);
		r = layout_next_data(runs->fd, off, RANGE_OFF_MAX, known);
		if (r == LAYOUT_END)
			known->len = 0;
	}
	if (r == LAYOUT_END || known->off >= end)
		return LAYOUT_END;
	runs->is_unknown |= r == LAYOUT_UNKNOWN;
	ret->off = off < known->off ? known->off : off;
	ret->len = known->off + known->len - ret->off;
	if (ret->len > end - ret->off)
		ret->len = end - ret->off;
	return LAYOUT_DATA;
}

void data_runs_begin(struct data_runs *runs)
{
	runs->n = 0;
	runs->next = 0;
	runs->is_complete = false;
}

void data_runs_find(struct data_runs *runs, uint64_t off, uint64_t end)
{
	data_runs_begin(runs);
	while (runs->n < DATA_RUNS_AHEAD && !runs->is_complete) {
		struct range *data = &runs->ahead[runs->n];

		if (find(runs, off, end, data) == LAYOUT_END) {
			runs->is_complete = true;
			runs->has_holes |= off < end;
		} else {
			runs->has_holes |= data->off > off;
			off = data->off + data->len;
			runs->n++;
		}
	}
}

bool data_runs_next(struct data_runs *runs, uint64_t off, uint64_t end,
		    struct range *ret)
{
	if (runs->next == runs->n && !runs->is_complete)
		data_runs_find(runs, off, end);
	if (runs->next == runs->n)
		return false;
	*ret = runs->ahead[runs->next++];
	return true;
}
