/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "base.h"
#include "check.h"
#include "tally.h"

static const struct policy policy = { .reflink = REFLINK_AUTO };
static const struct job a_job = { .number = 1, .src = "a", .dst = "b" };

static void count_end(struct tally *tally, struct outcome out)
{
	const struct observer obs = tally_observer(tally, &policy);

	obs.end(obs.ctx, &a_job, &out);
}

static void count_fault(struct tally *tally, struct fault fault)
{
	const struct observer obs = tally_observer(tally, &policy);

	obs.fault(obs.ctx, &a_job, &fault, SEVERITY_FAILURE, NULL);
}

/* Each combination of what the exit status depends on. */
static void status_is_the_first_that_applies(void)
{
	for (unsigned set = 0; set < 1u << 6; set++) {
		_cleanup_(tally_release) struct tally tally = { .cloned = 0 };
		const bool other = set & 1;
		const bool space = set & 2;
		const bool refused = set & 4;
		const bool vanished = set & 8;
		const bool copied = set & 16;
		const bool offloaded = set & 32;
		const int want = other		       ? 1
				 : space	       ? 6
				 : refused	       ? 4
				 : vanished	       ? 5
				 : copied || offloaded ? 3
						       : 0;

		if (other)
			count_fault(&tally, (struct fault){ .op = FAULT_READ,
							    .err = EIO });
		if (space)
			count_fault(&tally, (struct fault){ .op = FAULT_WRITE,
							    .err = ENOSPC });
		if (refused)
			count_fault(&tally, (struct fault){ .op = FAULT_CLONE,
							    .err = EXDEV });
		if (vanished)
			count_fault(&tally, (struct fault){ .op = FAULT_STAT,
							    .err = ENOENT,
							    .vanished = true });
		count_end(&tally, (struct outcome){
					  .what = OUTCOME_DATA,
					  .counts = { .cloned = 1,
						      .copied = copied,
						      .offloaded = offloaded },
				  });
		check(tally_status(&tally) == want);
	}
}

/* A source that never was there, and one that no permission is for. */
static void other_failures_are_failures(void)
{
	static const struct fault faults[] = {
		{ .op = FAULT_STAT, .err = ENOENT },
		{ .op = FAULT_OPEN, .err = EACCES },
		{ .op = FAULT_SHRANK, .err = EIO },
		{ .op = FAULT_DECLINED, .err = EEXIST },
		{ .op = FAULT_INTERRUPTED, .err = EINTR },
	};

	for (size_t i = 0; i < countof(faults); i++) {
		_cleanup_(tally_release) struct tally tally = { .cloned = 0 };

		count_fault(&tally, faults[i]);
		count_fault(&tally,
			    (struct fault){ .op = FAULT_CLOSE, .err = EDQUOT });
		check(tally_status(&tally) == 1);
	}
}

static void what_failed_has_no_bytes(void)
{
	_cleanup_(tally_release) struct tally tally = { .cloned = 0 };
	struct outcome out = { .what = OUTCOME_FAILED,
			       .counts = { .copied = 7, .clone_err = EXDEV } };

	count_end(&tally, out);
	check(tally.copied == 0 && tally.pairs->bytes == 0);
	check(tally.n[THING_FILE][RESULT_FAILED] == 1);
	out.what = OUTCOME_DATA;
	count_end(&tally, out);
	check(tally.copied == 7 && tally.pairs->bytes == 7);
	check(tally.n[THING_FILE][RESULT_COPIED] == 1);
	check(tally.pairs->files == 2 && !tally.pairs->next);
	out.dst_dev = 1;
	count_end(&tally, out);
	check(tally.pairs->files == 1 && tally.pairs->next);
}

static void results_are_those_of_the_manual(void)
{
	static const struct {
		struct outcome out;
		enum result result;
	} cases[] = {
		{ { .what = OUTCOME_FAILED, .counts.cloned = 1 },
		  RESULT_FAILED },
		{ { .what = OUTCOME_DATA, .counts.cloned = 1 }, RESULT_CLONED },
		{ { .what = OUTCOME_DATA, .counts.is_clone = true },
		  RESULT_CREATED },
		{ { .what = OUTCOME_DATA, .counts.copied = 1 }, RESULT_COPIED },
		{ { .what = OUTCOME_DATA, .counts.offloaded = 1 },
		  RESULT_COPIED },
		{ { .what = OUTCOME_DATA, .counts.holes = 1 }, RESULT_COPIED },
		{ { .what = OUTCOME_DATA }, RESULT_CREATED },
		{ { .what = OUTCOME_RANGES,
		    .counts = { .cloned = 1, .holes = 1 } },
		  RESULT_MIXED },
		{ { .what = OUTCOME_RANGES }, RESULT_SKIPPED },
		{ { .what = OUTCOME_ATTRIBUTES }, RESULT_CREATED },
		{ { .what = OUTCOME_LINK }, RESULT_LINKED },
		{ { .what = OUTCOME_NODE }, RESULT_CREATED },
		{ { .what = OUTCOME_DIRECTORY }, RESULT_CREATED },
		{ { .what = OUTCOME_EXISTING }, RESULT_SKIPPED },
		{ { .what = OUTCOME_SKIPPED }, RESULT_SKIPPED },
		{ { .what = OUTCOME_REPEATED }, RESULT_SKIPPED },
	};

	for (size_t i = 0; i < countof(cases); i++)
		check(result_of(&cases[i].out) == cases[i].result);
}

int main(void)
{
	test(status_is_the_first_that_applies);
	test(other_failures_are_failures);
	test(what_failed_has_no_bytes);
	test(results_are_those_of_the_manual);
	return tests_end();
}
