/* SPDX-License-Identifier: BSD-2-Clause */
#include "thread.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/resource.h>

#include "wake.h"

/* That zeros are their initial values is tested: tests/unit/test_thread.c. */
static_assert(sizeof(pthread_mutex_t) <= sizeof(struct lock), "size");
static_assert(sizeof(pthread_cond_t) <= sizeof(struct bell), "size");
static_assert(_Alignof(pthread_mutex_t) <= _Alignof(struct lock), "alignment");
static_assert(_Alignof(pthread_cond_t) <= _Alignof(struct bell), "alignment");

static pthread_mutex_t *mutex_of(struct lock *lock)
{
	return (void *)lock->its;
}

static pthread_cond_t *cond_of(struct bell *bell)
{
	return (void *)bell->its;
}

/* This fails only if the program has a bug: pthread_mutex_lock(3). */
void lock_take(struct lock *lock)
{
	(void)pthread_mutex_lock(mutex_of(lock));
}

void lock_give(struct lock *lock)
{
	(void)pthread_mutex_unlock(mutex_of(lock));
}

void bell_wait(struct bell *bell, struct lock *lock)
{
	(void)pthread_cond_wait(cond_of(bell), mutex_of(lock));
}

void bell_ring(struct bell *bell)
{
	(void)pthread_cond_signal(cond_of(bell));
}

void bell_ring_all(struct bell *bell)
{
	(void)pthread_cond_broadcast(cond_of(bell));
}

/* The signal that wakes a thread; it has no other use here. */
#define WAKE SIGURG

/* Threads that can be woken. */
static struct slot {
	_Atomic bool is_used;
	_Atomic bool is_running;
	pthread_t id;
} slots[THREADS_MAX];

static void on_wake(int sig)
{
	(void)sig;
}

static int take_slot(unsigned *ret)
{
	for (unsigned i = 0; i < THREADS_MAX; i++) {
		bool used = false;

		if (atomic_compare_exchange_strong(&slots[i].is_used, &used,
						   true)) {
			*ret = i;
			return 0;
		}
	}
	return -EAGAIN;
}

/*
 * Create a thread that receives WAKE, and no terminating signals.  It inherits
 * the mask of its parent; only glibc has an attribute for that.
 */
static int create(pthread_t *ret, void *(*run)(void *arg), void *arg)
{
	/* No SA_RESTART: blocking calls must return. */
	const struct sigaction wake = { .sa_handler = on_wake };
	sigset_t mask;
	sigset_t old;
	int err;

	if (sigaction(WAKE, &wake, NULL) < 0)
		return -errno;
	(void)sigfillset(&mask);
	(void)sigdelset(&mask, WAKE);
	(void)pthread_sigmask(SIG_SETMASK, &mask, &old);
	err = pthread_create(ret, NULL, run, arg);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -err;
}

int thread_start(struct thread *ret, void *(*run)(void *arg), void *arg)
{
	int r = take_slot(&ret->slot);

	if (r < 0)
		return r;
	r = create(&slots[ret->slot].id, run, arg);
	if (r < 0)
		slots[ret->slot].is_used = false;
	else
		slots[ret->slot].is_running = true;
	return r;
}

void thread_join(struct thread *thread)
{
	struct slot *slot = &slots[thread->slot];

	/* From here on it waits for other threads only. */
	slot->is_running = false;
	(void)pthread_join(slot->id, NULL);
	slot->is_used = false;
}

void wake_all(void)
{
	for (unsigned i = 0; i < THREADS_MAX; i++)
		if (slots[i].is_running)
			(void)pthread_kill(slots[i].id, WAKE);
}

void thread_stand_back(void)
{
	/* Of this thread only, against POSIX. */
	(void)setpriority(PRIO_PROCESS, 0, 19);
}

unsigned thread_processors(void)
{
	cpu_set_t set;
	int n = 0;

	/* It fails with more processors than a cpu_set_t has: enough. */
	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return CPU_SETSIZE;
	n = CPU_COUNT(&set);
	return n > 0 ? (unsigned)n : 1;
}
