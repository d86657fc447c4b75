/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "fsinfo.h"

/* --probe: what its trial came to, and what to do about it. */

/* Where a step was made. */
enum probe_side {
	PROBE_SRC,
	PROBE_DST,
};

/* The steps of a trial. */
enum probe_step {
	PROBE_DONE,    /* all of them: nothing failed */
	PROBE_FIND,    /* find the directory */
	PROBE_TYPE,    /* see that the source is a regular file */
	PROBE_OPEN,    /* open it for reading */
	PROBE_SAMPLE,  /* find something to clone, where nothing can be made */
	PROBE_CREATE,  /* make a file */
	PROBE_WRITE,   /* fill it */
	PROBE_SYNC,    /* give it a place in storage */
	PROBE_CLONE,   /* clone it: FICLONE */
	PROBE_READ,    /* read the clone */
	PROBE_COMPARE, /* find the same content in it */
	PROBE_SHARE,   /* find its storage shared */
	PROBE_STEP_MAX,
};

enum probe_verdict {
	PROBE_YES,     /* it clones */
	PROBE_NO,      /* it does not */
	PROBE_UNKNOWN, /* that could not be tried */
};

/* What the trial came to, if STEP failed with ERR (errno). */
enum probe_verdict probe_judge(enum probe_step step, int err);

/* Pieces of advice; the words are cli's. */
enum probe_advice {
	ADVICE_NONE,
	ADVICE_NO_REFLINKS,   /* the file system has none at all */
	ADVICE_XFS_WITHOUT,   /* it was made without */
	ADVICE_OCFS2_WITHOUT, /* the same */
	ADVICE_UPPER_WITHOUT, /* overlay: the layer that is written has none */
	ADVICE_LOWER_ELSEWHERE, /* overlay: the layer below is another one */
	ADVICE_FUSE,		/* FUSE passes no clones on */
	ADVICE_NFS_VERSION,	/* clones need NFS 4.2 */
	ADVICE_NFS_SERVER,	/* the server's file system has none */
	ADVICE_SMB_SERVER,	/* the same */
	ADVICE_SMB_SUBVOLUMES,	/* a server between its subvolumes */
	ADVICE_ZFS_FEATURE,	/* it is switched off */
	ADVICE_ZFS_PROPERTIES,	/* the two datasets differ */
	ADVICE_ZFS_LATER,	/* what was just written can't be cloned yet */
	ADVICE_TWO_FS,	     /* source and destination are two file systems */
	ADVICE_TWO_MOUNTS,   /* Linux before 5.18, between mounts */
	ADVICE_CHECKSUMS,    /* Btrfs: one has checksums, one has none */
	ADVICE_SETTINGS,     /* the two files differ in how they are stored */
	ADVICE_FORBIDDEN,    /* by a security module, or in a container */
	ADVICE_KERNEL,	     /* the kernel doesn't know FICLONE */
	ADVICE_SWAP_FILE,    /* the source is one */
	ADVICE_PERMISSION,   /* this user may not write there */
	ADVICE_LOCKED,	     /* nobody may: immutable or append-only */
	ADVICE_SEARCH,	     /* this user may not look there */
	ADVICE_READ,	     /* this user may not read the source */
	ADVICE_NO_FILE,	     /* it is neither a file nor a directory */
	ADVICE_READ_ONLY,    /* nothing can be written there */
	ADVICE_KERNEL_FILES, /* /proc and its like hold no files */
	ADVICE_SPACE,	     /* no space is left */
	ADVICE_QUOTA,	     /* the same for a quota */
	ADVICE_NAME_A_FILE,  /* nothing to clone was found: name a file */
	ADVICE_DAMAGE,	     /* the storage is damaged */
	ADVICE_WRONG_BYTES,  /* the clone has other bytes than its source */
	ADVICE_NOT_SHARED,   /* it takes storage of its own */
	ADVICE_MAX,
};

/* What a trial is judged by, beside its step. */
struct probe_case {
	enum probe_step step; /* that failed */
	int err;	      /* errno, positive */
	enum fs_kind src;     /* the source's file system */
	enum fs_kind dst;     /* the destination's */
	bool same_fs;	      /* they are one */
	bool is_reflink_less; /* XFS says that it was made without */
	bool is_nfs_42;	      /* NFS is mounted as version 4.2 */
};

/* What to do about it, if it did not clone. */
enum probe_advice probe_advise(const struct probe_case *c);

/* Does the mount option at OPTION, up to a comma, change what clones do? */
bool probe_option_matters(const char *option);

/* Is OPTION among OPTIONS, which are separated by commas? */
bool probe_has_option(const char *options, const char *option);
