/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fault.h"
#include "fd.h"
#include "stat.h"

/*
 * The destination as a transaction.  temp_commit() completes it; temp_drop()
 * undoes it.  There are four kinds:
 *
 * new       The file is created under its final name.  Dropping it removes it.
 * unnamed   The file has no name until it is committed; where that is not
 *           possible, it has a temporary name in the same directory.
 * beside    The file is created under a temporary name in the same directory
 *           (scratch.h).  Committing it renames it to the
 *           final name.  Dropping it removes it.
 * in place  An existing file is written.  Until temp_empty() or temp_spoil()
 *           is called, it keeps its old content.  After that, dropping it
 *           leaves it empty, never half old and half new.  Its mtime is then
 *           older than its source's, so that -u and make(1) don't take it for
 *           complete.
 */
struct temp {
	fd_t fd;		/* open for writing; FD_NONE once closed */
	fd_t dir;		/* directory of the name; not owned */
	const char *name;	/* the final name; not owned */
	char made[24];		/* an existing temporary name; "" if none */
	uint32_t mode;		/* of a new file: as requested */
	struct timestamp stale; /* the mtime that an emptied file gets */
	enum {
		TEMP_NOTHING,  /* nothing to undo */
		TEMP_NEW,      /* remove `name` */
		TEMP_UNNAMED,  /* nothing: closing it deletes it */
		TEMP_REFUSED,  /* remove `made`, if any; it can't get `name` */
		TEMP_HIDDEN,   /* remove `made`; `name` must still be free */
		TEMP_BESIDE,   /* remove `made` */
		TEMP_IN_PLACE, /* nothing to undo yet */
		TEMP_EMPTIED,  /* old content is gone: empty it again */
	} state;
};

#define TEMP_EMPTY                            \
	(struct temp)                         \
	{                                     \
		.fd = FD_NONE, .dir = FD_NONE \
	}

/*
 * Create the file NAME in DIR, with permission bits MODE less the umask.
 *
 * Returns 0 or -errno of fd_create_at(), -EEXIST if it exists.
 */
int temp_new(fd_t dir, const char *name, uint32_t mode, struct temp *ret);

/*
 * Create a file that gets the name NAME in DIR only when it is committed,
 * however the process ends.  NAME must not exist.  Where files must have a
 * name, and names can't be removed again, this is the same as temp_new().
 *
 * Returns 0 or -errno of fd_create_unnamed(), fd_create_at().
 */
int temp_unnamed(fd_t dir, const char *name, uint32_t mode, struct temp *ret);

/*
 * Create a file under a temporary name in DIR, to replace NAME.
 *
 * Returns 0 or -errno of fd_create_at().
 */
int temp_beside(fd_t dir, const char *name, uint32_t mode, struct temp *ret);

/* Was the file made by this run, so that it can be made again? */
bool temp_is_new(const struct temp *t);

/*
 * Create another file in place of T's, which is new and empty: with the same
 * mode, and with the NOCOW flag (NOCOW 1) or without it (0), as
 * scratch_create_at() does.
 *
 * Returns 0 with *RET to be passed to temp_adopt() or dropped, or -errno:
 * -EPERM where names can't be removed again.
 */
int temp_other(const struct temp *t, int nocow, struct temp *ret);

/* Drop T, and move OTHER into it. */
void temp_adopt(struct temp *t, struct temp *other);

/*
 * Create a file in DIR to try something with.  It is dropped, never committed.
 *
 * Returns 0 or -errno of fd_create_unnamed(), -ENOENT if it could not be
 * removed.
 */
int temp_trial(fd_t dir, struct temp *ret);

/*
 * Create a file in DIR that has no name, to try something with.
 *
 * Returns 0 with *RET, which the caller closes, or -errno of temp_trial().
 */
int temp_scratch(fd_t dir, fd_t *ret);

/*
 * Open the existing file NAME in DIR, with HOW as for fd_open_at(): for
 * writing, to give it new content, or for reading, to change only its
 * attributes.  EXPECTED describes the file that was found there.
 *
 * Returns 0 or -errno of fd_open_at(); 1 if NAME is another file by now, which
 * is not touched.
 */
int temp_in_place(fd_t dir, const char *name, unsigned how,
		  const struct file_info *expected, struct temp *ret);

/*
 * The same for the file of the descriptor HELD, whatever NAME is by now.
 *
 * Returns 0 or -errno of fd_reopen().
 */
int temp_held(fd_t dir, const char *name, unsigned how, fd_t held,
	      struct temp *ret);

/*
 * Create the file that NAME in DIR, a dangling link, leads to.  Dropping it
 * leaves it empty, as for a file in place.
 *
 * Returns 0 or -errno of open(2).
 */
int temp_through(fd_t dir, const char *name, uint32_t mode, struct temp *ret);

/*
 * Empty the file: the point of no return for a file in place.
 *
 * Returns 0 or -errno of ftruncate(2).
 */
int temp_empty(struct temp *t);

/*
 * Record that the old content of a file in place is lost other than by
 * temp_empty(): from now on, dropping it empties it.
 */
void temp_spoil(struct temp *t);

/*
 * Close the file and check for errors.  After an error it can still be dropped.
 *
 * Returns 0 or -errno of close(2): written data may be lost.
 */
int temp_close(struct temp *t);

/*
 * Give the file, which must be closed, its final name.  Nothing is left to
 * drop.
 *
 * Returns 0, or -errno of rename(2) or link(2) with nothing changed: -EEXIST if
 * the name of an unnamed file has been taken meanwhile.  If T is TEMP_REFUSED
 * then, a second try with a new file may work, because temp_unnamed() has
 * learnt from the failure.
 */
int temp_commit(struct temp *t);

/*
 * Undo what was not committed.  The mtime of an emptied file is set if this
 * user may do that, which means that the file is the user's own.
 *
 * Returns the state of a file in place.
 */
enum fault_left temp_drop(struct temp *t);

/* The same for _cleanup_. */
void temp_dropp(struct temp *t);

/*
 * Prepare a node, which is made by name and not opened.  The caller makes it
 * under the name temp_chosen(): NAME in DIR, or with BESIDE a temporary name
 * first.  After that it calls temp_exists() or temp_failed().
 */
void temp_node(fd_t dir, const char *name, bool beside, struct temp *ret);

/* The name under which to make T. */
const char *temp_chosen(const struct temp *t);

/*
 * Making T failed.  Some file systems report a failure and have made a file all
 * the same; if it has a temporary name, dropping T removes it.
 */
void temp_failed(struct temp *t);

/* T was made: from now on, dropping it removes it. */
void temp_exists(struct temp *t);
