/* SPDX-License-Identifier: BSD-2-Clause */
#include <limits.h>

#include "base.h"
#include "check.h"
#include "workers.h"

static unsigned threads(struct policy policy, unsigned processors,
			unsigned room)
{
	return workers_plan(&policy, processors, room).threads;
}

static void threads_follow_the_machine_or_the_user(void)
{
	check(threads((struct policy){ .jobs = 0 }, 1, 1024) == 1);
	check(threads((struct policy){ .jobs = 0 }, 4, 1024) == 4);
	check(threads((struct policy){ .jobs = 0 }, 200, 1024) == 8);
	check(threads((struct policy){ .jobs = 30 }, 1, 1024) == 30);
}

static void each_thread_has_its_descriptors(void)
{
	const struct policy policy = { .jobs = 8 };

	for (unsigned room = 0; room < 300; room++) {
		struct workers w = workers_plan(&policy, 1, room);

		check(w.threads >= 1 && w.open_pairs >= 1);
		check(w.threads == 1 || w.open_pairs == 6);
		check(w.threads == 1 || w.threads * 20 <= room);
		check(w.threads == 8 || room < 160);
		check(w.threads * (20 + 2 * w.spare_pairs) <= room ||
		      w.spare_pairs == 0);
	}
	check(threads(policy, 1, UINT_MAX) == 8);
}

static void where_the_order_matters_there_is_one(void)
{
	check(threads((struct policy){ .jobs = 8, .interactive = true }, 1,
		      1024) == 1);
	check(threads((struct policy){ .jobs = 8, .copy_contents = true }, 1,
		      1024) == 1);
	check(threads((struct policy){ .jobs = 8,
				       .update = UPDATE_OLDER,
				       .preserve = PRESERVE_LINKS },
		      1, 1024) == 1);
	check(threads((struct policy){ .jobs = 8, .update = UPDATE_OLDER }, 1,
		      1024) == 8);
	check(!workers_plan(&(struct policy){ .verbose = true }, 2, 1024)
		       .share_directory);
	check(!workers_plan(&(struct policy){ .backup = BACKUP_SIMPLE }, 2,
			    1024)
		       .share_directory);
	check(workers_plan(&(struct policy){ .jobs = 2 }, 2, 1024)
		      .share_directory);
}

static void counting_ahead_has_its_descriptors(void)
{
	const struct policy policy = { .jobs = 8, .progress = true };

	check(workers_ahead(UINT_MAX) == 32 && workers_ahead(1024) == 32);
	check(workers_ahead(80) == 10 && workers_ahead(0) == 0);
	for (unsigned room = 0; room < 300; room++) {
		struct workers w = workers_plan(&policy, 1, room);

		check(w.threads == 1 ||
		      w.threads * 20 + workers_ahead(room) <= room);
	}
}

int main(void)
{
	test(threads_follow_the_machine_or_the_user);
	test(each_thread_has_its_descriptors);
	test(counting_ahead_has_its_descriptors);
	test(where_the_order_matters_there_is_one);
	return tests_end();
}
