/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "fileinfo.h"
#include "range.h"

/*
 * What the user asked for.  options_parse() fills it once; it never changes
 * afterwards.  Every floor above base reads it.
 *
 * The strings belong to argv or the environment and live as long as the run.
 */

/* --reflink: may storage be shared? */
enum reflink_when {
	REFLINK_AUTO,	/* clone where possible, else copy the bytes */
	REFLINK_ALWAYS, /* clone or fail */
	REFLINK_NEVER,	/* only read and write: nothing is shared */
};

/* --sparse: which holes a byte copy makes. */
enum sparse_when {
	SPARSE_AUTO,   /* where the source has a hole */
	SPARSE_ALWAYS, /* also for runs of zeros */
	SPARSE_NEVER,  /* none; nothing is cloned or offloaded either */
};

/* -L, -H, -P: is a source that is a symbolic link followed? */
enum deref {
	DEREF_DEFAULT,	    /* none of them, and not -R: follow */
	DEREF_ALWAYS,	    /* -L: follow */
	DEREF_COMMAND_LINE, /* -H: follow operands only */
	DEREF_NEVER,	    /* -P: copy the link itself */
};

/* What to make at the destination. */
enum make {
	MAKE_COPY,	    /* a file with the source's data */
	MAKE_HARD_LINK,	    /* -l */
	MAKE_SYMBOLIC_LINK, /* -s */
};

/* -n, -u, --update: when is an existing destination replaced? */
enum update_mode {
	UPDATE_ALL,	  /* always */
	UPDATE_OLDER,	  /* -u: if its mtime is older than the source's */
	UPDATE_NONE,	  /* -n: never, without a failure */
	UPDATE_NONE_FAIL, /* never, and it counts as a failure */
};

/* --backup: under which name an existing destination is kept. */
enum backup_mode {
	BACKUP_NONE,	 /* no backup */
	BACKUP_SIMPLE,	 /* name + suffix */
	BACKUP_EXISTING, /* numbered if a numbered one exists, else simple */
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
	 * The members of preserve that the user named.  Failing to preserve
	 * one of these is a failure, even where --preserve=all ignores it:
	 * PRESERVE_MODE (for ACLs that few file systems have),
	 * PRESERVE_CONTEXT, PRESERVE_XATTR.
	 */
	unsigned preserve_required;
	/*
	 * What the last --no-preserve named.  With PRESERVE_MODE a new file
	 * gets the default mode (0666 less the umask), not the source's.
	 */
	unsigned preserve_denied;

	bool archive;	     /* -a: no message for contexts that are lost */
	bool sets_context;   /* -Z, --context */
	const char *context; /* CTX; NULL: the system's default for the path */

	/* --range, --ranges-from: only these bytes, in this order. */
	bool ranged;		   /* one of the two was given */
	const struct span *ranges; /* len 0: to the end of the source */
	size_t n_ranges;

	bool recursive;		     /* -R: copy directories recursively */
	bool one_file_system;	     /* -x: don't enter other file systems */
	bool copy_contents;	     /* read FIFOs and devices in trees */
	bool keep_directory_symlink; /* follow existing links to directories */
	bool keep_file_symlink; /* in trees, write through links to files */

	unsigned jobs; /* -j: threads; 0: chosen for the machine */

	bool interactive; /* -i: ask before overwriting */
	bool force;	  /* -f: replace a destination that can't be opened */
	bool no_create;	  /* a missing destination is a failure */
	bool remove_destination; /* replace each existing destination */
	bool attributes_only;	 /* copy no data */
	bool parents;		 /* keep the source's path below the target */
	/* --json: a file that is neither copied nor overwritten; or NULL. */
	const struct file_info *report;

	bool dry_run;  /* make nothing; say what would be made */
	bool posix;    /* POSIXLY_CORRECT: write through dangling links */
	bool verbose;  /* -v: print one line per file */
	bool progress; /* -g: show how far the run is, which is counted ahead */
	bool debug;    /* --debug: how each file was copied; implies verbose */

	bool strip_trailing_slashes;  /* from each source operand */
	bool no_target_directory;     /* -T */
	const char *target_directory; /* -t; NULL if not given */
};

/*
 * How many bytes of a source with INFO are to be copied; 0 if that is unknown.
 * Some of the ranges may not be in it: then none will be.
 */
uint64_t policy_bytes(const struct policy *policy,
		      const struct file_info *info);

/* Is a source of TYPE (a FIFO, a device) recreated, instead of read? */
bool policy_makes_node(const struct policy *policy, enum file_type type);
