/* SPDX-License-Identifier: BSD-2-Clause */
#include "fault_class.h"

#include <errno.h>
#include <stddef.h>

#include "base.h"
#include "fallback.h"

/* What a step does if it says no more: a system call, or a rule. */
static const struct {
	const char *call;	/* NULL: a rule */
	enum fault_class class; /* of a rule */
} steps[FAULT_OP_MAX] = {
/* clang-format off */
#define CALLS(op, name) [FAULT_##op] = { .call = (name) }
#define RULE(op, is) [FAULT_##op] = { .class = FAULT_CLASS_##is }
	CALLS(STAT, "fstat"),
	CALLS(OPEN, "openat"),
	CALLS(CREATE, "openat"),
	CALLS(READ, "pread"),
	CALLS(WRITE, "pwrite"),
	CALLS(COPY_RANGE, "copy_file_range"),
	CALLS(TRUNCATE, "ftruncate"),
	CALLS(CLONE, "FICLONE"),
	CALLS(CLOSE, "close"),
	CALLS(REMOVE, "unlinkat"),
	CALLS(BACKUP, "renameat"),
	CALLS(HARD_LINK, "linkat"),
	CALLS(SYMLINK, "symlinkat"),
	CALLS(COPY_SYMLINK, "symlinkat"),
	CALLS(READ_LINK, "readlinkat"),
	CALLS(MAKE_DIRECTORY, "mkdirat"),
	CALLS(SET_OWNER, "fchownat"),
	CALLS(SET_MODE, "fchmod"),
	CALLS(SET_ACL, "fsetxattr"),
	CALLS(GET_XATTR, "fgetxattr"),
	CALLS(SET_XATTR, "fsetxattr"),
	CALLS(SET_XATTRS, "fsetxattr"),
	CALLS(LIST_XATTR, "flistxattr"),
	CALLS(GET_CONTEXT, "fgetxattr"),
	CALLS(SET_CONTEXT, "fsetxattr"),
	CALLS(SET_NEW_CONTEXT, "write"),
	CALLS(DEFAULT_CONTEXT, "selabel_lookup_raw"),
	CALLS(LOAD_DEFAULTS, "selabel_open"),
	CALLS(NO_DEFAULTS, "selabel_open"),
	CALLS(SET_TIMES, "utimensat"),
	CALLS(GET_FLAGS, "FS_IOC_GETFLAGS"),
	CALLS(SET_FLAGS, "FS_IOC_SETFLAGS"),
	CALLS(MEMORY, "malloc"),
	CALLS(CREATE_DIRECTORY, "mkdirat"),
	CALLS(CREATE_FIFO, "mknodat"),
	CALLS(CREATE_NODE, "mknodat"),
	CALLS(NAME, "renameat"),
	CALLS(PARENT, "openat"),
	CALLS(ACCESS, "openat"),
	CALLS(TARGET, "openat"),
	CALLS(TARGET_DIRECTORY, "openat"),
	CALLS(GET_EXTENTS, "FS_IOC_FIEMAP"),
	RULE(NO_EXTENTS, REFUSED),
	RULE(SPACE, SPACE),
	RULE(OMIT_DIRECTORY, USAGE),
	RULE(TAKEN, REFUSED),
	RULE(OVERWRITE_DIRECTORY, REFUSED),
	RULE(OVERWRITE_FILE, REFUSED),
	RULE(THROUGH_LINK, REFUSED),
	RULE(INTO_ITSELF, REFUSED),
	RULE(CYCLE, REFUSED),
	RULE(SAME_FILE, REFUSED),
	RULE(DANGLING_LINK, REFUSED),
	RULE(JUST_CREATED, REFUSED),
	RULE(APPEARED, CHANGED),
	RULE(THROUGH_CREATED, REFUSED),
	RULE(NOT_REPLACING, REFUSED),
	RULE(NOT_CREATING, MISSING),
	RULE(DECLINED, REFUSED),
	RULE(BACKUP_IS_SOURCE, REFUSED),
	RULE(SWAPPED, CHANGED),
	RULE(SHORT_CLONE, IO),
	RULE(SHRANK, CHANGED),
	RULE(ENDED_EARLY, IO),
	RULE(GREW, CHANGED),
	RULE(OTHER_END, CHANGED),
	RULE(RELATIVE_LINK, USAGE),
	RULE(NOT_DIRECTORY, REFUSED),
	RULE(FOREIGN_LINK, REFUSED),
	RULE(PARENTS_TARGET, USAGE),
	RULE(NO_SELINUX, REFUSED),
	RULE(CONTEXT_IGNORED, REFUSED),
	RULE(TWO_CONTEXTS, USAGE),
	RULE(SOURCE_TWICE, USAGE),
	RULE(SOURCE_TWICE_DIRECTORY, USAGE),
	RULE(NOT_REGULAR, REFUSED),
	RULE(NO_SIZE, REFUSED),
	RULE(WRONG_SIZE, REFUSED),
	RULE(RANGE_PAST_END, USAGE),
	RULE(RANGE_TOO_FAR, USAGE),
	RULE(RANGE_OVERLAPS, REFUSED),
	RULE(RANGE_UNALIGNED, REFUSED),
	RULE(FROM_REPORT, REFUSED),
	RULE(ONTO_REPORT, REFUSED),
	RULE(INTERRUPTED, INTERRUPTED),
#undef CALLS
#undef RULE
	/* clang-format on */
};

