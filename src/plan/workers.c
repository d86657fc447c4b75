/* SPDX-License-Identifier: BSD-2-Clause */
#include "workers.h"

/* How many pairs stay open, each with two descriptors, if enough are free. */
#define OPEN_PAIRS 6

/* The most descriptors that copying a file takes. */
#define FDS_FILE 6

/* The most descriptors of a thread: one more pair, and a file. */
#define FDS_EACH (2 * (OPEN_PAIRS + 1) + FDS_FILE)

/* As many other pairs as a thread may have open. */
#define SPARE_PAIRS 64

/* The most directories to be open for counting, if enough are free. */
#define AHEAD 32

/* The most threads, by default. */
#define THREADS 8

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned most(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static unsigned threads_for(const struct policy *policy, unsigned processors,
			    unsigned room)
{
	unsigned n =
		policy->jobs > 0 ? policy->jobs : least(processors, THREADS);
	bool joins = policy->update == UPDATE_OLDER &&
		     policy->preserve & PRESERVE_LINKS;

	/*
	 * One thread only: waiting for the other end of a FIFO is for the
	 * thread that receives signals, and questions must come in the order
	 * of their answers.  With hard links to files that -u skipped, or with
	 * two directories or files that become one, the order matters.
	 */
	if (policy->copy_contents || policy->interactive || joins ||
	    policy->keep_directory_symlink || policy->keep_file_symlink)
		return 1;
	return n > 1 ? least(n, most(1, room / FDS_EACH)) : n;
}

/* With few descriptors, fewer pairs stay open, but always the deepest. */
static unsigned levels_for(unsigned room)
{
	unsigned n = room < FDS_FILE ? 0 : (room - FDS_FILE) / 2;

	return n > 1 ? least(n - 1, OPEN_PAIRS) : 1;
}

static unsigned spare_levels_for(unsigned threads, unsigned room)
{
	unsigned each = room / most(1, threads);

	return each < FDS_EACH ? 0 : least((each - FDS_EACH) / 2, SPARE_PAIRS);
}

/*
 * Not if lines are promised in the directory's order, or a backup may have the
 * name of the next file.
 */
static bool may_share_directory(const struct policy *policy)
{
	return !policy->verbose && policy->backup == BACKUP_NONE;
}

unsigned workers_ahead(unsigned room)
{
	return least(room / 8, AHEAD);
}

struct workers workers_plan(const struct policy *policy, unsigned processors,
			    unsigned room)
{
	unsigned threads;

	if (policy->progress)
		room -= workers_ahead(room);
	threads = threads_for(policy, processors, room);
	return (struct workers){
		.threads = threads,
		.open_pairs = levels_for(room),
		.spare_pairs = spare_levels_for(threads, room),
		.share_directory = may_share_directory(policy),
	};
}
