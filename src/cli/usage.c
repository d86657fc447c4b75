/* SPDX-License-Identifier: BSD-2-Clause */
#include "usage.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "quote.h"

void usage_error_begin(struct usage_error *e, int try_help)
{
	e->text[0] = '\0';
	e->try_help = try_help;
	e->command = COMMAND_COPY;
}

int usage_refuse(struct usage_error *e, const char *before, const char *name,
		 const char *after)
{
	usage_error_begin(e, 1);
	usage_error_add(e, "%s", before);
	if (name)
		usage_error_add_quoted(e, name, strlen(name));
	usage_error_add(e, "%s", after);
	return -EINVAL;
}

int usage_refuse_tersely(struct usage_error *e, const char *text)
{
	usage_error_begin(e, 0);
	usage_error_add(e, "%s", text);
	return -EINVAL;
}

int usage_refuse_for_memory(struct usage_error *e)
{
	(void)usage_refuse_tersely(e, "memory exhausted");
	return -ENOMEM;
}

void usage_error_add(struct usage_error *e, const char *format, ...)
{
	size_t len = strlen(e->text);
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(e->text + len, sizeof(e->text) - len, format, ap);
	va_end(ap);
}

void usage_error_add_quoted(struct usage_error *e, const char *name, size_t n)
{
	_cleanup_(freep) char *copy = strndup(name, n);
	_cleanup_(freep) char *quoted = copy ? quote_name(copy) : NULL;

	usage_error_add(e, "%s", quoted ? quoted : "'?'");
}
