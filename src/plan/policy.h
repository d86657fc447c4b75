/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "fileinfo.h"
#include "range.h"

/*
 * What the user asked for.  Filled once by options_parse(), never changed
 * afterwards, read by every floor above base.
 *
 * The strings belong to argv or the environment and live as long as the run.
 */

/* --reflink: may storage be shared? */
enum reflink_when {
	REFLINK_AUTO,	/* clone where it works, else copy the bytes */
	REFLINK_ALWAYS, /* clone or fail */
	REFLINK_NEVER,	/* plain reads and writes only: nothing is shared */
};

/* --sparse: what a byte copy does about holes. */
enum sparse_when {
	SPARSE_AUTO,   /* a hole of the source is a hole of the copy */
	SPARSE_ALWAYS, /* runs of zeros become holes as well */
	SPARSE_NEVER,  /* no holes; neither cloned nor offloaded */
};

/* -L, -H, -P: is a source that is a symbolic link followed? */
enum deref {
	DEREF_DEFAULT,	    /* not said, and not -R: follow */
	DEREF_ALWAYS,	    /* -L: follow */
	DEREF_COMMAND_LINE, /* -H: follow those that are operands */
	DEREF_NEVER,	    /* -P: copy the link itself */
};

/* What is made at the destination. */
enum make {
	MAKE_COPY,	    /* a file with the source's data */
	MAKE_HARD_LINK,	    /* -l */
	MAKE_SYMBOLIC_LINK, /* -s */
};

/* -n, -u, --update: when is an existing destination replaced? */
enum update_mode {
	UPDATE_ALL,	  /* always */
	UPDATE_OLDER,	  /* -u: if its mtime is older than the source's */
	UPDATE_NONE,	  /* -n: never; that is no failure */
	UPDATE_NONE_FAIL, /* never; that is a failure */
};

/* --backup: the name an existing destination is kept under. */
enum backup_mode {
	BACKUP_NONE,	 /* no backup */
	BACKUP_SIMPLE,	 /* name + suffix */
	BACKUP_EXISTING, /* numbered if there are numbered ones, else simple */
	BACKUP_NUMBERED, /* name.~N~ */
};

/* --preserve: a set of these. */
enum preserve {
	PRESERVE_MODE = 1 << 0, /* permission bits and ACLs */
	PRESERVE_OWNERSHIP = 1 << 1,
	PRESERVE_TIMESTAMPS = 1 << 2, /* access and modification time */
	PRESERVE_LINKS = 1 << 3,      /* hard links between sources */
	PRESERVE_CONTEXT = 1 << 4,    /* SELinux security context */
	PRESERVE_XATTR = 1 << 5,      /* extended attributes */
	PRESERVE_FLAGS = 1 << 6,      /* inode flags; only with "all" */
	PRESERVE_ALL = (1 << 7) - 1,
};

struct policy {
	enum reflink_when reflink;
	enum sparse_when sparse;
	enum deref deref;
	enum make make;
	enum update_mode update;
	enum backup_mode backup;
	const char *suffix; /* of simple backups; never empty, never NULL */

	unsigned preserve; /* set of enum preserve */
	/*
	 * Those of preserve that were asked for by name, so that not being
	 * able to keep them is a failure where --preserve=all lets it pass:
	 * PRESERVE_MODE (of ACLs that few file systems know), PRESERVE_CONTEXT,
	 * PRESERVE_XATTR.
	 */
	unsigned preserve_required;
	/*
	 * Those that --no-preserve named last: with PRESERVE_MODE a new file
	 * gets the mode of any new file (0666 less the umask), not the
	 * source's.
	 */
	unsigned preserve_denied;

	bool archive;	     /* -a: no word of contexts that can't be kept */
	bool sets_context;   /* -Z, --context */
	const char *context; /* its CTX; NULL: what the system has for a path */

	/* --range, --ranges-from: these bytes, in this order, and no others. */
	bool ranged;		   /* one of them was given */
	const struct span *ranges; /* len 0: to the end of the source */
	size_t n_ranges;

	bool recursive;		     /* -R: directories, and what is in them */
	bool one_file_system;	     /* -x: don't enter other file systems */
	bool copy_contents;	     /* read FIFOs and devices in trees */
	bool keep_directory_symlink; /* go on in links to directories */
	bool keep_file_symlink; /* in trees, write through links to files */

	unsigned jobs; /* -j: threads; 0: as many as suit the machine */

	bool interactive; /* -i: ask before an overwrite */
	bool force;	  /* -f: remove a destination that can't be opened */
	bool no_create;	  /* a destination that isn't there is a failure */
	bool remove_destination; /* remove each existing destination first */
	bool attributes_only;	 /* no data */
	bool parents;		 /* the source's path under the directory */
	bool posix;   /* POSIXLY_CORRECT: write through links to nothing */
	bool verbose; /* -v: a line a file */
	bool debug;   /* --debug: how each file was copied; implies verbose */

	bool strip_trailing_slashes;  /* from each source operand */
	bool no_target_directory;     /* -T */
	const char *target_directory; /* -t; NULL if not given */
};

/* Is a source of TYPE made again by its name alone: a FIFO, a device? */
bool policy_makes_node(const struct policy *policy, enum file_type type);
