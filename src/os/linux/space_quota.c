/* SPDX-License-Identifier: BSD-2-Clause */
#include "space_quota.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/btrfs.h>
#include <linux/quota.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base.h"
#include "subvolume.h"

/* Not in the headers of Linux before 5.14. */
#ifndef SYS_quotactl_fd
#define SYS_quotactl_fd 443
#endif

static int of_user(fd_t fd, struct space_quota *ret)
{
	struct if_dqblk q = { .dqb_valid = 0 };
	uint64_t limit;

	if (syscall(SYS_quotactl_fd, fd,
		    QCMD((unsigned)Q_GETQUOTA, (unsigned)USRQUOTA), geteuid(),
		    &q) < 0)
		return -errno;
	limit = q.dqb_bhardlimit ? q.dqb_bhardlimit : q.dqb_bsoftlimit;
	if (!(q.dqb_valid & QIF_BLIMITS) || limit == 0)
		return -ENOENT;
	/* Limits are in units of 1024 bytes, what is used is in bytes. */
	*ret = (struct space_quota){ .used = q.dqb_curspace,
				     .limit = limit * 1024 };
	return 0;
}

/* "0123abcd-..." as in the names of /sys. */
static void put_uuid(char buf[37], const uint8_t uuid[16])
{
	int n = 0;

	for (int i = 0; i < 16; i++)
		n += snprintf(buf + n, 37 - (size_t)n,
			      i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x"
								    : "%02x",
			      uuid[i]);
}

/* The number in the file NAME of DIR. */
static int read_number(const char *dir, const char *name, uint64_t *ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	char buf[200];
	size_t n = 0;
	int r;

	(void)snprintf(buf, sizeof(buf), "%s/%s", dir, name);
	r = fd_open_at(FD_CWD, buf, FD_READ, &fd);
	if (r == 0)
		r = fd_read(fd, 0, buf, sizeof(buf) - 1, &n);
	if (r < 0)
		return r;
	buf[n] = '\0';
	*ret = strtoumax(buf, NULL, 0);
	return 0;
}

#define LIMITS_CONTENT UINT64_C(1) /* BTRFS_QGROUP_LIMIT_MAX_RFER */

static int of_subvolume(fd_t fd, uint64_t id, struct space_quota *ret)
{
	struct btrfs_ioctl_fs_info_args info = { .flags = 0 };
	struct space_quota quota;
	char uuid[37];
	char dir[128];
	uint64_t flags;
	int r;

	if (ioctl(fd, BTRFS_IOC_FS_INFO, &info) < 0)
		return -errno;
	put_uuid(uuid, info.fsid);
	(void)snprintf(dir, sizeof(dir), "/sys/fs/btrfs/%s/qgroups/0_%" PRIu64,
		       uuid, id);
	r = read_number(dir, "limit_flags", &flags);
	if (r == 0 && !(flags & LIMITS_CONTENT))
		r = -ENOENT;
	if (r == 0)
		r = read_number(dir, "max_referenced", &quota.limit);
	if (r == 0)
		r = read_number(dir, "referenced", &quota.used);
	if (r == 0)
		*ret = quota;
	return r;
}

int space_quota_query(fd_t fd, struct space_quota *ret)
{
	struct subvolume subvolume;

	if (subvolume_query(fd, &subvolume) == 0)
		return of_subvolume(fd, subvolume.id, ret);
	return of_user(fd, ret);
}
