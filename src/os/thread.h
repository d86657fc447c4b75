/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

/* Threads, locks and condition variables. */

/* A mutex: one thread at a time holds it.  Nobody does if it is all zeros. */
struct lock {
	/* The system's own object. */
	_Alignas(max_align_t) unsigned char its[48];
};

/* Wait until no thread holds LOCK, and take it. */
void lock_take(struct lock *lock);

/* Release LOCK. */
void lock_give(struct lock *lock);

/* A condition variable.  If it is all zeros, no thread waits for it. */
struct bell {
	/* The system's own object. */
	_Alignas(max_align_t) unsigned char its[48];
};

/* Release LOCK, sleep until BELL may have been rung, take LOCK again. */
void bell_wait(struct bell *bell, struct lock *lock);

/* Wake one waiting thread. */
void bell_ring(struct bell *bell);

/* Wake all waiting threads. */
void bell_ring_all(struct bell *bell);

/* How many threads can be started besides the first one. */
#define THREADS_MAX 64

struct thread {
	unsigned slot; /* its place in the system's table of threads */
};

/*
 * Run RUN(ARG) in a new thread.  Terminating signals go to the first thread,
 * which wakes the others (interrupt.h).
 *
 * Returns 0 with *RET to be passed to thread_join(), or -errno of
 * pthread_create(3); -EAGAIN if there are already THREADS_MAX.
 */
int thread_start(struct thread *ret, void *(*run)(void *arg), void *arg);

/* Wait until the thread has ended.  Only the first thread may call this. */
void thread_join(struct thread *thread);

/*
 * From now on the calling thread gets processors and disks only when hardly any
 * other thread of the system wants them.
 *
 * On Linux: setpriority(2), which also sets the priority of I/O.
 */
void thread_stand_back(void);

/* How many processors this process may use; at least 1. */
unsigned thread_processors(void);

/*
 * How many processors the lowest CPU quota of this process's control groups
 * allows: rounded to the nearest integer, as nproc(1) does, and at least 1.
 * UINT_MAX if there is no quota, or it can't be read.
 *
 * cgroups(7), of both versions; sched(7).
 */
unsigned thread_quota(void);
