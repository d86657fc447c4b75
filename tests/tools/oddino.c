/* SPDX-License-Identifier: BSD-2-Clause */
#include "oddino.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "oddrule.h"
#include "tool.h"

/* What is added to a number to make it another one. */
static const ino_t other_numbers = (ino_t)1 << 40;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct upper {
	ino_t ino;
	bool copied; /* else it was made here */
} * uppers;
static size_t n_uppers;

static struct upper *upper_find(ino_t ino)
{
	for (size_t i = 0; i < n_uppers; i++)
		if (uppers[i].ino == ino)
			return &uppers[i];
	return NULL;
}

static void upper_add(ino_t ino, bool copied)
{
	struct upper *upper;

	pthread_mutex_lock(&lock);
	upper = upper_find(ino);
	if (!upper) {
		uppers = reallocarray(uppers, n_uppers + 1, sizeof(*uppers));
		if (!uppers)
			die("inodes");
		upper = &uppers[n_uppers++];
		*upper = (struct upper){ ino, copied };
	} else if (!copied) {
		upper->copied = false;
	}
	pthread_mutex_unlock(&lock);
}

void odd_ino_copied_up(const char *real)
{
	struct stat st;

	if (lstat(real, &st) == 0)
		upper_add(st.st_ino, true);
}

void odd_ino_made(const char *real)
{
	struct stat st;

	if (lstat(real, &st) == 0)
		upper_add(st.st_ino, false);
}

ino_t odd_ino(const char *path, ino_t ino)
{
	static ino_t n_asked;
	const struct upper *upper;

	if (odd_rule_find(RULE_INO, path))
		return ino +
		       other_numbers * __atomic_add_fetch(&n_asked, 1,
							  __ATOMIC_RELAXED);
	if (!odd_rule_find(RULE_COPYUP, path))
		return ino;
	pthread_mutex_lock(&lock);
	upper = upper_find(ino);
	if (upper && upper->copied)
		ino += other_numbers;
	pthread_mutex_unlock(&lock);
	return ino;
}
