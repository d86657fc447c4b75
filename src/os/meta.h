/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fd.h"
#include "fileinfo.h"

/*
 * What a file has beside its data: owner, mode, times, attributes, flags.  FD
 * may be one that was opened to look at (FD_PATH); on a symbolic link that is for
 * extended attributes only.
 */

/*
 * A file, and a name that it has.  Where FD was opened to look at, old kernels
 * without /proc do some things by a name only; a directory needs none.
 */
struct meta_file {
	fd_t fd;
	fd_t dir;	  /* the caller's */
	const char *name; /* in DIR, no symbolic link; NULL: not known */
};

/* In place of an owner or a group: leave it. */
#define META_KEEP UINT32_MAX

/* Is this process allowed to give files away?  (Is it root's?) */
bool meta_is_privileged(void);

/* The mode bits that new files are denied; umask(2).  Before there are threads. */
uint32_t meta_umask(void);

/*
 * Make UID and GID the owner and group of FD.  Clears set-id bits.
 *
 * Returns 0 or -errno of fchown(2).
 */
int meta_set_owner(fd_t fd, uint32_t uid, uint32_t gid);

/* Set all mode bits (07777) of FD.  Returns 0 or -errno of fchmod(2). */
int meta_set_mode(fd_t fd, uint32_t mode);

/* The same for FILE. */
int meta_set_mode_of(const struct meta_file *file, uint32_t mode);

/* Set both times of FD.  Returns 0 or -errno of futimens(3). */
int meta_set_times(fd_t fd, struct timestamp atime, struct timestamp mtime);

/* The same for the modification time alone. */
int meta_set_mtime(fd_t fd, struct timestamp mtime);

/* The same for FILE. */
int meta_set_times_of(const struct meta_file *file, struct timestamp atime,
		      struct timestamp mtime);

/* meta_set_owner() for the name NAME in DIR itself: of a symbolic link. */
int meta_set_link_owner(fd_t dir, const char *name, uint32_t uid, uint32_t gid);

/* meta_set_times() for the name NAME in DIR itself. */
int meta_set_link_times(fd_t dir, const char *name, struct timestamp atime,
			struct timestamp mtime);

/* The extended attribute that holds the access ACL. */
#define META_ACL "system.posix_acl_access"
/* The one that holds what a directory's new files get for theirs. */
#define META_DEFAULT_ACL "system.posix_acl_default"
/* The one that holds the SELinux context. */
#define META_CONTEXT "security.selinux"

/*
 * The names of FILE's extended attributes, each with its NUL, one after the
 * other.
 *
 * Returns 0 with *RET (the caller's to free; NULL if there are none) and
 * *RET_LEN bytes; or -errno of flistxattr(2), -EOPNOTSUPP where there are no
 * such things.
 */
int meta_list_xattr(const struct meta_file *file, char **ret, size_t *ret_len);

/*
 * The value of FILE's extended attribute NAME.
 *
 * Returns 0 with *RET (the caller's to free; a NUL follows it, even where it is
 * empty) and *RET_LEN bytes; or -errno of fgetxattr(2).
 */
int meta_get_xattr(const struct meta_file *file, const char *name, char **ret,
		   size_t *ret_len);

/*
 * Make the LEN bytes at VALUE that of FILE's extended attribute NAME.
 *
 * Returns 0 or -errno of fsetxattr(2).
 */
int meta_set_xattr(const struct meta_file *file, const char *name,
		   const char *value, size_t len);

/*
 * Has FD the ACL NAME (one of the above)?  In doubt it has.
 */
bool meta_has_acl(fd_t fd, const char *name);

/*
 * Take the ACL NAME (one of the above) away from FILE; its mode bits stay.
 *
 * Returns 0, also if there was none or can be none; or -errno.
 */
int meta_remove_acl(const struct meta_file *file, const char *name);

/*
 * Inode flags that a user may set, ioctl_iflags(2), chattr(1): a set whose bits
 * are the system's own.  Of other flags nothing is told and nothing changed.
 */

/* Those of FLAGS after which nothing can be done to a file any more. */
uint32_t meta_late_flags(uint32_t flags);

/* Of FLAGS that which only an empty file can be given: NOCOW. */
uint32_t meta_early_flags(uint32_t flags);

/*
 * Those of FLAGS which a directory is to have before anything is made in it:
 * NOCOW and compression, which files get by it, and that names ignore case.
 */
uint32_t meta_heirloom_flags(uint32_t flags);

/*
 * Those of FLAGS which a directory has by the place that it is in, for what is
 * made in it: that its project is inherited, and that names ignore case.
 */
uint32_t meta_place_flags(uint32_t flags);

/*
 * The flags of FD, a regular file or a directory that is open for reading or
 * writing.
 *
 * Returns 0 with *RET, or -errno: -ENOTTY or -EOPNOTSUPP where files have none.
 */
int meta_get_flags(fd_t fd, uint32_t *ret);

/*
 * Make the flags of FD those of FLAGS, and leave those of KEPT that it has.  If
 * the file system hasn't got all of them, then those that it has.
 *
 * Returns 0, or -errno of one that it has, with all others set: -EPERM for what
 * only root may set.
 */
int meta_set_flags(fd_t fd, uint32_t flags, uint32_t kept);

/*
 * Give FD the flags FLAGS besides what it has, except what shuts them out: no
 * NOCOW file is compressed.
 *
 * Returns 0, or -errno.
 */
int meta_add_flags(fd_t fd, uint32_t flags);

/*
 * The NOCOW flag of a file on Btrfs (chattr +C), ioctl_iflags(2).
 *
 * Returns 1 if FD has it, 0 if not, or -errno: -ENOTTY or -EOPNOTSUPP where
 * files have no such flags.
 */
int meta_get_nocow(fd_t fd);

/*
 * Set (ON 1) or clear (0) the NOCOW flag of FD, which must be empty: Btrfs
 * silently ignores it otherwise.
 *
 * Returns 0 or -errno: -EINVAL for a file that is to be compressed.
 */
int meta_set_nocow(fd_t fd, int on);
