/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fault.h"
#include "fd.h"
#include "fileinfo.h"

/* The destination as a transaction, to be committed or dropped. */

/* How it is made, and what dropping it means. */
enum dest_state {
	/* Not begun, or committed: nothing to undo. */
	DEST_NOTHING,
	/* A new file with its final name.  Dropping it removes it. */
	DEST_NEW,
	/* A new file without a name.  Closing it deletes it. */
	DEST_UNNAMED,
	/*
	 * A new file with a temporary name in the same directory, to be renamed
	 * to the final name if that is still free.  Dropping it removes it.
	 */
	DEST_HIDDEN,
	/* The same, to take the final name from what has it. */
	DEST_BESIDE,
	/* An existing file, with its old content. */
	DEST_IN_PLACE,
	/* A new file, made by writing through a dangling link: as spoiled. */
	DEST_THROUGH,
	/*
	 * An existing file whose old content is lost.  Dropping it leaves it
	 * empty, never half old and half new.  Its mtime is then older than its
	 * source's, so that -u and make(1) don't take it for complete.
	 */
	DEST_SPOILED,
};

/*
 * What file systems refused in a run: files that get their names late are then
 * made in a plainer way.  All zeros at the beginning.
 */
struct dest_refusals {
	_Atomic bool links;   /* a name for an unnamed file */
	_Atomic bool renames; /* the final name for a hidden one */
	_Atomic bool asked;   /* whether links are possible at all */
};

struct dest {
	fd_t fd;	  /* open for writing; FD_NONE once closed */
	fd_t dir;	  /* directory of the name; borrowed */
	const char *name; /* the final name; borrowed */
	enum dest_state state;
	char made[24];		/* the temporary name; "" if none */
	uint32_t mode;		/* of a new file: as requested */
	struct timestamp stale; /* the mtime that an emptied file gets */
	struct dest_refusals *refusals; /* borrowed */
};

/* Not begun.  IN, AS and REFUSED are for the members of other names. */
#define DEST_AT(in, as, refused)       \
	((struct dest){ .fd = FD_NONE, \
			.dir = (in),   \
			.name = (as),  \
			.refusals = (refused) })

#define DEST_EMPTY DEST_AT(FD_NONE, NULL, NULL)

/*
 * Begin D, with a new file of permission bits MODE less the umask.  STATE is
 * DEST_NEW, DEST_BESIDE or DEST_THROUGH; or DEST_UNNAMED for a file that gets
 * its name only when it is committed, however the process ends.  That may
 * become DEST_HIDDEN; or DEST_NEW, where files must have a name, and names
 * can't be removed again.
 *
 * Returns 0, or -errno of open(2) with D not begun.
 */
int dest_create(struct dest *d, enum dest_state state, uint32_t mode);

/*
 * Begin D, with an existing file: FD, which is open for writing, to give it new
 * content, or for reading, to change only its attributes.  Takes ownership.
 */
void dest_in_place(struct dest *d, fd_t fd);

/*
 * Begin D with something that is made by its name and not opened: a link or a
 * node.  STATE is DEST_NEW or DEST_BESIDE.  The caller makes it, and then calls
 * dest_made().
 *
 * Returns the name to make, in D->dir; it lives as long as D.
 */
const char *dest_reserve(struct dest *d, enum dest_state state);

/*
 * Making the name of dest_reserve() has returned R.  Some file systems report a
 * failure and have made a file all the same; if it has a temporary name,
 * dropping D removes it.
 *
 * Returns R.
 */
int dest_made(struct dest *d, int r);

/* Was the file made by this run, so that it can be made again? */
bool dest_is_new(const struct dest *d);

/*
 * Begin *RET with another file in place of D's, which is new and empty: with
 * the same mode, and with the NOCOW flag (NOCOW 1) or without it (0), as
 * scratch_create_at() does.
 *
 * Returns 0 with *RET to be passed to dest_adopt() or dropped, or -errno:
 * -EPERM where the name could not be given to it.
 */
int dest_other(const struct dest *d, int nocow, struct dest *ret);

/* Drop D, and move OTHER into it. */
void dest_adopt(struct dest *d, struct dest *other);

/* The old content of a file in place is lost: dropping D empties it now. */
void dest_spoil(struct dest *d);

/*
 * Close the file, if it is open, and check for errors.  After an error it can
 * still be dropped.
 *
 * Returns 0 or -errno of close(2): written data may be lost.
 */
int dest_close(struct dest *d);

/*
 * Give the file, which must be closed, its final name.  Nothing is left to
 * drop.
 *
 * Returns 0, or -errno of rename(2) or link(2) with nothing changed: -EEXIST if
 * the name of a file without it has been taken meanwhile.
 */
int dest_commit(struct dest *d);

/*
 * Has D been made in a way that has been refused since?  If it could not be
 * committed, a new one may be.
 */
bool dest_is_refused(const struct dest *d);

/*
 * Undo what was not committed.  The mtime of an emptied file is set if this
 * user may do that, which means that the file is the user's own.
 *
 * Returns the state of a file in place.
 */
enum fault_left dest_drop(struct dest *d);

/* The same for _cleanup_. */
void dest_dropp(struct dest *d);
