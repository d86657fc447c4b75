/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>

#include "base.h"
#include "check.h"
#include "optable.h"
#include "options.h"
#include "parsed.h"

/* The policy that LINE, followed by two operands, makes. */
static struct policy policy_of(const char *line)
{
	struct parsed p;
	char whole[256];

	(void)snprintf(whole, sizeof(whole), "%s a b", line);
	parse(&p, whole);
	if (p.r != 0)
		printf("%s: %s\n", line, p.error.text);
	check(p.r == 0);
	check(p.operands.n == 2);
	operands_release(&p.operands);
	return p.policy;
}

#define USUAL PRESERVE_USUAL

static void each_option_does_one_thing(void)
{
	static const struct {
		const char *line;
		struct policy want; /* suffix: "~" if not said */
	} cases[] = {
		{ "", { 0 } },
		{ "--reflink", { .reflink = REFLINK_ALWAYS } },
		{ "--reflink=auto", { .reflink = REFLINK_AUTO } },
		{ "--reflink=always", { .reflink = REFLINK_ALWAYS } },
		{ "--reflink=n", { .reflink = REFLINK_NEVER } },
		{ "--sparse=auto", { .sparse = SPARSE_AUTO } },
		{ "--sparse always", { .sparse = SPARSE_ALWAYS } },
		{ "--sparse=never", { .sparse = SPARSE_NEVER } },
		{ "--attributes-only", { .attributes_only = true } },
		{ "-f", { .force = true } },
		{ "--forc", { .force = true } },
		{ "-i", { .interactive = true } },
		{ "--interactive", { .interactive = true } },
		{ "-n", { .update = UPDATE_NONE } },
		{ "--no-clobber", { .update = UPDATE_NONE } },
		{ "-u", { .update = UPDATE_OLDER } },
		{ "--update", { .update = UPDATE_OLDER } },
		{ "--update=all", { .update = UPDATE_ALL } },
		{ "--update=none", { .update = UPDATE_NONE } },
		{ "--update=none-fail", { .update = UPDATE_NONE_FAIL } },
		{ "--update=o", { .update = UPDATE_OLDER } },
		{ "--no-create", { .no_create = true } },
		{ "--no-c", { .update = UPDATE_NONE } },
		{ "--no-cr -u", { .no_create = true, .update = UPDATE_OLDER } },
		{ "--remove-destination", { .remove_destination = true } },
		{ "--backup=numbered", { .backup = BACKUP_NUMBERED } },
		{ "--backup=t", { .backup = BACKUP_NUMBERED } },
		{ "--backup=simple", { .backup = BACKUP_SIMPLE } },
		{ "--backup=never", { .backup = BACKUP_SIMPLE } },
		{ "--backup=existing", { .backup = BACKUP_EXISTING } },
		{ "--backup=nil", { .backup = BACKUP_EXISTING } },
		{ "--backup=none", { .backup = BACKUP_NONE } },
		{ "--backup=off", { .backup = BACKUP_NONE } },
		{ "--backup", { .backup = BACKUP_EXISTING } },
		{ "-b", { .backup = BACKUP_EXISTING } },
		{ "--backup=", { .backup = BACKUP_EXISTING } },
		{ "--backup=t -b", { .backup = BACKUP_NUMBERED } },
		{ "-S .o", { .backup = BACKUP_EXISTING, .suffix = ".o" } },
		{ "-S.o", { .backup = BACKUP_EXISTING, .suffix = ".o" } },
		{ "--suffix=", { .backup = BACKUP_EXISTING } },
		{ "-S a/b", { .backup = BACKUP_EXISTING } },
		{ "--range=1:2:3", { .ranged = true } },
		{ "--range 1:2:3 --range=::", { .ranged = true } },
		{ "--ranges-from=list", { .ranged = true } },
		{ "--ranges-from list --null", { .ranged = true } },
		{ "-0 --ranges list --ranges-=-", { .ranged = true } },
		{ "--range=:: -nup --reflink --debug",
		  { .ranged = true,
		    .update = UPDATE_NONE,
		    .preserve = USUAL,
		    .preserve_required = PRESERVE_MODE,
		    .reflink = REFLINK_ALWAYS,
		    .verbose = true,
		    .debug = true } },
		{ "-p",
		  { .preserve = USUAL, .preserve_required = PRESERVE_MODE } },
		{ "--preserve",
		  { .preserve = USUAL, .preserve_required = PRESERVE_MODE } },
		{ "--preserve=mode",
		  { .preserve = PRESERVE_MODE,
		    .preserve_required = PRESERVE_MODE } },
		{ "--preserve=own,time",
		  { .preserve = PRESERVE_OWNERSHIP | PRESERVE_TIMESTAMPS } },
		{ "--preserve=links", { .preserve = PRESERVE_LINKS } },
		{ "--preserve=xattr",
		  { .preserve = PRESERVE_XATTR,
		    .preserve_required = PRESERVE_XATTR } },
		{ "--preserve=context",
		  { .preserve = PRESERVE_CONTEXT,
		    .preserve_required = PRESERVE_CONTEXT } },
		{ "-Z", { .sets_context = true } },
		{ "--context", { .sets_context = true } },
		{ "--context=x", { .sets_context = true, .context = "x" } },
		{ "--context=", { .sets_context = true, .context = "" } },
		{ "-Z --context=x", { .sets_context = true, .context = "x" } },
		{ "--preserve=all", { .preserve = PRESERVE_ALL } },
		{ "-p --no-preserve=all", { .preserve_denied = PRESERVE_ALL } },
		{ "--preserve=all,x",
		  { .preserve = PRESERVE_ALL,
		    .preserve_required = PRESERVE_XATTR } },
		{ "-p --no-preserve=mode",
		  { .preserve = USUAL & ~(unsigned)PRESERVE_MODE,
		    .preserve_denied = PRESERVE_MODE } },
		{ "--no-preserve=mode --preserve=mode",
		  { .preserve = PRESERVE_MODE,
		    .preserve_required = PRESERVE_MODE } },
		{ "--no-preserve=mode -p",
		  { .preserve = USUAL, .preserve_required = PRESERVE_MODE } },
		{ "--preserve=x --no-preserve=all",
		  { .preserve_denied = PRESERVE_ALL } },
		{ "-x", { .one_file_system = true } },
		{ "--one-file-system", { .one_file_system = true } },
		{ "--copy-contents", { .copy_contents = true } },
		{ "--keep", { .keep_directory_symlink = true } },
		{ "--keep-f", { .keep_file_symlink = true } },
		{ "--keep-directory-symlink",
		  { .keep_directory_symlink = true } },
		{ "-T", { .no_target_directory = true } },
		{ "-t d", { .target_directory = "d" } },
		{ "-td", { .target_directory = "d" } },
		{ "--target-directory=d", { .target_directory = "d" } },
		{ "--parents", { .parents = true } },
		{ "--strip-trailing-slashes",
		  { .strip_trailing_slashes = true } },
		{ "-L", { .deref = DEREF_ALWAYS } },
		{ "--dereference", { .deref = DEREF_ALWAYS } },
		{ "-H", { .deref = DEREF_COMMAND_LINE } },
		{ "-P", { .deref = DEREF_NEVER } },
		{ "--no-dereference", { .deref = DEREF_NEVER } },
		{ "-PLH", { .deref = DEREF_COMMAND_LINE } },
		{ "-l", { .make = MAKE_HARD_LINK } },
		{ "--link", { .make = MAKE_HARD_LINK } },
		{ "-s", { .make = MAKE_SYMBOLIC_LINK } },
		{ "--symbolic-link", { .make = MAKE_SYMBOLIC_LINK } },
		{ "-v", { .verbose = true } },
		{ "--verbose", { .verbose = true } },
		{ "--debug", { .verbose = true, .debug = true } },
		{ "-fvS~o",
		  { .force = true,
		    .verbose = true,
		    .suffix = "~o",
		    .backup = BACKUP_EXISTING } },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct policy got = policy_of(cases[i].line);
		struct policy want = cases[i].want;

		if (!want.suffix)
			want.suffix = "~";
		if (!same(&got, &want))
			printf("%s\n", cases[i].line);
		check(same(&got, &want));
	}
}

