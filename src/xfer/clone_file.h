/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "xfer.h"

/* Clone whole files. */

enum {
	CLONE_FILE_REFUSED = 1, /* counts.clone_err says why */
};

/*
 * Clone all of X's source to its destination, with what makes that possible.
 * Until a clone begins, an existing destination keeps its content.
 *
 * Returns 0 if the destination is a clone; -errno with *RETERR if nothing else
 * may be tried; CLONE_FILE_REFUSED, XFER_OTHER.
 */
int clone_file(struct xfer *x, struct fault *reterr);

/*
 * After XFER_OTHER: clone to OTHER, which becomes X's destination if that
 * works.  FD_NONE: there is no such file.
 *
 * Returns as clone_file() does.
 */
int clone_file_to_other(struct xfer *x, fd_t other, struct fault *reterr);

/*
 * The decision to copy bytes: empty the destination.  If its old content may
 * have been the obstacle to the clone, try that again.
 *
 * Returns as clone_file() does.
 */
int clone_file_give_up(struct xfer *x, struct fault *reterr);
