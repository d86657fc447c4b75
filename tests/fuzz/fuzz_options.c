/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A command line: the words after the first, each ended by a newline.  The
 * first letter of the input decides on the environment.
 */
#include <errno.h>
#include <locale.h>
#include <string.h>

#include "fuzz.h"
#include "options.h"
#include "quote.h"

#define MAX_WORDS 64

/* Set NAME to VALUE if bit BIT of BITS is set. */
static void set_environment(const char *name, const char *value, int bits,
			    int bit)
{
	if (bits & 1 << bit)
		(void)setenv(name, value, 1);
	else
		(void)unsetenv(name);
}

/* Nothing in TEXT may drive a terminal. */
static void check_harmless(const char *text)
{
	for (const char *c = text; *c; c++)
		must((unsigned char)*c >= ' ' ? *c != 0x7f : *c == '\n');
}

static void check_quoted(const char *word)
{
	char *quoted = quote_name(word);

	must(quoted && strlen(quoted) >= strlen(word) + 2);
	must(!strchr(quoted, '\n'));
	check_harmless(quoted);
	free(quoted);
}

static int split(char *text, char **argv)
{
	int argc = 0;
	char *word;

	argv[argc++] = text + strlen(text); /* the program's name: none */
	while ((word = strsep(&text, "\n")) && argc < MAX_WORDS)
		argv[argc++] = word;
	argv[argc] = NULL;
	return argc;
}

static void check_policy(const struct policy *policy,
			 const struct operands *operands, char **argv, int argc)
{
	const size_t least =
		policy->target_directory || operands->command != COMMAND_COPY
			? 1
			: 2;

	must(*policy->suffix && !strchr(policy->suffix, '/'));
	must((policy->preserve_required & ~policy->preserve) == 0);
	must((policy->preserve_denied & policy->preserve) == 0);
	must(policy->verbose || !policy->debug);
	must(operands->n >= least);
	must(operands->v + operands->n == argv + argc);
	must(policy->ranged == (operands->ranges.n > 0));
	must(policy->ranged || !operands->end_in_nul);
	must(!policy->ranged ||
	     operands->n == (policy->target_directory ? 1 : 2));
}

static void check_parsing(char **argv, int argc)
{
	struct usage_error error = { 0 };
	struct operands operands;
	struct policy policy;
	int r;

	r = options_parse(argc, argv, &policy, &operands, &error);
	switch (r) {
	case 0:
		check_policy(&policy, &operands, argv, argc);
		operands_release(&operands);
		break;
	case -EINVAL:
		must(*error.text &&
		     memchr(error.text, '\0', sizeof(error.text)));
		check_harmless(error.text);
		break;
	default:
		must(r == OPTIONS_HELP || r == OPTIONS_VERSION);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[MAX_WORDS + 1];
	char *text = calloc(1, size + 1);
	int bits = size > 0 ? data[0] : 0;
	int argc;

	must(text);
	if (size > 1)
		memcpy(text, data + 1, size - 1);
	set_environment("POSIXLY_CORRECT", "1", bits, 0);
	set_environment("VERSION_CONTROL", "numbered", bits, 1);
	set_environment("SIMPLE_BACKUP_SUFFIX", ".bak", bits, 2);
	(void)setlocale(LC_ALL, bits & 1 << 3 ? "C.UTF-8" : "C");

	argc = split(text, argv);
	for (int i = 0; i < argc; i++)
		check_quoted(argv[i]);
	check_parsing(argv, argc);
	free(text);
	return 0;
}