/* What LINE comes to, in the fields that options for trees set. */
struct tree_case {
	const char *line;
	bool recursive;
	enum deref deref;
	unsigned preserve;
	unsigned required;
	unsigned denied;
};

#define ALL	       PRESERVE_ALL
#define NOT_ALL(which) (PRESERVE_ALL & ~(unsigned)(which))

static const struct tree_case tree_cases[] = {
	/* Links are followed, but not in trees; hard links go to targets. */
	{ .line = "-R", true, DEREF_NEVER },
	{ .line = "-r", true, DEREF_NEVER },
	{ .line = "--recursive", true, DEREF_NEVER },
	{ .line = "-rl", true, DEREF_DEFAULT },
	{ .line = "-lR", true, DEREF_DEFAULT },
	{ .line = "-rs", true, DEREF_NEVER },
	{ .line = "-rlP", true, DEREF_NEVER },
	{ .line = "-rL", true, DEREF_ALWAYS },
	{ .line = "-Lr", true, DEREF_ALWAYS },
	{ .line = "-rH", true, DEREF_COMMAND_LINE },
	{ .line = "-LPHr", true, DEREF_COMMAND_LINE },
	/* -d */
	{ .line = "-d", false, DEREF_NEVER, PRESERVE_LINKS },
	{ .line = "-dL", false, DEREF_ALWAYS, PRESERVE_LINKS },
	{ .line = "-Ld", false, DEREF_NEVER, PRESERVE_LINKS },
	{ .line = "-dp",
	  false,
	  DEREF_NEVER,
	  PRESERVE_LINKS | USUAL,
	  PRESERVE_MODE },
	{ .line = "-rd", true, DEREF_NEVER, PRESERVE_LINKS },
	{ .line = "-d --no-preserve=links",
	  false,
	  DEREF_NEVER,
	  0,
	  .denied = PRESERVE_LINKS },
	{ .line = "--no-preserve=links -d",
	  false,
	  DEREF_NEVER,
	  PRESERVE_LINKS },
	/* -a */
	{ .line = "-a", true, DEREF_NEVER, ALL },
	{ .line = "--archive", true, DEREF_NEVER, ALL },
	{ .line = "-dR --preserve=all", true, DEREF_NEVER, ALL },
	{ .line = "-al", true, DEREF_NEVER, ALL },
	{ .line = "-aL", true, DEREF_ALWAYS, ALL },
	{ .line = "-La", true, DEREF_NEVER, ALL },
	{ .line = "-aH", true, DEREF_COMMAND_LINE, ALL },
	{ .line = "-ap", true, DEREF_NEVER, ALL, PRESERVE_MODE },
	{ .line = "-aa", true, DEREF_NEVER, ALL },
	{ .line = "-a --preserve=xattr",
	  true,
	  DEREF_NEVER,
	  ALL,
	  PRESERVE_XATTR },
	{ .line = "--preserve=context -a",
	  true,
	  DEREF_NEVER,
	  ALL,
	  PRESERVE_CONTEXT },
	{ .line = "-a --no-preserve=own,mode",
	  true,
	  DEREF_NEVER,
	  NOT_ALL(PRESERVE_OWNERSHIP | PRESERVE_MODE),
	  .denied = PRESERVE_OWNERSHIP | PRESERVE_MODE },
	{ .line = "--no-preserve=mode -a", true, DEREF_NEVER, ALL },
};

