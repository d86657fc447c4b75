/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fault.h"
#include "fd.h"
#include "stat.h"

/*
 * The destination as a transaction.  Until temp_commit() the old content of
 * the name can be had back, and temp_drop() does so:
 *
 * new       the file is made under its own name, and removed again;
 * unnamed   the same for one that gets its name when it is whole: it has none
 *           until then, or where that can't be one of its own in the same
 *           directory;
 * beside    it is made under a name of its own in the same directory
 *           (TEMP_PREFIX and 8 characters), which takes the final name in one
 *           rename, and is removed again;
 * in place  the file that is there is written.  Its content is what it was
 *           until temp_empty() or temp_spoil() is called; from there on there
 *           is no way back, and dropping it leaves it empty, never half old
 *           and half new, and older than its source, so that a second run,
 *           by -u or make(1), does not take it for done.
 */
struct temp {
	fd_t fd;	  /* open for writing; FD_NONE once closed */
	fd_t dir;	  /* directory of the name; the caller's */
	const char *name; /* the name it goes by in the end; the caller's */
	char made[24];	  /* a name beside, that exists; "" if none */
	uint32_t mode;	  /* of a new file: as was asked for */
	struct timestamp stale; /* the mtime that an emptied file gets */
	enum {
		TEMP_NOTHING,  /* nothing to undo */
		TEMP_NEW,      /* remove name */
		TEMP_UNNAMED,  /* nothing: it goes with its descriptor */
		TEMP_REFUSED,  /* the same, and it can be given no name */
		TEMP_HIDDEN,   /* remove made; its name must still be free */
		TEMP_BESIDE,   /* remove made */
		TEMP_IN_PLACE, /* nothing to undo yet */
		TEMP_EMPTIED,  /* old content gone: cut what was written */
	} state;
};

#define TEMP_PREFIX ".reflinkcp."

#define TEMP_EMPTY                            \
	(struct temp)                         \
	{                                     \
		.fd = FD_NONE, .dir = FD_NONE \
	}

/*
 * Make the file NAME in DIR, with permission bits MODE less the umask.
 *
 * Returns 0 or -errno of fd_create_at(), -EEXIST if it is there.
 */
int temp_new(fd_t dir, const char *name, uint32_t mode, struct temp *ret);

/*
 * Make a file in DIR that gets the name NAME there, which is to be free, when it
 * is committed and not before, whatever ends the process; or the same as
 * temp_new() where names can't be taken away again and files have to have one.
 *
 * Returns 0 or -errno of fd_create_unnamed(), fd_create_at().
 */
int temp_unnamed(fd_t dir, const char *name, uint32_t mode, struct temp *ret);

/*
 * Make a file beside the name NAME in DIR, to take its place.
 *
 * Returns 0 or -errno of fd_create_at().
 */
int temp_beside(fd_t dir, const char *name, uint32_t mode, struct temp *ret);

/* Is it a file that was made by this run, and can be made again? */
bool temp_is_new(const struct temp *t);

/*
 * Make another file in place of T's, which is new and empty: of the same mode,
 * with the NOCOW flag (NOCOW 1) or without it (0).  Where T has that from its
 * directory, the other is not made in it but in one beside, which is gone again:
 * since Linux 6.18.50 and 7.2 a file that had the flag is without checksums for
 * good, though the flag be taken away (Btrfs; "do not overwrite NODATASUM flag
 * when removing NODATACOW flag", June 2026).
 *
 * Returns 0 with *RET to be given to temp_adopt() or dropped, or -errno: -EPERM
 * where names can't be taken away again.
 */
int temp_other(const struct temp *t, int nocow, struct temp *ret);

/* Drop T; OTHER takes its place. */
void temp_adopt(struct temp *t, struct temp *other);

/*
 * Make a file in DIR to try something with.  It is dropped, never committed.
 *
 * Returns 0 or -errno of fd_create_unnamed(), -ENOENT where it would stay.
 */
int temp_trial(fd_t dir, struct temp *ret);

/*
 * Make a file in DIR that has no name, to try something with.
 *
 * Returns 0 with *RET the caller's to close, or -errno of temp_trial().
 */
int temp_scratch(fd_t dir, fd_t *ret);

/*
 * Open the file NAME in DIR as HOW (of fd_open_at()) says: for writing, to give
 * it new content, or for reading, to give it attributes alone.  EXPECTED is
 * what was found there.
 *
 * Returns 0 or -errno of fd_open_at(); 1 if it is another file by now, which
 * is left alone.
 */
int temp_in_place(fd_t dir, const char *name, unsigned how,
		  const struct file_info *expected, struct temp *ret);

/*
 * The same for what HELD, a descriptor, is open on, whatever NAME is by now.
 *
 * Returns 0 or -errno of fd_reopen().
 */
int temp_held(fd_t dir, const char *name, unsigned how, fd_t held,
	      struct temp *ret);

/*
 * Make the file that NAME in DIR, a symbolic link to nothing, leads to.  When
 * it is dropped it stays where it is, like one in place that was emptied.
 *
 * Returns 0 or -errno of open(2).
 */
int temp_through(fd_t dir, const char *name, uint32_t mode, struct temp *ret);

/*
 * Make the file empty: the point of no return for one in place.
 *
 * Returns 0 or -errno of ftruncate(2).
 */
int temp_empty(struct temp *t);

/*
 * The old content of a file in place is gone by other means than
 * temp_empty(): from here on dropping it leaves it empty.
 */
void temp_spoil(struct temp *t);

/*
 * Close the file, checked.  After an error it can still be dropped.
 *
 * Returns 0 or -errno of close(2): what was written may be lost.
 */
int temp_close(struct temp *t);

/*
 * Let the file, closed before, have its name; nothing is left to drop.
 *
 * Returns 0, or -errno of rename(2) or link(2) with nothing changed: -EEXIST if
 * somebody has taken the name of one that had none.  Where T is TEMP_REFUSED then,
 * another one that is made may do: temp_unnamed() has learnt from it.
 */
int temp_commit(struct temp *t);

/*
 * Undo what was not committed.  Who may not set the mtime of an emptied file,
 * as it is another's, leaves it.
 *
 * Returns what has become of a file in place.
 */
enum fault_left temp_drop(struct temp *t);

/* The same for _cleanup_. */
void temp_dropp(struct temp *t);

/*
 * A node that is made by its name alone, not opened: it gets the name NAME in
 * DIR, or with BESIDE first one of its own, both as temp_chosen() says.  Once
 * it is made temp_exists() is called.
 */
void temp_node(fd_t dir, const char *name, bool beside, struct temp *ret);

/* The name to make T by. */
const char *temp_chosen(const struct temp *t);

/*
 * T could not be made, or so it is said: some file systems have made something
 * all the same.  If it has a name of its own, that is removed when T is dropped.
 */
void temp_failed(struct temp *t);

/* T was made: from here on it is removed again if it is not committed. */
void temp_exists(struct temp *t);

/*
 * Write a name that no file is likely to have into BUF, for nodes that are
 * made beside their final name.
 */
void temp_name(char buf[static 24]);
