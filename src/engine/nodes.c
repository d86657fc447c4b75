/* SPDX-License-Identifier: BSD-2-Clause */
#include "nodes.h"

#include <errno.h>

#include "attrs.h"
#include "base.h"
#include "replace.h"
#include "special.h"
#include "stat.h"

/* Open the node that was made, and check that it is the right file. */
static int open_made(const struct entry *entry, const char *name,
		     struct file_info *ret_info, fd_t *ret,
		     struct fault *reterr)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int r = fd_open_at(entry->dir, name, FD_PATH | FD_NOFOLLOW, &fd);

	if (r < 0)
		return fault_set_in(reterr, CALL_OPENAT, FAULT_STAT, FAULT_DST,
				    r);
	r = stat_fd(fd, ret_info);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	if (ret_info->type != entry->src->info.type ||
	    ret_info->rdev != entry->src->info.rdev)
		return fault_set(reterr, FAULT_SWAPPED, FAULT_DST, -EBUSY);
	*ret = TAKE(fd, FD_NONE);
	return 0;
}

int node_copy(struct run *run, struct entry *entry, struct fault *reterr)
{
	_cleanup_(dest_dropp) struct dest d =
		DEST_AT(entry->dir, entry->name, &run->refusals);
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	const char *name = dest_reserve(&d, entry->making);
	const struct file_info *src = &entry->src->info;
	const struct label_job lj = entry_label(entry, src->type);
	struct file_info made = { .type = FILE_OTHER };
	int r;

	r = replace_check_place(run, entry, reterr);
	if (r == 0)
		r = selinux_label_new(run, &lj, reterr);
	if (r < 0)
		return r;
	r = dest_made(&d, special_node_at(d.dir, name, src,
					  attrs_first_mode(run->policy, src)));
	if (r < 0)
		return entry_fault(run, entry, entry_step(run, entry), r,
				   reterr);

	r = open_made(entry, name, &made, &fd, reterr);
	if (r < 0)
		return r;
	(void)attrs_apply(run, &entry->job, entry->src,
			  &(struct attrs_dst){ .at = { fd, d.dir, name },
					       .info = &made,
					       .is_new = true,
					       .acl_free = entry->acl_free });
	return replace_commit(run, entry, &d, reterr);
}
