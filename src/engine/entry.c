/* SPDX-License-Identifier: BSD-2-Clause */
#include "entry.h"

#include <errno.h>
#include <stdlib.h>

#include "base.h"
#include "dir.h"
#include "stat.h"

int entry_make_directory(const struct policy *policy, fd_t dir,
			 const char *name, uint32_t mode)
{
	struct file_info there;
	int r;

	if (!policy->no_create)
		return dir_make_at(dir, name, mode);
	r = stat_at(dir, name, STAT_NOFOLLOW, &there);
	return r == 0 ? -EEXIST : r;
}

struct label_job entry_label(const struct entry *entry, enum file_type type)
{
	return (struct label_job){ .job = &entry->job,
				   .src = entry->src->fd,
				   .dir = entry->dir,
				   .name = entry->name,
				   .type = type };
}

void entry_end(const struct run *run, struct entry *entry)
{
	if (!entry->is_ended)
		run_end(run, &entry->job, &entry->out);
	entry->is_ended = true;
}

void entry_release(struct entry *entry)
{
	free(entry->backup);
	entry->backup = NULL;
	foreign_link_release(&entry->foreign);
	free(entry->ranges);
	entry->ranges = NULL;
}
