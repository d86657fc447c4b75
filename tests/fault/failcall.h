/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * Between the program whose calls fail (failcall.c) and the driver that has
 * them fail (torture.c).
 *
 * The environment says which:
 *
 *	FAILCALL=WHO:N:HOW:ERRNO	all as numbers of the enums below
 *	FAILCALL_LOG=FD			a struct call_log to be mapped, shared
 *
 * Without the first none fails, without the second nothing is told.
 */

/* Kinds of calls: calls.def. */
enum call_kind {
	KIND_NONE,
#define KIND(name, ...) KIND_##name,
#include "calls.def"
	KIND_MAX,
};

/* Who calls.  The two count by themselves: they run at the same time. */
enum call_who {
	WHO_PROGRAM, /* the program */
	WHO_CHILD,   /* the process that it forks for long clones */
	WHO_MAX,
};

/* What becomes of call N. */
enum call_how {
	HOW_NONE,    /* nothing */
	HOW_ONCE,    /* it fails with ERRNO */
	HOW_STICKY,  /* and so does each of its kind after it */
	HOW_SHORT,   /* a transfer moves half of the bytes, 1 at least */
	HOW_SHORTS,  /* and so does each of its kind after it */
	HOW_ENDS,    /* a transfer moves nothing, as at the end of a file */
	HOW_KILL,    /* SIGKILL instead of it */
	HOW_TERM,    /* SIGTERM before it */
	HOW_INTR,    /* SIGTERM, and it fails with EINTR */
	HOW_PARTLY,  /* a clone makes half, as XFS: that counts as success */
	HOW_HALFWAY, /* a clone makes half, then fails with ERRNO (Btrfs) */
	HOW_TICK,    /* the same, and times tick so slowly that none shows it */
	HOW_GROWN,   /* a clone makes the file longer, then fails (SMB) */
	HOW_GROWNS,  /* and so does each of its kind after it */
	HOW_MAX,
};

#define CALL_LOG_MAX 4096
#define OBSERVER_MAX 512

/* What was called. */
struct call_log {
	struct {
		unsigned n; /* calls; those after CALL_LOG_MAX are not kept */
		unsigned char kind[CALL_LOG_MAX]; /* enum call_kind */
	} by[WHO_MAX];
	unsigned n_left_open;	     /* descriptors, when it exited */
	char observer[OBSERVER_MAX]; /* what watch.c has found; "": nothing */
	unsigned hit; /* kind of call N; KIND_NONE if it was not reached */
};

/* The log of this process. */
struct call_log *failcall_log(void);
