/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reflinkcp: copy files by sharing their storage, or else byte by byte.
 *
 *   main.c             this: wiring
 *   cli/               words
 *     options.def        the option table
 *     optable, options   parsing the command line by that table
 *     convert            arguments of options as values
 *     help               --help and --version from that table
 *     rangelist          the ranges of --range and --ranges-from
 *     usage              errors in a command line
 *     diag               messages: a sentence for each fault
 *     cp_fault           what cp would have said of it
 *     probe_view         --probe: its answers for people
 *     probe_json         the same for programs
 *     probe_words        names and texts of both
 *     shared_view        the report of --shared
 *     shared_text, _json its table and bars; its records
 *     planline           lines of --dry-run
 *     amount             a number of bytes, for people
 *     report, prompt     lines of -v and --debug; questions of -i
 *     progress           the line that says how far the run is
 *     json               values and lines of JSON
 *     jsonl              the report of --json: its file, and lines in it
 *     records            what is in it about a copy
 *     tally, summary     a run in numbers; what is said of them
 *     audience, fanout   all who report on a copy, as one observer
 *     optgen, *.in       completions from the table and templates (build host)
 *   engine/            actions
 *     session            one run: from operands to entries
 *     parents            --parents: the directories above a copy
 *     trusted_path       a path, along no link of another user
 *     source             a source, opened once
 *     tree               a directory with everything in it
 *     dirpair            a directory of a tree and its copy: read, closed, reopened
 *     itself             a directory that is copied into itself
 *     copy               one entry from judging to reporting
 *     entry              one destination to make from one source
 *     existing           what has the name already: judge it, ask
 *     dest               a destination as a transaction
 *     hardlinks          names that are one file in the source
 *     replace            taking a name that is in use; backups
 *     file               a regular file, from open to close
 *     ranges             ranges of its content, for --range
 *     attrs              owner, mode, times, inode flags
 *     xattrs             extended attributes and ACLs
 *     selinux_label      SELinux contexts of copies
 *     links              links in place of copies
 *     nodes              FIFOs, sockets and devices
 *     rehearsal          a dry run: an entry is checked instead of made
 *     planned            a dry run: what it would have made so far
 *     claims             which thread is writing which file
 *     pool               threads that do jobs
 *     ahead              a thread that counts what is to be done
 *     probe              whether files can be cloned, by trying
 *     shared             which storage files share
 *     run, observer      the state of a run; where it reports to
 *   xfer/              content, from descriptor to descriptor
 *     xfer, counts       what to copy and how; what came of it
 *     content            all of a file: by a clone, or else byte by byte
 *     clone_file         a clone of all of it, with what that takes
 *     clone_try          one try of a clone
 *     clone_trial        a clone that is made for --probe, and examined
 *     steps              a range: by clones, and bytes at its edges
 *     copy_bytes         bytes and holes, by the kernel or by reads and writes
 *     data_runs          where a file has data
 *     nocow              the flag of Btrfs that both files of a clone share
 *     fs_pairs           what pairs of file systems refused in this run
 *     same_file          one file that has two inode numbers
 *   plan/              decisions without a system call
 *     policy             what the user asked for
 *     fallback           which errno means what
 *     clone_chance       whether two file systems can clone, untried
 *     fault_class        what a fault means, and which call failed
 *     clone_plan         a range as clones and copies, by a file system's rules
 *     overwrite          what happens to an existing destination
 *     xattr_kind         how each extended attribute is treated
 *     backup, pathname   names of backups; paths and their parts
 *     probe_rules        what the outcome of --probe means, and what to do
 *     overlap            which bytes of files use the same storage
 *     sharing            what the bytes of a file share, by its extents
 *     twins              names that are the same where case is ignored
 *     workers            the threads for a tree, and their descriptors
 *   os/                system calls without a decision; linux/ has the code
 *     fd, dir            open files; names in directories
 *     stat, fs           facts about files and about file systems
 *     clone, layout      sharing storage; where data and holes are
 *     extents            where data is stored
 *     mount, subvolume   what a directory is mounted from and is part of
 *     space_quota        how much a user may store
 *     meta, selinux      owner, mode, times, attributes; SELinux
 *     special, scratch   links and devices; files for the moment
 *     thread, clock      threads and locks; waiting
 *     terminal           where the line of progress is drawn
 *     interrupt          terminating signals, and the one that asks
 *   base/              vocabulary, arithmetic, paths and tables
 */
#include <stdio.h>
#include <stdlib.h>

#include <bsd/stdlib.h>

