/* SPDX-License-Identifier: BSD-2-Clause */
/* In place of contextdb.c in builds without libselinux. */
#include "contextdb.h"

#include <errno.h>
#include <string.h>

#include "base.h"

int contextdb_open(struct contextdb **ret)
{
	*ret = NULL;
	return -ENOSYS;
}

void contextdb_closep(struct contextdb **db)
{
	*db = NULL;
}

int contextdb_for_new(struct contextdb *db, fd_t dir, const char *name,
		      enum file_type type, char **ret)
{
	(void)db;
	(void)dir;
	(void)name;
	(void)type;
	(void)ret;
	return -ENOSYS;
}

int contextdb_for_old(struct contextdb *db, fd_t fd, enum file_type type,
		      char **ret)
{
	(void)db;
	(void)fd;
	(void)type;
	(void)ret;
	return -ENOSYS;
}

int contextdb_from_user(const char *text, char **ret)
{
	*ret = strdup(text);
	return *ret ? 0 : -ENOMEM;
}
