/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "attrs.h"
#include "crew.h"
#include "dir.h"
#include "label.h"
#include "path.h"
#include "twins.h"

/* When a directory was made, by which it is known from a later one. */
struct birth {
	bool is_asked;
	bool is_known;
	struct timestamp time;
};

/*
 * A directory under way: where it is copied from and to, both open as long as
 * it is worked on, and what in it is yet to be copied.
 *
 * Levels that are closed can be had again from one that is below, by "..", or
 * else by their path: what is found must be the directory that it was, and no
 * later one of its number.
 */
struct level {
	struct crew_job job; /* to be given to another thread */
	struct level *up;    /* the one that it is in; NULL: the operand */
	struct source src;   /* its fd is FD_NONE while closed */
	fd_t dst;	     /* FD_NONE while closed */
	struct file_info dst_info; /* facts from when it was entered */
	struct birth src_birth;	   /* level_note_birth() */
	struct birth dst_birth;
	struct dir_list list;  /* what is in it, and is yet to be copied */
	struct twins twins;    /* of its names, if it was there and has some */
	struct path given_src; /* its paths, while it is given away */
	struct path given_dst;
	size_t src_len; /* of the paths up to here */
	size_t dst_len;
	bool is_part;	  /* UP once more, with some of what was in its list */
	bool is_new;	  /* made by this run */
	bool is_opened;	  /* the umask was overridden for now */
	bool is_acl_free; /* it has no ACL */
	bool acl_free;	  /* what is made in it gets none */
	bool flag_free;	  /* nor inode flags */
	/* Guarded by whoever shares levels out: */
	size_t n_below; /* levels below it that are under way */
	bool is_walked; /* all that is in it is copied or under way */
};

/*
 * The level of the directory SRC, which is taken over, in UP (NULL: none); to
 * be given to level_free().
 *
 * Returns NULL, with SRC as it was, if memory is short.
 */
struct level *level_new(struct level *up, struct source *src);

/*
 * Make LEVEL's destination, the directory that AT names, or go on in the one that
 * is there; know what is to be known of it before anything is made in it.
 *
 * Returns 0, or -errno with *RETERR.
 */
int level_open(struct run *run, struct level *level, const struct label_job *at,
	       struct fault *reterr);

/*
 * Give LEVEL a copy of its paths, as who copies it from here on has none.
 *
 * Returns 0 or -ENOMEM.
 */
int level_give_paths(struct level *level, const struct path *src,
		     const struct path *dst);

/*
 * A level for the latter half of what is yet to be copied in HERE: of the same
 * directory, with descriptors and paths of its own; to be given to level_free().
 *
 * Returns NULL, with HERE as it was, if memory or descriptors are short.
 */
struct level *level_split(struct level *here, const struct path *src,
			  const struct path *dst);

/* Descriptors that a level is open by. */
struct level_ends {
	fd_t src;
	fd_t dst;
};

#define LEVEL_ENDS_NONE                        \
	(struct level_ends)                    \
	{                                      \
		.src = FD_NONE, .dst = FD_NONE \
	}

/* Close them.  For _cleanup_. */
void level_ends_release(struct level_ends *ends);

/*
 * Open what is above LEVEL once more; SRC and DST are paths that begin with its.
 * Of a part LEVEL's own descriptors are taken.
 *
 * Returns 0 with *RET the caller's, or -errno with a FAULT_SWAPPED or a
 * FAULT_ACCESS.
 */
int level_open_above(struct level *level, const struct path *src,
		     const struct path *dst, struct level_ends *ret,
		     struct fault *reterr);

/*
 * Where LEVEL's destination was there before, a name that it takes for one with
 * an earlier one is not known by that it is not free.  Note which may be, of
 * those in its list.
 *
 * Returns 0 or -ENOMEM.
 */
int level_note_twins(struct level *level);

/*
 * Was what has the name of ENTRY in the destination made for an entry before
 * it, whose name is the same there?
 */
bool level_is_taken(const struct level *level, const struct dir_entry *entry);

/* What LEVEL is to be known by later: before there is one below it. */
void level_note_birth(struct level *level);

/* Close LEVEL's descriptors. */
void level_close(struct level *level);

/* LEVEL's destination, as attrs_apply() wants it. */
struct attrs_dst level_dst(const struct level *level);

/* Free LEVEL, and close what is open of it. */
void level_free(struct level *level);