static void trees_are_copied_as_asked(void)
{
	for (size_t i = 0; i < countof(tree_cases); i++) {
		const struct tree_case *c = &tree_cases[i];
		struct policy got = policy_of(c->line);
		bool ok = got.recursive == c->recursive &&
			  got.deref == c->deref &&
			  got.preserve == c->preserve &&
			  got.preserve_required == c->required &&
			  got.preserve_denied == c->denied;

		if (!ok)
			printf("%s\n", c->line);
		check(ok);
		check(!got.one_file_system && !got.copy_contents &&
		      !got.keep_directory_symlink);
	}
}

#define VALID_REFLINK \
	"\nValid arguments are:\n  - 'auto'\n  - 'always'\n  - 'never'"
#define VALID_BACKUP                                                         \
	"\nValid arguments are:\n  - 'none', 'off'\n  - 'simple', 'never'\n" \
	"  - 'existing', 'nil'\n  - 'numbered', 't'"
#define VALID_LIST                                               \
	"\nValid arguments are:\n  - 'mode'\n  - 'timestamps'\n" \
	"  - 'ownership'\n  - 'links'\n  - 'context'\n  - 'xattr'\n  - 'all'"

static void errors_are_those_of_cp(void)
{
	static const struct {
		const char *line;
		const char *text;
		int is_terse;
	} cases[] = {
		{ "--reflink=x",
		  "invalid argument 'x' for '--reflink'" VALID_REFLINK, 0 },
		{ "--reflink=a",
		  "ambiguous argument 'a' for '--reflink'" VALID_REFLINK, 0 },
		{ "--reflink=autos",
		  "invalid argument 'autos' for '--reflink'" VALID_REFLINK, 0 },
		{ "--reflink=",
		  "ambiguous argument '' for '--reflink'" VALID_REFLINK, 0 },
		{ "--backup=x a b",
		  "invalid argument 'x' for 'backup type'" VALID_BACKUP, 0 },
		{ "--backup=n a b",
		  "ambiguous argument 'n' for 'backup type'" VALID_BACKUP, 0 },
		{ "--preserve=mode,q a b",
		  "invalid argument 'q' for '--preserve'" VALID_LIST, 0 },
		{ "--no-preserve=mode, a b",
		  "ambiguous argument '' for '--no-preserve'" VALID_LIST, 0 },
		{ "--sparse", "option '--sparse' requires an argument", 0 },
		{ "-S", "option requires an argument -- 'S'", 0 },
		{ "-vt", "option requires an argument -- 't'", 0 },
		{ "-Q", "invalid option -- 'Q'", 0 },
		{ "-vQ a b", "invalid option -- 'Q'", 0 },
		{ "-?", "invalid option -- '?'", 0 },
		{ "-: a", "invalid option -- ':'", 0 },
		{ "-rQ a b", "invalid option -- 'Q'", 0 },
		{ "--foo", "unrecognized option '--foo'", 0 },
		{ "--foo=x", "unrecognized option '--foo=x'", 0 },
		{ "--re a b",
		  "option '--re' is ambiguous; possibilities: '--reflink' "
		  "'--remove-destination' '--recursive'",
		  0 },
		{ "--archive=all a b",
		  "option '--archive' doesn't allow an argument", 0 },
		{ "-a", "missing file operand", 0 },
		{ "-a -l -s a b", "cannot make both hard and symbolic links",
		  0 },
		{ "-anb a b",
		  "--backup is mutually exclusive with -n or "
		  "--update=none-fail",
		  0 },
		{ "--no",
		  "option '--no' is ambiguous; possibilities: '--no-clobber' "
		  "'--no-preserve' '--no-target-directory' "
		  "'--no-dereference'",
		  0 },
		{ "--v=1",
		  "option '--v=1' is ambiguous; possibilities: '--verbose' "
		  "'--version'",
		  0 },
		{ "--verbose=1", "option '--verbose' doesn't allow an argument",
		  0 },
		{ "--verb=1", "option '--verbose' doesn't allow an argument",
		  0 },
		{ "", "missing file operand", 0 },
		{ "-t d", "missing file operand", 0 },
		{ "a", "missing destination file operand after 'a'", 0 },
		{ "-T it's", "missing destination file operand after \"it's\"",
		  0 },
		{ "-T a b c", "extra operand 'c'", 0 },
		{ "-t d -T a",
		  "cannot combine --target-directory (-t) and "
		  "--no-target-directory (-T)",
		  1 },
		{ "-t d -t e a", "multiple target directories specified", 1 },
		{ "-l -s a b", "cannot make both hard and symbolic links", 0 },
		{ "-s -l a b", "cannot make both hard and symbolic links", 0 },
		{ "--reflink --sparse=always a b",
		  "--reflink can be used only with --sparse=auto", 0 },
		{ "--sparse=never --reflink a b",
		  "--reflink can be used only with --sparse=auto", 0 },
		{ "-n -b a b",
		  "--backup is mutually exclusive with -n or "
		  "--update=none-fail",
		  0 },
		{ "-S x --update=none-fail a b",
		  "--backup is mutually exclusive with -n or "
		  "--update=none-fail",
		  0 },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct parsed p;

		parse(&p, cases[i].line);
		check(p.r == -EINVAL);
		check_str(p.error.text, cases[i].text);
		check(p.error.try_help == !cases[i].is_terse);
		check(!p.policy.suffix && !p.operands.v);
	}
}

