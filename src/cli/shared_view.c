/* SPDX-License-Identifier: BSD-2-Clause */
#include "shared_view.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base.h"
#include "diag.h"
#include "shared.h"

static const char *const titles[SHARE_CLASS_MAX] = {
	[SHARE_HOLE] = "HOLES",	   [SHARE_RESERVED] = "RESERVED",
	[SHARE_SHARED] = "SHARED", [SHARE_OWN] = "OWN",
	[SHARE_INLINE] = "INLINE", [SHARE_UNKNOWN] = "UNKNOWN",
};

static void put_heading(void)
{
	(void)printf("%15s", "SIZE");
	for (size_t i = 0; i < SHARE_CLASS_MAX; i++)
		(void)printf(" %15s", titles[i]);
	(void)fputs("  FILE\n", stdout);
}

static void put_file(const struct shared_file *file)
{
	(void)printf("%15ju", (uintmax_t)file->info.size);
	for (size_t i = 0; i < SHARE_CLASS_MAX; i++)
		(void)printf(" %15ju", (uintmax_t)file->sums.bytes[i]);
	(void)fputs("  ", stdout);
	(void)diag_put_name(stdout, file->name);
	(void)putchar('\n');
}

static int status_of(const struct shared_file *file)
{
	if (file->failed || file->answer == SHARE_NO_TELLING)
		return SHARED_TROUBLE;
	return file->answer == SHARE_ALL ? SHARED_WHOLE : SHARED_NOT;
}

int shared_view(const struct policy *policy, const struct operands *operands)
{
	_cleanup_(freep) struct shared_file *v =
		calloc(operands->n, sizeof(*v));
	int status = SHARED_WHOLE;
	int r;

	diag_locale();
	r = v ? shared_run(policy, operands->v, operands->n, v) : -ENOMEM;
	if (r < 0) {
		diag_error("cannot compare files", -r);
		return SHARED_TROUBLE;
	}
	put_heading();
	for (size_t i = 0; i < operands->n; i++) {
		const struct job job = { .src = v[i].name, .dst = v[i].name };

		if (v[i].failed)
			diag_fault(&job, &v[i].fault, SEVERITY_FAILURE, NULL);
		else
			put_file(&v[i]);
		if (status_of(&v[i]) > status)
			status = status_of(&v[i]);
	}
	return status;
}
