/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdint.h>

#include "fd.h"

/* A link that is not followed, because another user owns it. */
struct foreign_link {
	char *path; /* owned */
	uint32_t owner;
};

#define FOREIGN_LINK_NONE ((struct foreign_link){ .path = (char *)0 })

/* Free it.  For _cleanup_. */
void foreign_link_release(struct foreign_link *link);

enum {
	TRUSTED_PATH_FOREIGN = 1, /* another user owns a link on the way */
	TRUSTED_PATH_OTHER = 2,	  /* it is no directory */
};

/*
 * Open NAME in DIR with FD_PATH, where other users may have put links.  A link
 * is followed, step by step, only if root or the user owns it and each link that
 * it leads through.  PATH is the path of NAME, for messages.
 *
 * Returns 0 or TRUSTED_PATH_OTHER with *RET, which the caller closes;
 * TRUSTED_PATH_FOREIGN with *RETERR the link; or -errno of open(2), -ENOTDIR,
 * -ELOOP, -ENOMEM.
 */
int trusted_path_open(fd_t dir, const char *name, const char *path,
		      struct foreign_link *reterr, fd_t *ret);
