/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdint.h>

#include "fd.h"

/* A link that is not followed. */
struct foreign_link {
	char *path; /* owned */
	uint32_t owner;
};

#define FOREIGN_LINK_NONE         \
	(struct foreign_link)     \
	{                         \
		.path = (char *)0 \
	}

/* Free it.  For _cleanup_. */
void foreign_link_release(struct foreign_link *link);

/*
 * Open the directory NAME of DIR, to look at, where somebody else may have put
 * links: one is followed, step by step, only if root or the user owns it, and so
 * is each that this leads through.  PATH is NAME's, to be told.
 *
 * Returns 0 with *RET the caller's to close; 1 with *RETERR the link that is
 * somebody else's; or -errno of open(2), -ENOTDIR, -ELOOP, -ENOMEM.
 */
int way_open(fd_t dir, const char *name, const char *path,
	     struct foreign_link *reterr, fd_t *ret);

/* The same for what is no directory, perhaps. */
int way_open_any(fd_t dir, const char *name, const char *path,
		 struct foreign_link *reterr, fd_t *ret);
