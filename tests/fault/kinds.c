/* SPDX-License-Identifier: BSD-2-Clause */
#include "kinds.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static const struct kind kinds[] = {
	[KIND_NONE] = { "", NULL },
#define KIND(name, ...) \
	[KIND_##name] = { #name, (const int[]){ __VA_ARGS__, 0 } },
#include "calls.def"
};

static const char *const hows[] = {
	[HOW_NONE] = "none",	 [HOW_ONCE] = "once",
	[HOW_STICKY] = "sticky", [HOW_SHORT] = "short",
	[HOW_SHORTS] = "shorts", [HOW_KILL] = "kill",
	[HOW_TERM] = "term",	 [HOW_INTR] = "intr",
	[HOW_PARTLY] = "partly", [HOW_HALFWAY] = "halfway",
	[HOW_TICK] = "tick",	 [HOW_GROWN] = "grown",
	[HOW_GROWNS] = "growns", [HOW_ENDS] = "ends",
};

const struct kind *kind_get(enum call_kind kind)
{
	return &kinds[kind];
}

bool kind_waits(enum call_kind kind)
{
	for (const int *e = kinds[kind].errs; *e; e++)
		if (*e == EINTR)
			return true;
	return false;
}

bool kind_transfers(enum call_kind kind)
{
	return kind == KIND_read || kind == KIND_write ||
	       kind == KIND_copy_file_range;
}

const char *how_name(enum call_how how)
{
	return hows[how];
}

enum call_how how_parse(const char *text)
{
	for (enum call_how how = HOW_NONE; how < HOW_MAX; how++)
		if (strcmp(hows[how], text) == 0)
			return how;
	die_plain("'%s': calls fail in no such way", text);
}

int errno_parse(const char *text)
{
	int n = atoi(text);

	for (int e = 1; e < 200; e++)
		if (e == n || (strerrorname_np(e) &&
			       strcmp(strerrorname_np(e), text) == 0))
			return e;
	die_plain("'%s' is no errno", text);
}
