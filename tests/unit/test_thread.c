/* SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>

#include "check.h"
#include "thread.h"

/* What src/os/linux makes of a lock and a bell expects this of the C library. */
static void zeros_are_initial_values(void)
{
	static const pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	static const pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
	const struct lock lock = { 0 };
	const struct bell bell = { 0 };

	check(memcmp(&lock, &mutex, sizeof(mutex)) == 0);
	check(memcmp(&bell, &cond, sizeof(cond)) == 0);
}

int main(void)
{
	test(zeros_are_initial_values);
	return tests_end();
}
