/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fd.h"
#include "fileinfo.h"

/* The file that gets the attributes. */
struct attrs_dst {
	struct fd_named at;	      /* open for writing, or with FD_PATH */
	const struct file_info *info; /* facts from before any change */
	bool is_new;		      /* made by this run */
	bool is_opened; /* the owner got permissions that the umask denies */
	bool acl_free;	/* it is known to have no ACL */
	bool flag_free; /* it is known to have no inode flags */
};
