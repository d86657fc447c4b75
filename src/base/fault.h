/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdint.h>

#include "fileinfo.h"
#include "range.h"

/*
 * What went wrong: the step that failed and on which object, without words.
 * No strings and no allocation; cli/diag.c turns it into a sentence.
 */

/* The step.  Each has its sentence in cli/diag.c. */
enum fault_op {
	/* a system call said no: err is its errno */
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
	FAULT_SET_NEW_CONTEXT, /* what is made is to have the detail */
	FAULT_DEFAULT_CONTEXT, /* -Z: the one for this path */
	FAULT_LOAD_DEFAULTS,   /* -Z: the ones for all */
	FAULT_NO_DEFAULTS,     /* the same, where there are none; a warning */
	FAULT_SET_TIMES,
	FAULT_GET_FLAGS,
	FAULT_SET_FLAGS,
	FAULT_MEMORY,
	FAULT_CREATE_DIRECTORY,
	FAULT_CREATE_FIFO,
	FAULT_CREATE_NODE,	/* a FIFO, a socket or a device */
	FAULT_ACCESS,		/* a directory can't be listed */
	FAULT_TARGET,		/* the last operand should be a directory */
	FAULT_TARGET_DIRECTORY, /* -t's directory can't be opened */
	/* a rule of the program said no: err only tells the class */
	FAULT_OMIT_DIRECTORY,	   /* source is a directory */
	FAULT_OVERWRITE_DIRECTORY, /* destination is one */
	FAULT_OVERWRITE_FILE,	   /* source is a directory, that is not */
	FAULT_THROUGH_LINK,	   /* in a tree: the destination is a link */
	FAULT_INTO_ITSELF,	   /* the directory holds its own copy */
	FAULT_CYCLE,		/* the directory is inside itself, by a link */
	FAULT_SAME_FILE,	/* source and destination are one file */
	FAULT_DANGLING_LINK,	/* destination is a link to nothing */
	FAULT_JUST_CREATED,	/* destination was made by this run */
	FAULT_APPEARED,		/* ... by somebody else, during it */
	FAULT_THROUGH_CREATED,	/* the same, and it is a link */
	FAULT_NOT_REPLACING,	/* --update=none-fail */
	FAULT_NOT_CREATING,	/* --no-create, and there is no destination */
	FAULT_DECLINED,		/* the user said no; nothing is printed */
	FAULT_BACKUP_IS_SOURCE, /* the backup would replace the source */
	FAULT_SWAPPED,		/* another file took the name while we looked */
	FAULT_SHORT_CLONE,	/* the clone is shorter than its source */
	FAULT_SHRANK,		/* the source became shorter under the copy */
	FAULT_ENDED_EARLY,	/* reads end before the source's size */
	FAULT_GREW,		/* the source became longer; a warning */
	FAULT_OTHER_END,      /* it ends at at.span.len, its size is at.bound */
	FAULT_RELATIVE_LINK,  /* -s: only in the current directory */
	FAULT_NOT_DIRECTORY,  /* something else has a directory's name */
	FAULT_FOREIGN_LINK,   /* --parents: the detail is somebody else's */
	FAULT_PARENTS_TARGET, /* --parents without a directory */
	FAULT_NO_SELINUX,     /* a context was asked for and can't be kept */
	FAULT_CONTEXT_IGNORED, /* --context=CTX without SELinux; a warning */
	FAULT_TWO_CONTEXTS,    /* one is to be kept, and one set */
	FAULT_SOURCE_TWICE,    /* the operand was named before; a warning */
	FAULT_SOURCE_TWICE_DIRECTORY, /* the same of a directory */
	FAULT_NOT_REGULAR,	      /* ranges are of regular files */
	FAULT_NO_SIZE,	       /* it has bytes, and says that it has none */
	FAULT_WRONG_SIZE,      /* it ends elsewhere than at its size */
	FAULT_RANGE_PAST_END,  /* a range passes the source's end; at.bound */
	FAULT_RANGE_TOO_FAR,   /* a range ends where no file can reach */
	FAULT_RANGE_OVERLAPS,  /* --reflink=always: onto itself */
	FAULT_RANGE_UNALIGNED, /* --reflink=always: at.bound is the block size */
	FAULT_INTERRUPTED, /* a signal asked for the end; nothing is printed */
	FAULT_OP_MAX,
};

/* The object that the step was done on. */
enum fault_obj {
	FAULT_SRC, /* the source */
	FAULT_DST, /* the destination */
	FAULT_DIR, /* the target directory, or a directory made by --parents */
};

/* The range that a fault is about. */
struct fault_range {
	uint64_t number;  /* which of those given, from 1; 0: about no range */
	struct span span; /* as it was given, its length filled in */
	uint64_t bound;	  /* bytes: what it doesn't keep to */
	struct span inside; /* what of it would do; its len is 0 if nothing */
};

/* What a failure has left of a destination that was written in place. */
enum fault_left {
	FAULT_LEFT_ALONE, /* what it was, or nothing where nothing was */
	FAULT_LEFT_EMPTY, /* emptied, with an old mtime: os/temp.h */
	FAULT_LEFT_HALF,  /* half written, since it could not be emptied */
};

struct fault {
	int err;	       /* errno, positive */
	enum fault_op op;      /* what was tried */
	enum fault_obj obj;    /* on what */
	struct fault_range at; /* for those of the FAULT_RANGEs, and the end */
	uint32_t owner;	       /* for FAULT_FOREIGN_LINK: a user's number */
	enum file_type type;   /* for FAULT_NOT_REGULAR: what it is */
	enum fault_left left;  /* of the destination, if that was at stake */
};

/*
 * Fill *RETERR with OP, OBJ and the errno of R (negative), about no range.
 * Returns R.
 */
int fault_set(struct fault *reterr, enum fault_op op, enum fault_obj obj,
	      int r);

/* The same for a FAULT_NOT_REGULAR: OBJ is a TYPE.  Returns -EINVAL. */
int fault_set_type(struct fault *reterr, enum fault_obj obj,
		   enum file_type type);
