/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy.h"
#include "thread.h"

/*
 * A thread that counts what a run has to do, ahead of those that do it.  It
 * stands back for them, its errors are silent, and the memory and descriptors
 * that it takes are limited.  What it counts is a guess: others may change the files
 * meanwhile.
 */
struct ahead {
	const struct policy *policy; /* borrowed */
	char *const *sources;	     /* operands; borrowed */
	size_t n;
	unsigned levels; /* directories inside each other that it opens */
	struct thread thread;
	bool is_started;
	_Atomic bool is_stopped; /* it is told to end */
	_Atomic bool
		is_partial; /* something was too deep, or is another user's */
	_Atomic bool is_complete; /* all is counted */
	_Atomic uint64_t n_files; /* counted so far, as in struct totals */
	_Atomic uint64_t bytes;	  /* of them, policy_bytes() */
};

/*
 * Start to count what is to be copied by POLICY of the N operands SOURCES.  All
 * else in A is zeros, and stays so if no thread can be started.
 */
void ahead_start(struct ahead *a, const struct policy *policy,
		 char *const *sources, size_t n);

/* End the thread, if there is one.  Only the first thread may call this. */
void ahead_stop(struct ahead *a);
