/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "attrs.h"
#include "crew.h"
#include "dir.h"
#include "path.h"
#include "selinux_label.h"
#include "twins.h"

/* When a directory was created; a later one with its number differs in this. */
struct birth {
	bool is_asked;
	bool is_known;
	struct timestamp time;
};

/*
 * A level: a directory that is being copied.  It holds the source and
 * destination directories, open while they are in use, and a batch of the
 * entries still to be copied.
 *
 * To limit open descriptors, levels are closed and reopened.  A closed level is
 * reopened from a level below by "..", or else by its path.  Inode number and
 * birth time must show that it is the same directory.
 *
 * A directory is not read on after it was reopened: where reading stopped is a
 * count of names on overlayfs, SMB, some FUSE file systems, and tmpfs before
 * Linux 6.6, so that it means another place by then.  What is left to be read
 * is read before a level is closed.
 */
struct level {
	struct crew_job job; /* for passing it to another thread */
	uint64_t number;     /* job.number of its directory */
	struct level *up;    /* the parent level; NULL: none, an operand */
	struct source src;   /* its fd is FD_NONE while closed */
	fd_t dst;	     /* FD_NONE while closed */
	struct file_info dst_info; /* facts from when it was entered */
	struct birth src_birth;	   /* level_note_birth() */
	struct birth dst_birth;
	struct dir_list list;  /* a batch of the entries still to be copied */
	bool has_more;	       /* others were not read yet */
	int list_err;	       /* -errno of reading those; or 0 */
	struct twins twins;    /* of its names, if the destination existed */
	struct path given_src; /* its paths, after passing it to a thread */
	struct path given_dst;
	size_t src_len; /* length of its source path */
	size_t dst_len;
	bool is_part;	  /* it is a part of UP: a share of UP's entries */
	bool is_new;	  /* made by this run */
	bool is_opened;	  /* it has permissions that the umask denies */
	bool is_acl_free; /* it has no ACL */
	bool acl_free;	  /* new files in it get no ACL */
	bool flag_free;	  /* nor inode flags */
	/* Guarded by the code that distributes levels to threads: */
	size_t n_below; /* unfinished levels below it */
	bool is_walked; /* all its entries are copied, or being copied */
};

/*
 * Make a level for the directory SRC, which it takes over, below UP (NULL:
 * none).  The caller passes it to level_free().
 *
 * Returns NULL, with SRC unchanged, if out of memory.
 */
struct level *level_new(struct level *up, struct source *src);

/*
 * Make LEVEL's destination, the directory that AT names, or use an existing
 * one.  Collect the facts that are needed before anything is made in it.
 *
 * Returns 0, or -errno with *RETERR.
 */
int level_open(struct run *run, struct level *level, const struct label_job *at,
	       struct fault *reterr);

/*
 * Give LEVEL a copy of its paths, for the thread that takes it over.
 *
 * Returns 0 or -ENOMEM.
 */
int level_give_paths(struct level *level, const struct path *src,
		     const struct path *dst);

/* How much of a directory is read at once: bytes that its names take. */
#define LEVEL_BATCH ((size_t)1 << 20)
#define LEVEL_ALL   SIZE_MAX

/*
 * Read on in LEVEL, which is open, until MOST bytes of entries are still to be
 * copied.
 *
 * Returns 0, or -errno after which it has no entries but those read before.
 */
int level_read(struct level *level, size_t most);

/*
 * Get LEVEL's next entry, which is valid until the next call.
 *
 * Returns 1 with *RET filled, 0 at the end, or -errno if the next ones can't be
 * read; 0 follows.
 */
int level_next(struct level *level, struct dir_entry *ret);

/* Forget the entries that are still to be copied. */
void level_drop_entries(struct level *level);

/*
 * Split HERE: make a level for the same directory that takes the second half of
 * its batch.  It has its own descriptors and paths.  The caller passes it to
 * level_free().
 *
 * Returns NULL, with HERE unchanged, if out of memory or descriptors.
 */
struct level *level_split(struct level *here, const struct path *src,
			  const struct path *dst);

/*
 * Can level_open_above() find the level above LEVEL, which is open, again?  Not
 * where a file system gives a directory another number each time (FUSE): there it
 * must stay open.  The paths are as for that function.
 */
bool level_leads_up(const struct level *level, const struct path *src,
		    const struct path *dst);

/* The two descriptors of an open level. */
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
 * Reopen the level above LEVEL.  SRC and DST are paths that begin with its
 * paths.  If LEVEL is a part, its own descriptors are taken.
 *
 * Returns 0 with *RET, which the caller releases, or -errno with a
 * FAULT_SWAPPED or a FAULT_ACCESS.
 */
int level_open_above(struct level *level, const struct path *src,
		     const struct path *dst, struct level_ends *ret,
		     struct fault *reterr);

/*
 * If LEVEL's destination existed before the run, an existing name in it does
 * not prove that two source names collide.  So record which of its entries
 * might.  All of them have been read.
 *
 * Returns 0 or -ENOMEM.
 */
int level_note_twins(struct level *level);

/*
 * Was the file with ENTRY's name in the destination made for an earlier entry,
 * whose name is the same there?
 */
bool level_is_taken(const struct level *level, const struct dir_entry *entry);

/* Record LEVEL's birth times, before a level below it is opened. */
void level_note_birth(struct level *level);

/* Close LEVEL's descriptors, after reading what is left to be read. */
void level_close(struct level *level);

/* LEVEL's destination, for attrs_apply(). */
struct attrs_dst level_dst(const struct level *level);

/* Free LEVEL, and close its descriptors. */
void level_free(struct level *level);
