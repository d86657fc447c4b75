/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "attrs.h"
#include "dir.h"
#include "path.h"
#include "pool.h"
#include "selinux_label.h"
#include "twins.h"

/* The two sides of a copy. */
enum side {
	SIDE_SRC,
	SIDE_DST,
	SIDES,
};

/* When a directory was created; a later one with its number differs in this. */
struct birth {
	bool is_asked;
	bool is_known;
	struct timestamp time;
};

/* A directory on one of the sides. */
struct dirside {
	fd_t fd;	       /* FD_NONE while closed */
	struct file_info info; /* facts from when it was entered */
	struct birth birth;    /* dirpair_note_birth() */
	size_t len;	       /* length of its path */
};

/*
 * A pair of directories: one that is being copied, and its copy, with a batch
 * of the entries still to be copied.
 *
 * To limit open descriptors, pairs are closed and reopened.  A closed one is
 * reopened from a pair below by "..", or else by its path.  Inode number and
 * birth time must show that it is the same directory.
 *
 * A directory is not read on after it was reopened: where reading stopped is a
 * count of names on overlayfs, SMB, some FUSE file systems, and tmpfs before
 * Linux 6.6, so that it means another place by then.  What is left to be read
 * is read before a pair is closed.
 */
struct dirpair {
	struct pool_job job; /* for passing it to another thread */
	uint64_t number;     /* job.number of its directory */
	struct dirpair *up;  /* the pair above; NULL: none, an operand */
	struct dirside sides[SIDES];
	/* Of the source, as in struct source: */
	bool only_looks;
	int read_err;
	uint32_t flags;
	int flags_err;
	/* Its entries that are still to be copied: */
	struct dir_list list;	  /* a batch of them */
	bool has_more;		  /* others were not read yet */
	int list_err;		  /* -errno of reading those; or 0 */
	struct twins twins;	  /* of the names, if the destination existed */
	struct path given[SIDES]; /* paths, after passing it to a thread */
	bool is_absent;	  /* in a dry run: its destination would be made */
	bool is_part;	  /* it is a part of UP: a share of UP's entries */
	bool is_new;	  /* made by this run */
	bool is_opened;	  /* it has permissions that the umask denies */
	bool is_acl_free; /* it has no ACL */
	bool acl_free;	  /* new files in it get no ACL */
	bool flag_free;	  /* nor inode flags */
	/* Guarded by the code that distributes pairs to threads: */
	size_t n_below; /* unfinished pairs below it */
	bool is_walked; /* all its entries are copied, or being copied */
};

/*
 * Make a pair for the directory SRC, which it takes over, below UP (NULL:
 * none).  The caller passes it to dirpair_free().
 *
 * Returns NULL, with SRC unchanged, if out of memory.
 */
struct dirpair *dirpair_new(struct dirpair *up, struct source *src);

/*
 * Make PAIR's destination, the directory that AT names, or use an existing one.
 * Collect the facts that are needed before anything is made in it.  The caller
 * has set the device that it would have in a dry run, if AT->dir is FD_NONE.
 *
 * Returns 0, or -errno with *RETERR.
 */
int dirpair_open(struct run *run, struct dirpair *pair,
		 const struct label_job *at, struct fault *reterr);

/* How much of a directory is read at once: bytes that its names take. */
#define DIRPAIR_BATCH ((size_t)1 << 20)
#define DIRPAIR_ALL   SIZE_MAX

/*
 * Read on in PAIR's source, which is open, until MOST bytes of entries are still
 * to be copied.
 *
 * Returns 0, or -errno after which it has no entries but those read before.
 */
int dirpair_read(struct dirpair *pair, size_t most);

/*
 * Get PAIR's next entry, which is valid until the next call.
 *
 * Returns 1 with *RET filled, 0 at the end, or -errno if the next ones can't be
 * read; 0 follows.
 */
int dirpair_next(struct dirpair *pair, struct dir_entry *ret);

/* Forget the entries that are still to be copied. */
void dirpair_drop_entries(struct dirpair *pair);

/*
 * If PAIR's destination existed before the run, an existing name in it does not
 * prove that two source names collide.  So record which of its entries might.
 * All of them have been read.
 *
 * Returns 0 or -ENOMEM.
 */
int dirpair_note_twins(struct dirpair *pair);

/*
 * Was the file with ENTRY's name in the destination made for an earlier entry,
 * whose name is the same there?
 */
bool dirpair_is_taken(const struct dirpair *pair,
		      const struct dir_entry *entry);

/*
 * Give PAIR a copy of its PATHS, one a side, for the thread that takes it over.
 *
 * Returns 0 or -ENOMEM.
 */
int dirpair_give_paths(struct dirpair *pair, const struct path *paths);

/*
 * Split HERE: make a pair of the same directories that takes the second half of
 * its batch.  It has its own descriptors and paths.  The caller passes it to
 * dirpair_free().
 *
 * Returns NULL, with HERE unchanged, if out of memory or descriptors.
 */
struct dirpair *dirpair_split(struct dirpair *here, const struct path *paths);

/* Record PAIR's birth times, before a pair below it is opened. */
void dirpair_note_birth(struct dirpair *pair);

/*
 * Can dirpair_open_above() find the pair above PAIR, which is open, again?  Not
 * where a file system gives a directory another number each time (FUSE): there
 * it must stay open.
 */
bool dirpair_leads_up(const struct dirpair *pair, const struct path *paths);

/* The two descriptors of an open pair. */
struct dirpair_fds {
	fd_t of[SIDES];
};

#define DIRPAIR_FDS_NONE ((struct dirpair_fds){ { FD_NONE, FD_NONE } })

/* Close them.  For _cleanup_. */
void dirpair_fds_release(struct dirpair_fds *fds);

/*
 * Reopen the pair above PAIR.  PATHS begin with its paths.  If PAIR is a part,
 * its own descriptors are taken.
 *
 * Returns 0 with *RET, which the caller releases, or -errno with a
 * FAULT_SWAPPED or a FAULT_ACCESS.
 */
int dirpair_open_above(struct dirpair *pair, const struct path *paths,
		       struct dirpair_fds *ret, struct fault *reterr);

/* Close PAIR's descriptors, after reading what is left to be read. */
void dirpair_close(struct dirpair *pair);

/* Is PAIR open? */
bool dirpair_is_open(const struct dirpair *pair);

/* PAIR's source, for attrs_apply(). */
struct source dirpair_source(const struct dirpair *pair);

/* PAIR's destination, for the same. */
struct attrs_dst dirpair_dst(const struct dirpair *pair);

/* Free PAIR, and close its descriptors. */
void dirpair_free(struct dirpair *pair);