static const char *const calls[CALL_MAX] = {
	[CALL_CLOSE] = "close",
	[CALL_FICLONERANGE] = "FICLONERANGE",
	[CALL_FSTAT] = "fstat",
	[CALL_FSTATAT] = "fstatat",
	[CALL_FSTATFS] = "fstatfs",
	[CALL_GETDENTS] = "getdents64",
	[CALL_GETFLAGS] = "FS_IOC_GETFLAGS",
	[CALL_LINKAT] = "linkat",
	[CALL_MALLOC] = "malloc",
	[CALL_MKDIRAT] = "mkdirat",
	[CALL_OPENAT] = "openat",
	[CALL_READ] = "read",
	[CALL_REMOVEXATTR] = "fremovexattr",
	[CALL_RENAMEAT2] = "renameat2",
	[CALL_WRITE] = "write",
};

/* What an errno of a system call means; all others: FAULT_CLASS_REFUSED. */
static const struct {
	int err;
	enum fault_class class;
} errnos[] = {
	{ ENOENT, FAULT_CLASS_MISSING },    { ENOTDIR, FAULT_CLASS_MISSING },
	{ ENXIO, FAULT_CLASS_MISSING },	    { ENODEV, FAULT_CLASS_MISSING },
	{ EACCES, FAULT_CLASS_PERMISSION }, { EPERM, FAULT_CLASS_PERMISSION },
	{ EROFS, FAULT_CLASS_PERMISSION },  { ENOSPC, FAULT_CLASS_SPACE },
	{ EDQUOT, FAULT_CLASS_SPACE },	    { EIO, FAULT_CLASS_IO },
	{ EUCLEAN, FAULT_CLASS_IO },	    { EBADMSG, FAULT_CLASS_IO },
	{ EBADF, FAULT_CLASS_IO },	    { EFAULT, FAULT_CLASS_IO },
	{ ENOMEM, FAULT_CLASS_IO },	    { EMFILE, FAULT_CLASS_IO },
	{ ENFILE, FAULT_CLASS_IO },	    { ETIMEDOUT, FAULT_CLASS_IO },
	{ ENOTCONN, FAULT_CLASS_IO },	    { ENOLCK, FAULT_CLASS_IO },
	{ EPIPE, FAULT_CLASS_IO },	    { ESTALE, FAULT_CLASS_CHANGED },
	{ EEXIST, FAULT_CLASS_CHANGED },    { EINTR, FAULT_CLASS_INTERRUPTED },
};

static enum fault_class class_of(int err)
{
	for (size_t i = 0; i < countof(errnos); i++)
		if (errnos[i].err == err)
			return errnos[i].class;
	return FAULT_CLASS_REFUSED;
}

enum fault_class fault_class(const struct fault *fault)
{
	if (fault->vanished)
		return FAULT_CLASS_CHANGED;
	if (fault_is_refused_clone(fault))
		return FAULT_CLASS_REFUSED;
	return steps[fault->op].call ? class_of(fault->err)
				     : steps[fault->op].class;
}

const char *fault_class_name(enum fault_class class)
{
	static const char *const names[FAULT_CLASS_MAX] = {
		[FAULT_CLASS_USAGE] = "usage",
		[FAULT_CLASS_MISSING] = "missing",
		[FAULT_CLASS_PERMISSION] = "permission",
		[FAULT_CLASS_SPACE] = "space",
		[FAULT_CLASS_IO] = "io",
		[FAULT_CLASS_REFUSED] = "refused",
		[FAULT_CLASS_CHANGED] = "changed",
		[FAULT_CLASS_INTERRUPTED] = "interrupted",
	};

	return names[class];
}

const char *fault_call_name(const struct fault *fault)
{
	return fault->call == CALL_OF_STEP ? steps[fault->op].call
					   : calls[fault->call];
}

bool fault_has_errno(const struct fault *fault)
{
	return steps[fault->op].call != NULL;
}

bool fault_is_refused_clone(const struct fault *fault)
{
	if (fault->op == FAULT_CLONE)
		return fallback_judge(FALLBACK_CLONE, fault->err) !=
		       VERDICT_FAIL;
	return fault->op == FAULT_RANGE_OVERLAPS ||
	       fault->op == FAULT_RANGE_UNALIGNED;
}
