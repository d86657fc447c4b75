/* SPDX-License-Identifier: BSD-2-Clause */
#include "thread.h"

#include <sched.h>

/* What can fail here is a mistake of ours only: pthread_mutex_lock(3). */
void lock_take(struct lock *lock)
{
	(void)pthread_mutex_lock(&lock->mutex);
}

void lock_give(struct lock *lock)
{
	(void)pthread_mutex_unlock(&lock->mutex);
}

void bell_wait(struct bell *bell, struct lock *lock)
{
	(void)pthread_cond_wait(&bell->cond, &lock->mutex);
}

void bell_ring(struct bell *bell)
{
	(void)pthread_cond_signal(&bell->cond);
}

void bell_ring_all(struct bell *bell)
{
	(void)pthread_cond_broadcast(&bell->cond);
}

int thread_start(struct thread *ret, void *(*run)(void *arg), void *arg)
{
	return -pthread_create(&ret->id, NULL, run, arg);
}

void thread_join(struct thread *thread)
{
	(void)pthread_join(thread->id, NULL);
}

unsigned thread_processors(void)
{
	cpu_set_t set;
	int n = 0;

	/* More than a cpu_set_t has: an error, and more than enough. */
	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return CPU_SETSIZE;
	n = CPU_COUNT(&set);
	return n > 0 ? (unsigned)n : 1;
}