#define EXCLUDED "--range and --ranges-from can't be combined with "

static void ranges_go_into_one_file_that_stays(void)
{
	static const struct {
		const char *line;
		const char *text;
	} cases[] = {
		{ "-l a b", EXCLUDED "--link or --symbolic-link" },
		{ "-s a b", EXCLUDED "--link or --symbolic-link" },
		{ "--attributes-only a b", EXCLUDED "--attributes-only" },
		{ "-f a b", EXCLUDED "--force or --remove-destination" },
		{ "--remove-destination a b",
		  EXCLUDED "--force or --remove-destination" },
		{ "-b a b", EXCLUDED "--backup or --suffix" },
		{ "--backup=none a b", EXCLUDED "--backup or --suffix" },
		{ "-S x a b", EXCLUDED "--backup or --suffix" },
		{ "-R a b", EXCLUDED "--recursive or --archive" },
		{ "-r a b", EXCLUDED "--recursive or --archive" },
		{ "-a a b", EXCLUDED "--recursive or --archive" },
		{ "a b c", "extra operand 'c'" },
		{ "-T a b c", "extra operand 'c'" },
		{ "-t d a b", "extra operand 'b'" },
		{ "a", "missing destination file operand after 'a'" },
		{ "-t d", "missing file operand" },
		{ "--sparse=always --reflink a b",
		  "--reflink can be used only with --sparse=auto" },
	};
	static const char *const givers[] = { "--range=::", "--ranges-from=x" };

	for (size_t i = 0; i < 2 * countof(cases); i++) {
		char line[256];
		struct parsed p;

		(void)snprintf(line, sizeof(line), "%s %s", givers[i % 2],
			       cases[i / 2].line);
		parse(&p, line);
		check(p.r == -EINVAL);
		check_str(p.error.text, cases[i / 2].text);
		check(!p.operands.ranges.v);
	}
}

