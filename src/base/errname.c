/* SPDX-License-Identifier: BSD-2-Clause */
#include "errname.h"

#include <errno.h>
#include <stddef.h>

#include "base.h"

#define NAME(e)       \
	{             \
		e, #e \
	}

static const struct {
	int err;
	const char *name;
} names[] = {
	NAME(E2BIG),	 NAME(EACCES),	     NAME(EAGAIN),   NAME(EBADF),
	NAME(EBADMSG),	 NAME(EBUSY),	     NAME(EDQUOT),   NAME(EEXIST),
	NAME(EFAULT),	 NAME(EFBIG),	     NAME(EINTR),    NAME(EINVAL),
	NAME(EIO),	 NAME(EISDIR),	     NAME(ELOOP),    NAME(EMFILE),
	NAME(EMLINK),	 NAME(ENAMETOOLONG), NAME(ENFILE),   NAME(ENODATA),
	NAME(ENODEV),	 NAME(ENOENT),	     NAME(ENOLCK),   NAME(ENOMEM),
	NAME(ENOSPC),	 NAME(ENOSYS),	     NAME(ENOTCONN), NAME(ENOTDIR),
	NAME(ENOTEMPTY), NAME(ENOTTY),	     NAME(ENXIO),    NAME(EOPNOTSUPP),
	NAME(EOVERFLOW), NAME(EPERM),	     NAME(EPIPE),    NAME(ERANGE),
	NAME(EROFS),	 NAME(ESPIPE),	     NAME(ESTALE),   NAME(ETIMEDOUT),
	NAME(ETXTBSY),	 NAME(EUCLEAN),	     NAME(EXDEV),
};

const char *errname(int err)
{
	for (size_t i = 0; i < countof(names); i++)
		if (names[i].err == err)
			return names[i].name;

	return "E?";
}
