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

struct thread {
	pthread_t id;
};

/*
 * Run RUN(ARG) in a thread of its own.
 *
 * Returns 0 with *RET to be given to thread_join(), or -errno of
 * pthread_create(3).
 */
int thread_start(struct thread *ret, void *(*run)(void *arg), void *arg);

/* Wait until the thread has ended. */
void thread_join(struct thread *thread);

/* How many processors this process may use; at least 1. */
unsigned thread_processors(void);
