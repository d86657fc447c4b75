/* SPDX-License-Identifier: BSD-2-Clause */
/* In place of selinux_defaults.c in builds without libselinux. */
#include "selinux.h"

#include <errno.h>
#include <string.h>

int selinux_defaults_open(struct selinux_defaults **ret)
{
	*ret = NULL;
	return -ENOSYS;
}

void selinux_defaults_closep(struct selinux_defaults **db)
{
	*db = NULL;
}

int selinux_defaults_for_new(struct selinux_defaults *db, fd_t dir,
			     const char *name, enum file_type type, char **ret)
{
	(void)db;
	(void)dir;
	(void)name;
	(void)type;
	(void)ret;
	return -ENOSYS;
}

int selinux_defaults_for_old(struct selinux_defaults *db, fd_t fd,
			     enum file_type type, char **ret)
{
	(void)db;
	(void)fd;
	(void)type;
	(void)ret;
	return -ENOSYS;
}

int selinux_from_user(const char *text, char **ret)
{
	*ret = strdup(text);
	return *ret ? 0 : -ENOMEM;
}