static void what_is_no_range_is_said_first(void)
{
	static const char *const lines[] = { "--range a b", "--range a b c",
					     "-R --range=a b", "--range a" };
	struct parsed p;

	for (size_t i = 0; i < countof(lines); i++) {
		parse(&p, lines[i]);
		check(p.r == -EINVAL && p.error.try_help);
		check_str(p.error.text, "invalid range 'a': expected "
					"SRC_OFFSET:LENGTH:DEST_OFFSET");
	}
	parse(&p, "--range=0:8E:0 a b");
	check(p.r == -EINVAL);
	check_str(p.error.text,
		  "invalid range '0:8E:0': length '8E' is too large");
}

static void counts_have_bounds(void)
{
	static const char *const numbers[] = {
		"0", "1025", "4096", "-1", "x", "1x", "9999999999999999999"
	};
	char line[128];
	char want[128];
	struct parsed p;

	for (size_t i = 0; i < countof(numbers); i++) {
		(void)snprintf(line, sizeof(line), "-j %s a b", numbers[i]);
		(void)snprintf(want, sizeof(want),
			       "invalid number '%s' for '--jobs'; "
			       "expected 1 to 1024",
			       numbers[i]);
		parse(&p, line);
		check(p.r == -EINVAL);
		check_str(p.error.text, want);
	}
	check(policy_of("-j 1").jobs == 1);
	check(policy_of("--jobs=1024").jobs == 1024);
}

