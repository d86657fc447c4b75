/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "options.h"

#define MAX_ARGS 16

/* A command line, parsed. */
struct parsed {
	char storage[512];
	char *argv[MAX_ARGS + 1];
	struct policy policy;
	struct operands operands;
	struct usage_error error;
	int r;
};

/* Parse LINE: words between blanks. */
static inline void parse(struct parsed *p, const char *line)
{
	char *rest = p->storage;
	char *word;
	int argc = 0;

	memset(p, 0, sizeof(*p));
	(void)snprintf(p->storage, sizeof(p->storage), "cp %s", line);
	while ((word = strsep(&rest, " ")) && argc < MAX_ARGS)
		if (*word)
			p->argv[argc++] = word;
	p->r = options_parse(argc, p->argv, &p->policy, &p->operands,
			     &p->error);
}

/* Do options make the same of both? */
static inline bool same(const struct policy *a, const struct policy *b)
{
	return a->reflink == b->reflink && a->sparse == b->sparse &&
	       a->deref == b->deref && a->make == b->make &&
	       a->update == b->update && a->backup == b->backup &&
	       strcmp(a->suffix, b->suffix) == 0 &&
	       a->preserve == b->preserve &&
	       a->preserve_required == b->preserve_required &&
	       a->preserve_denied == b->preserve_denied &&
	       a->sets_context == b->sets_context &&
	       !a->context == !b->context && a->interactive == b->interactive &&
	       a->no_create == b->no_create && a->force == b->force &&
	       a->remove_destination == b->remove_destination &&
	       a->attributes_only == b->attributes_only &&
	       a->parents == b->parents && a->verbose == b->verbose &&
	       a->debug == b->debug &&
	       a->strip_trailing_slashes == b->strip_trailing_slashes &&
	       a->no_target_directory == b->no_target_directory &&
	       !a->target_directory == !b->target_directory &&
	       a->recursive == b->recursive &&
	       a->one_file_system == b->one_file_system &&
	       a->copy_contents == b->copy_contents &&
	       a->keep_directory_symlink == b->keep_directory_symlink &&
	       a->ranged == b->ranged && a->ranges == b->ranges &&
	       a->n_ranges == b->n_ranges;
}
