/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <sys/types.h>

/*
 * Between the program whose calls fail (failcall.c) and the driver that has
 * them fail (torture.c).
 *
 * The environment says which:
 *
 *	FAILCALL=WHO:N:HOW:ERRNO	a struct shot, as numbers
 *	FAILCALL_LOG=FD			a struct call_log to be mapped, shared
 *	FAILCALL_FAST=1			each look at the coarse clock takes a second
 *	FAILCALL_SERVE=FD		a socket that asks for runs
 *
 * Without the first none fails, without the second nothing is told.  With the
 * third, for each byte from the socket the program begins as a new process, with
 * the shot that is in the log.  When it has ended, and all that it has left
 * behind, its wait status (an int) is sent back.
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

/* One call that goes wrong: which, and how. */
struct shot {
	enum call_who who;
	unsigned n; /* from 1; 0: none */
	enum call_how how;
	int err;
};

#define CALL_LOG_MAX 4096
#define OBSERVER_MAX 512

/* What was called.  tests/soak reads HIT. */
struct call_log {
	unsigned hit; /* kind of call N; KIND_NONE if it was not reached */
	/* Of a process that was asked for by a socket. */
	struct shot shot;
	pid_t pid; /* and its group */
	struct {
		unsigned n; /* calls; those after CALL_LOG_MAX are not kept */
		unsigned char kind[CALL_LOG_MAX]; /* enum call_kind */
	} by[WHO_MAX];
	unsigned n_left_open;	     /* descriptors, when it exited */
	char observer[OBSERVER_MAX]; /* what watch.c has found; "": nothing */
};

/* The log of this process. */
struct call_log *failcall_log(void);