static void null_is_about_lists(void)
{
	static const char *const lines[] = { "-0 a b",
					     "--null --range=:: a b" };

	for (size_t i = 0; i < countof(lines); i++) {
		struct parsed p;

		parse(&p, lines[i]);
		check(p.r == -EINVAL);
		check_str(p.error.text,
			  "--null can be used only with --ranges-from");
	}
}

static void ranges_keep_their_order(void)
{
	static const char *const want[] = { "1::", "l", "2::", "-", "3::" };
	struct parsed p;

	parse(&p, "--range=1:: a --ranges-from=l --range 2:: b --ranges-from - "
		  "-0 --range 3::");
	check(p.r == 0 && p.operands.n == 2 && p.operands.end_in_nul);
	check(p.operands.ranges.n == countof(want));
	for (size_t i = 0; i < p.operands.ranges.n; i++) {
		const struct range_arg *arg = &p.operands.ranges.v[i];

		check_str(arg->text, want[i]);
		check(arg->is_file == (i % 2 == 1));
	}
	operands_release(&p.operands);
	operands_release(&p.operands);
	check(!p.operands.ranges.v && p.operands.ranges.n == 0);

	parse(&p, "--range=:: --range=:: --nonsense");
	check(p.r == -EINVAL && !p.operands.ranges.v);
	parse(&p, "--range=:: --range=:: --help");
	check(p.r == OPTIONS_HELP && !p.operands.ranges.v);
}

static void help_and_version_end_the_parsing(void)
{
	struct parsed p;

	parse(&p, "--help --nonsense");
	check(p.r == OPTIONS_HELP);
	parse(&p, "a --version");
	check(p.r == OPTIONS_VERSION);
	parse(&p, "--vers --help");
	check(p.r == OPTIONS_VERSION);
	parse(&p, "--nonsense --help");
	check(p.r == -EINVAL);
	parse(&p, "-- --help b");
	check(p.r == 0);
}

static void operands_keep_their_order(void)
{
	struct parsed p;

	parse(&p, "a -v b --sparse never c -- -d");
	check(p.r == 0);
	check(p.operands.n == 4);
	check_str(p.operands.v[0], "a");
	check_str(p.operands.v[1], "b");
	check_str(p.operands.v[2], "c");
	check_str(p.operands.v[3], "-d");

	parse(&p, "- -");
	check(p.r == 0 && p.operands.n == 2);

	parse(&p, "-t d a");
	check(p.r == 0 && p.operands.n == 1);
	check_str(p.policy.target_directory, "d");
}

static void environment_is_honoured(void)
{
	struct parsed p;

	setenv("POSIXLY_CORRECT", "1", 1);
	parse(&p, "a -v b");
	check(p.r == 0 && p.operands.n == 3 && !p.policy.verbose);
	unsetenv("POSIXLY_CORRECT");

	setenv("VERSION_CONTROL", "numbered", 1);
	check(policy_of("-b").backup == BACKUP_NUMBERED);
	check(policy_of("--backup=").backup == BACKUP_NUMBERED);
	check(policy_of("--backup=simple").backup == BACKUP_SIMPLE);
	check(policy_of("").backup == BACKUP_NONE);
	setenv("VERSION_CONTROL", "q", 1);
	check(policy_of("").backup == BACKUP_NONE);
	parse(&p, "-b a b");
	check_str(p.error.text, "invalid argument 'q' for "
				"'$VERSION_CONTROL'" VALID_BACKUP);
	setenv("VERSION_CONTROL", "", 1);
	check(policy_of("-b").backup == BACKUP_EXISTING);

	setenv("SIMPLE_BACKUP_SUFFIX", ".bak", 1);
	check_str(policy_of("-b").suffix, ".bak");
	check_str(policy_of("-S .o").suffix, ".o");
	check_str(policy_of("--suffix=").suffix, "~");
	setenv("SIMPLE_BACKUP_SUFFIX", "a/b", 1);
	check_str(policy_of("-b").suffix, "~");
}

