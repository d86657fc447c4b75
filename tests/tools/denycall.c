/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tool.h"

/*
 * denycall RULE... -- COMMAND...
 *
 * Run COMMAND on a kernel that lacks something: what a RULE names fails.  A RULE
 * is CALL:ERRNO (numbers both, or a name below), or CALL:ERRNO:ARG:VALUE for
 * calls whose argument ARG, from 0 on, is VALUE.  Exits as COMMAND does.
 */

#define MAX_RULES 16

static const struct {
	const char *name;
	unsigned number;
} words[] = {
	{ "fchmodat2", 452 },		{ "linkat", SYS_linkat },
	{ "utimensat", SYS_utimensat }, { "unshare", SYS_unshare },
	{ "EINVAL", EINVAL },		{ "ENOENT", ENOENT },
	{ "ENOSYS", ENOSYS },		{ "EPERM", EPERM },
	{ "AT_EMPTY_PATH", 0x1000 },
};

static unsigned number_of(const char *word)
{
	char *end;
	unsigned long n = strtoul(word, &end, 0);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].name, word) == 0)
			return words[i].number;
	if (*word == '\0' || *end != '\0')
		die_plain("what is '%s'?", word);
	return (unsigned)n;
}

static struct sock_filter code[8 * MAX_RULES + 2];
static unsigned short n_code;

static void add(unsigned op, unsigned k, unsigned char skipped)
{
	code[n_code++] = (struct sock_filter){ .code = (unsigned short)op,
					       .k = k,
					       .jf = skipped };
}

static void add_rule(char *rule)
{
	const char *parts[4] = { NULL };
	size_t n = 0;

	for (char *p; (p = strsep(&rule, ":"));)
		if (n < 4)
			parts[n++] = p;
	if (n != 2 && n != 4)
		die_plain("a rule has 2 or 4 parts");
	add(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0);
	add(BPF_JMP | BPF_JEQ | BPF_K, number_of(parts[0]), n == 4 ? 3 : 1);
	if (n == 4) {
		/* The low half, of processors that have that first. */
		add(BPF_LD | BPF_W | BPF_ABS,
		    (unsigned)offsetof(struct seccomp_data, args) +
			    8 * number_of(parts[2]),
		    0);
		add(BPF_JMP | BPF_JEQ | BPF_K, number_of(parts[3]), 1);
	}
	add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | number_of(parts[1]), 0);
}

int main(int argc, char **argv)
{
	struct sock_fprog program = { .filter = code };
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (i > MAX_RULES)
			die_plain("too many rules");
		add_rule(argv[i]);
	}
	if (i + 1 >= argc)
		die_plain("usage: denycall RULE... -- COMMAND...");
	add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0);
	program.len = n_code;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		die("seccomp");
	execvp(argv[i + 1], argv + i + 1);
	die("%s", argv[i + 1]);
}
