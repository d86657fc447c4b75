/* SPDX-License-Identifier: BSD-2-Clause */
#include "node.h"

#include <errno.h>

#include "attrs.h"
#include "base.h"
#include "special.h"
#include "stat.h"

/* Open the node that was made, and check that it is the right file. */
static int open_made(const struct item *item, const struct temp *t,
		     struct file_info *ret_info, fd_t *ret,
		     struct fault *reterr)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int r = fd_open_at(t->dir, temp_chosen(t), FD_PATH | FD_NOFOLLOW, &fd);

	if (r == 0)
		r = stat_fd(fd, ret_info);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	if (ret_info->type != item->src->info.type ||
	    ret_info->rdev != item->src->info.rdev)
		return fault_set(reterr, FAULT_SWAPPED, FAULT_DST, -EBUSY);
	*ret = TAKE(fd, FD_NONE);
	return 0;
}

int node_copy(struct run *run, struct item *item, struct fault *reterr)
{
	_cleanup_(temp_dropp) struct temp tmp = TEMP_EMPTY;
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	const struct file_info *src = &item->src->info;
	const struct label_job lj = item_label(item, src->type);
	const enum fault_op op = item_create_op(run->policy, src->type);
	struct file_info made = { .type = FILE_OTHER };
	int r;

	r = item_check_place(run, item, op, reterr);
	if (r == 0)
		r = label_new(run, &lj, reterr);
	if (r < 0)
		return r;
	temp_node(item->dir, item->name, item->making == MAKING_BESIDE, &tmp);
	r = special_node_at(tmp.dir, temp_chosen(&tmp), src,
			    attrs_first_mode(run->policy, src));
	if (r < 0) {
		temp_failed(&tmp);
		return fault_set(reterr, item_failed_op(run, item, op, r),
				 FAULT_DST, r);
	}
	temp_exists(&tmp);

	r = open_made(item, &tmp, &made, &fd, reterr);
	if (r < 0)
		return r;
	(void)attrs_apply(run, &item->job, item->src,
			  &(struct attrs_dst){ .fd = fd,
					       .dir = tmp.dir,
					       .name = temp_chosen(&tmp),
					       .info = &made,
					       .is_new = true,
					       .acl_free = item->acl_free });
	return item_commit(run, item, &tmp, reterr);
}