/* What a sequence of these comes to, told in another way than the parser's. */
static const char *const overwriting[] = {
	"-i",
	"-n",
	"-u",
	"--update=all",
	"--update=none",
	"--update=none-fail",
	"--update=older",
};

static void check_sequence(const size_t *which, size_t n)
{
	static const enum update_mode modes[] = {
		[2] = UPDATE_OLDER,	[3] = UPDATE_ALL,   [4] = UPDATE_NONE,
		[5] = UPDATE_NONE_FAIL, [6] = UPDATE_OLDER,
	};
	enum update_mode update = UPDATE_ALL;
	char last = 0; /* of i and n */
	char line[128] = "";
	struct policy got;

	for (size_t i = 0; i < n; i++) {
		(void)strcat(strcat(line, overwriting[which[i]]), " ");
		if (which[i] < 2)
			last = overwriting[which[i]][1];
		else
			update = modes[which[i]];
	}
	got = policy_of(line);
	check(got.interactive == (last == 'i'));
	check(got.update == (last == 'n' ? UPDATE_NONE : update));
}

/* Every sequence of four of them. */
static void last_word_on_overwriting_counts(void)
{
	size_t n = countof(overwriting);
	size_t which[4];

	for (size_t i = 0; i < n * n * n * n; i++) {
		size_t rest = i;

		for (size_t j = 0; j < countof(which); j++) {
			which[j] = rest % n;
			rest /= n;
		}
		check_sequence(which, countof(which));
	}
}

static void long_arguments_do_no_harm(void)
{
	char huge[8192];
	char *argv[] = { huge, huge, NULL };
	struct usage_error error;
	struct operands operands;
	struct policy policy;

	memset(huge, 'x', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	check(options_parse(2, argv, &policy, &operands, &error) == -EINVAL);
	memcpy(huge, "--x", 3);
	check(options_parse(2, argv, &policy, &operands, &error) == -EINVAL);
	memcpy(huge, "--reflink=", 10);
	check(options_parse(2, argv, &policy, &operands, &error) == -EINVAL);
	check(strlen(error.text) == sizeof(error.text) - 1);
	check(options_parse(0, argv, &policy, &operands, &error) == -EINVAL);
	check_str(error.text, "missing file operand");
}

/* The message is made anew once the locale is known: see main.c. */
static void parsing_twice_says_the_same(void)
{
	char words[][8] = { "cp", "a", "-v", "--bad", "b", "--worse" };
	char *argv[countof(words) + 1] = { 0 };
	struct usage_error error;
	struct operands operands;
	struct policy policy;

	for (size_t i = 0; i < countof(words); i++)
		argv[i] = words[i];
	for (int i = 0; i < 3; i++) {
		check(options_parse(countof(words), argv, &policy, &operands,
				    &error) == -EINVAL);
		check_str(error.text, "unrecognized option '--bad'");
	}
}

/* The table's own rules. */
static void table_is_sound(void)
{
	for (size_t i = 0; i < OPT_MAX; i++) {
		const struct opt_row *a = &opt_rows[i];

		check(a->letter || a->name);
		check(a->help[strlen(a->help) - 1] != '.');
		check(!strchr(a->help, '"'));
		check(i == 0 || opt_rows[i - 1].group <= a->group);
		for (size_t j = i + 1; j < OPT_MAX; j++) {
			const struct opt_row *b = &opt_rows[j];

			check(!a->letter || a->letter != b->letter);
			check(!a->name || !b->name || strcmp(a->name, b->name));
		}
	}
}

int main(void)
{
	test(each_option_does_one_thing);
	test(trees_are_copied_as_asked);
	test(errors_are_those_of_cp);
	test(ranges_go_into_one_file_that_stays);
	test(what_is_no_range_is_said_first);
	test(counts_have_bounds);
	test(null_is_about_lists);
	test(ranges_keep_their_order);
	test(help_and_version_end_the_parsing);
	test(operands_keep_their_order);
	test(environment_is_honoured);
	test(last_word_on_overwriting_counts);
	test(long_arguments_do_no_harm);
	test(parsing_twice_says_the_same);
	test(table_is_sound);
	return tests_end();
}
