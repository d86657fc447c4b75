/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <pthread.h>
#include <stddef.h>

/* Threads, and what keeps them apart.  Thin, on POSIX threads. */

/* Held by one thread at a time. */
struct lock {
	pthread_mutex_t mutex;
};

#define LOCK_INIT                                  \
	{                                          \
		.mutex = PTHREAD_MUTEX_INITIALIZER \
	}

/* Wait until nobody else holds LOCK, and hold it. */
void lock_take(struct lock *lock);

/* Let the next one have it. */
void lock_give(struct lock *lock);

/* Waited for by threads that hold a lock. */
struct bell {
	pthread_cond_t cond;
};

#define BELL_INIT                                \
	{                                        \
		.cond = PTHREAD_COND_INITIALIZER \
	}

/* Give LOCK, sleep until BELL may have been rung, take LOCK again. */
void bell_wait(struct bell *bell, struct lock *lock);

/* Wake one that waits. */
void bell_ring(struct bell *bell);

/* Wake all. */
void bell_ring_all(struct bell *bell);

/* Threads that there can be beside the first one. */
#define THREADS_MAX 64

struct thread {
	pthread_t id;
	unsigned slot; /* where it is known by */
};

/*
 * Run RUN(ARG) in a thread of its own.  Signals that ask for the end go to the
 * first thread, which wakes it (interrupt.h).
 *
 * Returns 0 with *RET to be given to thread_join(), or -errno of
 * pthread_create(3); -EAGAIN if there are THREADS_MAX.
 */
int thread_start(struct thread *ret, void *(*run)(void *arg), void *arg);

/* Wait until the thread has ended.  By the first thread only. */
void thread_join(struct thread *thread);

/*
 * Have calls that threads wait in return -EINTR.  By the first thread, and its
 * signal handlers.
 */
void thread_wake_all(void);

/* How many processors this process may use; at least 1. */
unsigned thread_processors(void);

/*
 * How many of them the control groups of this process leave it, by the lowest
 * CPU quota of all: rounded to the nearest, as nproc(1) does, and at least 1.
 * UINT_MAX: there is no quota, or none that could be read.
 *
 * cgroups(7), of both versions; sched(7).
 */
unsigned thread_quota(void);
