/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fd.h"
#include "fileinfo.h"

/*
 * What a file has besides its data: owner, mode, times, attributes, flags.  FD
 * may have been opened with FD_PATH.  If it is a symbolic link then, only
 * functions for extended attributes take it.
 */

/* May this process give files away?  (Is it root's?) */
bool meta_is_privileged(void);

/* Is the user of this process the one of OWNER? */
bool meta_is_own(struct owner owner);

/*
 * Is the user of OWNER root, or the one who runs this process?  A link that
 * they own leads where they want it to lead.
 *
 * A user namespace shows all users that it doesn't map as one user ID.  The
 * system's root is among them, so that ID is trusted too, unless it is also a
 * mapped user of the namespace.
 *
 * user_namespaces(7).
 */
bool meta_is_trusted(struct owner owner);

/* The umask; umask(2).  Call it before threads are started. */
uint32_t meta_umask(void);

/*
 * Set the user and group of FD to those of OWNER.  This clears set-id bits.
 *
 * Returns 0 or -errno of fchown(2).
 */
int meta_set_owner(fd_t fd, struct owner owner);

/* The same for the group only. */
int meta_set_group(fd_t fd, struct owner owner);

/* Set all mode bits (07777) of FD.  Returns 0 or -errno of fchmod(2). */
int meta_set_mode(fd_t fd, uint32_t mode);

/* The same for FILE. */
int meta_set_mode_of(const struct fd_named *file, uint32_t mode);

/* Set both times of FILE.  Returns 0 or -errno of futimens(3). */
int meta_set_times(const struct fd_named *file, struct timestamp atime,
		   struct timestamp mtime);

/* The same for the modification time of FD only. */
int meta_set_mtime(fd_t fd, struct timestamp mtime);

/* The same as meta_set_owner() for NAME in DIR; a link is not followed. */
int meta_set_link_owner(fd_t dir, const char *name, struct owner owner);

/* The same as meta_set_times() for NAME in DIR; a link is not followed. */
int meta_set_link_times(fd_t dir, const char *name, struct timestamp atime,
			struct timestamp mtime);

/*
 * List the names of FILE's extended attributes, each followed by a NUL.
 *
 * Returns 0 with *RET_LEN bytes in *RET, which the caller frees and which is
 * NULL if there are none; or -errno of flistxattr(2), -EOPNOTSUPP if the file
 * system has no extended attributes.
 */
int meta_list_xattr(const struct fd_named *file, char **ret, size_t *ret_len);

/*
 * Get the value of FILE's extended attribute NAME.
 *
 * Returns 0 with *RET_LEN bytes in *RET, which the caller frees; a NUL follows
 * the value, even if it is empty.  Or returns -errno of fgetxattr(2).
 */
int meta_get_xattr(const struct fd_named *file, const char *name, char **ret,
		   size_t *ret_len);

/*
 * Set FILE's extended attribute NAME to the LEN bytes at VALUE.
 *
 * Returns 0 or -errno of fsetxattr(2).
 */
int meta_set_xattr(const struct fd_named *file, const char *name,
		   const char *value, size_t len);

/* ACLs that are extended attributes; acl(5). */
enum meta_acl {
	META_ACL_ACCESS,  /* who may do what with the file */
	META_ACL_DEFAULT, /* a directory's: new files in it inherit it */
};

/* The extended attribute that holds ACL. */
const char *meta_acl_name(enum meta_acl acl);

/* Does FD have ACL?  Returns true if in doubt. */
bool meta_has_acl(fd_t fd, enum meta_acl acl);

/*
 * Remove ACL from FILE; its mode bits stay.
 *
 * Returns 0, also if it had none or the file system has no ACLs; or -errno of
 * fremovexattr(2).
 */
int meta_remove_acl(const struct fd_named *file, enum meta_acl acl);

/*
 * Inode flags that a user may set; ioctl_iflags(2), chattr(1).  A set is a
 * uint32_t with the system's own bits.  Other flags are neither returned nor
 * changed.
 */

/* Kinds of flags. */
enum meta_flags {
	META_FLAGS_LATE,  /* they prevent all later changes to a file */
	META_FLAGS_EARLY, /* only an empty file can be given them: NOCOW */
	/*
	 * New files inherit them from their directory, so that it must have
	 * them before anything is made in it: NOCOW, compression, and
	 * case-insensitive names.
	 */
	META_FLAGS_HEIRLOOM,
	/*
	 * A directory itself inherits them from its place, and passes them on:
	 * inheritance of the project, and case-insensitive names.
	 */
	META_FLAGS_PLACE,
};

/* All flags of KIND. */
uint32_t meta_flags(enum meta_flags kind);

/*
 * The flags of FD, a regular file or a directory that is open for reading or
 * writing.
 *
 * Returns 0 with *RET, or -errno: -ENOTTY or -EOPNOTSUPP if the file system has
 * no flags.
 */
int meta_get_flags(fd_t fd, uint32_t *ret);

/*
 * Set the flags of FD to FLAGS, except that flags of KEPT stay if FD has them.
 * Flags that the file system doesn't support are left out.
 *
 * Returns 0, or -errno if a supported flag can't be set, with all others set:
 * -EPERM for flags that only root may set.
 */
int meta_set_flags(fd_t fd, uint32_t flags, uint32_t kept);

/*
 * Add FLAGS to the flags of FD, and remove those that exclude them: a NOCOW
 * file can't be compressed.
 *
 * Returns 0, or -errno.
 */
int meta_add_flags(fd_t fd, uint32_t flags);

/*
 * Does FD have the NOCOW flag of Btrfs (chattr +C)?  ioctl_iflags(2).
 *
 * Returns 1 if it has, 0 if not, or -errno: -ENOTTY or -EOPNOTSUPP if the file
 * system has no flags.
 */
int meta_get_nocow(fd_t fd);

/*
 * Set (ON 1) or clear (0) the NOCOW flag of FD, which must be empty; else Btrfs
 * silently ignores the call.
 *
 * Returns 0 or -errno: -EINVAL if the file has a compression flag.
 */
int meta_set_nocow(fd_t fd, int on);

/*
 * Is FD compressed, or a directory in which new files are, by its flag
 * (chattr +c)?
 *
 * Returns as meta_get_nocow() does.
 */
int meta_get_compressed(fd_t fd);
