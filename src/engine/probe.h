/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>

#include "clone_trial.h"
#include "fs.h"
#include "mount.h"
#include "probe_rules.h"
#include "space_quota.h"
#include "subvolume.h"

/* --probe: can files be cloned here?  It is tried. */

/* A directory, and what is known about it. */
struct probe_place {
	char *dir;    /* owned: its path; NULL if none was found */
	bool exists;  /* what was named is there */
	bool is_file; /* and is no directory */
	bool has_state;
	struct fs_state state; /* if it has_state */
	struct mount mount;
	uint64_t dev;	  /* the number of its file system */
	int has_reflinks; /* 1, 0; negative: unknown (fs.h) */
	int nocow;	  /* the flag: 1, 0; negative: unknown */
	int compressed;	  /* the same */
	int has_maps; /* can its extent maps be trusted? the same (extents.h) */
	bool has_subvolume;
	struct subvolume subvolume; /* if it has_subvolume */
	bool has_quota;
	struct space_quota quota; /* if it has_quota */
};

/* What was cloned. */
enum probe_source {
	PROBE_TEMPORARY, /* a file that was made for it */
	PROBE_ITSELF,	 /* the file that was named */
	PROBE_ANOTHER,	 /* a file in the directory that was named */
};

/* The answer for one path. */
struct probe {
	bool has_src;		/* there is a target directory */
	struct probe_place src; /* if it has_src */
	struct probe_place dst;
	enum probe_source source;
	struct clone_trial trial; /* its descriptors are closed */
	enum probe_verdict verdict;
	enum probe_advice advice;
};

/*
 * Find out whether files in the directory PATH, or the nearest one above it that
 * exists, can be cloned there; or if INTO is not NULL, whether PATH, or the
 * files in it, can be cloned into the directory INTO.  Nothing is left behind.
 *
 * Returns 0, whatever the answer is, with *RET to be passed to probe_release();
 * or -EINTR if interrupted().
 */
int probe_path(const char *path, const char *into, struct probe *ret);

/* Free what P holds.  For _cleanup_. */
void probe_release(struct probe *p);
