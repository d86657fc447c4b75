/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "fileinfo.h"
#include "range.h"

/*
 * What went wrong: which step failed, and on which object.  A fault has no text
 * and owns no memory.
 */

/* The step that failed. */
enum fault_op {
	/* a system call failed: err is its errno */
	FAULT_STAT,
	FAULT_OPEN,
	FAULT_CREATE,
	FAULT_READ,
	FAULT_WRITE,
	FAULT_COPY_RANGE,
	FAULT_TRUNCATE,
	FAULT_CLONE,
	FAULT_CLOSE,
	FAULT_REMOVE,
	FAULT_BACKUP,
	FAULT_HARD_LINK,
	FAULT_SYMLINK,
	FAULT_COPY_SYMLINK,
	FAULT_READ_LINK,
	FAULT_MAKE_DIRECTORY,
	FAULT_SET_OWNER,
	FAULT_SET_MODE,
	FAULT_SET_ACL,
	FAULT_GET_XATTR,
	FAULT_SET_XATTR,
	FAULT_SET_XATTRS, /* none of a kind can be set */
	FAULT_LIST_XATTR,
	FAULT_GET_CONTEXT,
	FAULT_SET_CONTEXT,
	FAULT_SET_NEW_CONTEXT, /* for new files */
	FAULT_DEFAULT_CONTEXT, /* the default context for this path */
	FAULT_LOAD_DEFAULTS,   /* the table of default contexts */
	FAULT_NO_DEFAULTS,     /* there is no such table */
	FAULT_SET_TIMES,
	FAULT_GET_FLAGS,
	FAULT_SET_FLAGS,
	FAULT_GET_EXTENTS,
	FAULT_MEMORY,
	FAULT_CREATE_DIRECTORY,
	FAULT_CREATE_FIFO,
	FAULT_CREATE_NODE,	/* a FIFO, a socket or a device */
	FAULT_NAME,		/* what was made can't get its name */
	FAULT_PARENT,		/* the directory for it can't be opened */
	FAULT_ACCESS,		/* a directory can't be listed */
	FAULT_TARGET,		/* what should be the target directory */
	FAULT_TARGET_DIRECTORY, /* what must be the target directory */
	/* a rule of the program forbids it: err gives only the class */
	FAULT_OMIT_DIRECTORY,	   /* the source is one: none are copied */
	FAULT_TAKEN,		   /* no link or node replaces what exists */
	FAULT_OVERWRITE_DIRECTORY, /* the destination is one, the source not */
	FAULT_OVERWRITE_FILE,	   /* the source is one, the destination not */
	FAULT_THROUGH_LINK,	   /* in a tree: the destination is a link */
	FAULT_INTO_ITSELF,	   /* the directory contains its own copy */
	FAULT_CYCLE,		   /* a link leads to a directory it is in */
	FAULT_SAME_FILE,	   /* source and destination are one file */
	FAULT_DANGLING_LINK,	   /* the destination is a dangling link */
	FAULT_JUST_CREATED,	   /* this run made the destination */
	FAULT_APPEARED,		   /* another process made it during the run */
	FAULT_THROUGH_CREATED,	   /* this run made it, as a link */
	FAULT_NOT_REPLACING,	   /* the destination exists, and is to stay */
	FAULT_NOT_CREATING,	/* there is no destination, and none is to be */
	FAULT_DECLINED,		/* the user declined */
	FAULT_BACKUP_IS_SOURCE, /* the backup would replace the source */
	FAULT_SWAPPED,		/* another file took the name */
	FAULT_SHORT_CLONE,	/* the clone is shorter than its source */
	FAULT_SHRANK,		/* the source shrank during the copy */
	FAULT_ENDED_EARLY,	/* reads end before the source's size */
	FAULT_GREW,		/* the source grew during the copy */
	FAULT_OTHER_END,      /* it ends at at.span.len, its size is at.bound */
	FAULT_RELATIVE_LINK,  /* it is right in the working directory only */
	FAULT_NOT_DIRECTORY,  /* this should be a directory */
	FAULT_FOREIGN_LINK,   /* another user owns a link on the way */
	FAULT_PARENTS_TARGET, /* the target is no directory for paths */
	FAULT_NO_SELINUX,     /* a context can't be preserved as requested */
	FAULT_CONTEXT_IGNORED, /* a context can't be set as requested */
	FAULT_TWO_CONTEXTS,    /* a context can be set or preserved, not both */
	FAULT_SOURCE_TWICE,    /* the operand was named before */
	FAULT_SOURCE_TWICE_DIRECTORY, /* the same for a directory */
	FAULT_NOT_REGULAR,	      /* ranges need regular files */
	FAULT_NO_EXTENTS,	      /* it is no regular file */
	FAULT_NO_SIZE,		      /* it has content, but its size is 0 */
	FAULT_WRONG_SIZE,	      /* its content does not end at its size */
	FAULT_RANGE_PAST_END, /* a range passes the source's end, at.bound */
	FAULT_RANGE_TOO_FAR,  /* a range ends beyond the largest offset */
	FAULT_RANGE_OVERLAPS, /* it should be cloned, but overlaps its target */
	FAULT_RANGE_UNALIGNED, /* the same; at.bound is the block size */
	FAULT_SPACE,	       /* at.span.len bytes don't fit into at.bound */
	FAULT_FROM_REPORT,     /* the source is the report of this run */
	FAULT_ONTO_REPORT,     /* the destination is */
	FAULT_INTERRUPTED,     /* a signal ends the run */
	FAULT_OP_MAX,
};

