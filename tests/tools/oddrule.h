/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdint.h>

/* The rules of oddfs: which file is odd, and how. */

/* The calls that can be made to fail, by the names of their requests. */
#define ODD_CALLS(X)   \
	X(getattr)     \
	X(readlink)    \
	X(mknod)       \
	X(mkdir)       \
	X(unlink)      \
	X(rmdir)       \
	X(symlink)     \
	X(rename)      \
	X(link)        \
	X(chmod)       \
	X(chown)       \
	X(truncate)    \
	X(create)      \
	X(open)        \
	X(read)        \
	X(write)       \
	X(statfs)      \
	X(flush)       \
	X(fsync)       \
	X(setxattr)    \
	X(getxattr)    \
	X(listxattr)   \
	X(removexattr) \
	X(opendir)     \
	X(readdir)     \
	X(fsyncdir)    \
	X(utimens)     \
	X(fallocate)   \
	X(lseek)       \
	X(copy_file_range)

enum odd_call {
#define X(name) ODD_##name,
	ODD_CALLS(X)
#undef X
	ODD_CALLS_N
};

enum odd_kind {
	RULE_FAIL,    /* fail=CALL:ERRNO[:N] */
	RULE_SIZE,    /* size=BYTES */
	RULE_DIRECT,  /* direct */
	RULE_STREAM,  /* stream */
	RULE_INO,     /* ino=changing */
	RULE_COPYUP,  /* ino=copyup */
	RULE_NOCASE,  /* nocase */
	RULE_NONODES, /* nonodes */
	RULE_TIMES,   /* times=SECONDS */
	RULE_ACLS,    /* acls */
	RULE_ATTR,    /* attr=NAME:ERRNO */
};

struct odd_rule {
	const char *pattern; /* of names; NULL: of all */
	enum odd_kind kind;
	uint64_t number;    /* bytes, seconds, or the first call that fails */
	enum odd_call call; /* what fails */
	int error;	    /* with which errno */
	char *attr;	    /* the attribute that is listed */
	uint64_t n_calls;   /* how many there were, for fail= */
};

/* Take the N RULES, as in the head of oddfs.c; exits when one is wrong. */
void odd_rules_parse(char **rules, int n);

/* The first rule of this kind for PATH ("dir/name", no '/' in front), or
 * NULL. */
struct odd_rule *odd_rule_find(enum odd_kind kind, const char *path);

/* The same for the rule that lists the attribute NAME. */
struct odd_rule *odd_rule_attr(const char *path, const char *name);

/* 0, or the -errno that CALL is to fail with for PATH this time. */
int odd_rule_fails(enum odd_call call, const char *path);