#include "audience.h"
#include "base.h"
#include "diag.h"
#include "fd.h"
#include "help.h"
#include "interrupt.h"
#include "jsonl.h"
#include "options.h"
#include "probe_view.h"
#include "rangelist.h"
#include "report.h"
#include "session.h"
#include "shared_view.h"
#include "summary.h"

/* Report an error in the command line. */
static void refuse(const struct usage_error *error, struct jsonl *jsonl)
{
	diag_usage(error->text, error->try_help);
	jsonl_usage(jsonl, error->text);
	if (jsonl_is_open(jsonl) && error->command == COMMAND_COPY)
		summary_put_usage(jsonl_summary(jsonl));
}

static int copy(const struct policy *asked, const struct operands *operands,
		struct jsonl *jsonl)
{
	_cleanup_(rangelist_release) struct rangelist list = RANGELIST_EMPTY;
	struct policy policy = *asked;
	_cleanup_(audience_release) struct audience audience = {
		.policy = &policy, .operands = operands, .jsonl = jsonl
	};
	struct usage_error error;
	struct observer obs;

	if (jsonl->is_stdout)
		policy.verbose = policy.debug = false;
	if (jsonl->file.ino != 0 && jsonl->file.type == FILE_REGULAR)
		policy.report = &jsonl->file;
	if (policy.ranged &&
	    rangelist_read(&operands->ranges, operands->end_in_nul, &list,
			   &error) < 0) {
		refuse(&error, jsonl);
		return EXIT_FAILURE;
	}
	policy.ranges = list.v;
	policy.n_ranges = list.n;
	obs = audience_begin(&audience);
	interrupt_install();
	session_run(&policy, operands->v, operands->n, &obs, &audience.totals);
	return audience_end(&audience);
}

/* The exit status of COMMAND when it fails. */
static int failure_of(enum command command)
{
	return command == COMMAND_SHARED ? SHARED_TROUBLE : EXIT_FAILURE;
}

/* Close JSONL, and end with STATUS, or by the signal that came. */
static int end(struct jsonl *jsonl, int status, int failure)
{
	if (jsonl_finish(jsonl, status) < 0)
		status = failure;
	interrupt_die();
	return status;
}

/* Do what the command line asks for. */
static int obey(const struct policy *policy, const struct operands *operands)
{
	_cleanup_(jsonl_release) struct jsonl jsonl = JSONL_EMPTY;
	const int failure = failure_of(operands->command);
	int status;

	if (jsonl_open(&jsonl, operands) < 0)
		return failure;
	if (operands->command == COMMAND_COPY) {
		status = copy(policy, operands, &jsonl);
	} else if (operands->command == COMMAND_PROBE) {
		interrupt_install();
		status = probe_view(policy, operands, &jsonl);
		status = report_close(NULL, status, failure);
	} else {
		status = shared_view(policy, operands, &jsonl);
		status = report_close(NULL, status, failure);
	}
	return end(&jsonl, status, failure);
}

/* Report that the command line can't be parsed: it is all operands. */
static int refuse_line(int argc, char **argv, const struct usage_error *error)
{
	_cleanup_(jsonl_release) struct jsonl jsonl = JSONL_EMPTY;
	const int failure = failure_of(error->command);
	const struct operands operands = {
		.v = argv + 1,
		.n = argc > 0 ? (size_t)argc - 1 : 0,
		.command = error->command,
		.json = options_json(argc, argv),
	};

	if (jsonl_open(&jsonl, &operands) < 0)
		jsonl = JSONL_EMPTY;
	refuse(error, &jsonl);
	return end(&jsonl, failure, failure);
}

int main(int argc, char **argv)
{
	_cleanup_(operands_release) struct operands operands = OPERANDS_EMPTY;
	struct policy policy;
	struct usage_error error;
	int r;

	r = fd_guard_standard();
	if (r < 0) {
		diag_error("cannot hold standard descriptors", -r);
		return EXIT_FAILURE;
	}

	switch (options_parse(argc, argv, &policy, &operands, &error)) {
	case 0:
		return obey(&policy, &operands);
	case OPTIONS_HELP:
		help_print(stdout, getprogname(), 80);
		return report_close(NULL, EXIT_SUCCESS, EXIT_FAILURE);
	case OPTIONS_VERSION:
		version_print(stdout, getprogname());
		return report_close(NULL, EXIT_SUCCESS, EXIT_FAILURE);
	default:
		/* Parse again, so that names are quoted for this locale. */
		diag_locale();
		(void)options_parse(argc, argv, &policy, &operands, &error);
		return refuse_line(argc, argv, &error);
	}
}