/* The object that the step was done on. */
enum fault_obj {
	FAULT_SRC,  /* the source */
	FAULT_DST,  /* the destination */
	FAULT_DIR,  /* the target directory */
	FAULT_COPY, /* an earlier copy of the source */
};

/* The range that a fault is about. */
struct fault_range {
	uint64_t number;    /* its place among those given, from 1; 0: none */
	struct span span;   /* as given, with its length filled in */
	uint64_t bound;	    /* bytes: the limit or multiple that it violates */
	struct span inside; /* the part that can be cloned; len 0: nothing */
};

/* The system call that failed, where the step does not say it. */
enum fault_call {
	CALL_OF_STEP, /* the usual one */
	CALL_NONE,    /* none: what was asked for can't be done */
	CALL_CLOSE,
	CALL_FICLONERANGE,
	CALL_FSTAT,
	CALL_FSTATAT,
	CALL_FSTATFS,
	CALL_GETDENTS,
	CALL_GETFLAGS,
	CALL_LINKAT,
	CALL_MALLOC,
	CALL_MKDIRAT,
	CALL_OPENAT,
	CALL_READ,
	CALL_REMOVEXATTR,
	CALL_RENAMEAT2,
	CALL_WRITE,
	CALL_MAX,
};

/* The state of a destination after its copy failed. */
enum fault_left {
	FAULT_LEFT_ALONE, /* as before the copy */
	FAULT_LEFT_EMPTY, /* emptied; its mtime is older than the source's */
	FAULT_LEFT_HALF,  /* half written, because emptying it failed */
};

struct fault {
	int err;	       /* errno, positive */
	enum fault_op op;      /* the step that failed */
	enum fault_obj obj;    /* its object */
	enum fault_call call;  /* what failed in it */
	bool vanished;	       /* the source was there, and is gone */
	struct fault_range at; /* for FAULT_RANGE_... and FAULT_OTHER_END */
	uint32_t owner;	       /* for FAULT_FOREIGN_LINK: a user id */
	enum file_type type;   /* where it must be regular: the object's type */
	enum fault_left left;  /* the state of the destination */
	/* Of a destination that was to be made: */
	enum fault_op makes; /* the step that makes it */
	bool replaces;	     /* something new, in place of what exists */
	bool backs_up;	     /* of which a backup was requested */
};

/* Fill *RETERR with OP, OBJ and R (-errno), and no range.  Returns R. */
int fault_set(struct fault *reterr, enum fault_op op, enum fault_obj obj,
	      int r);

/* The same if the call that failed is CALL, which OP does not say. */
int fault_set_in(struct fault *reterr, enum fault_call call, enum fault_op op,
		 enum fault_obj obj, int r);

/* The same as fault_set() for a FAULT_NOT_REGULAR: OBJ is of TYPE.  Returns -EINVAL. */
int fault_set_type(struct fault *reterr, enum fault_obj obj,
		   enum file_type type);
