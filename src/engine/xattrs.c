/* SPDX-License-Identifier: BSD-2-Clause */
#include "xattrs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "fs.h"
#include "meta.h"
#include "stat.h"
#include "xattr_kind.h"

#define MODE_ALL  07777u
#define RWX_GROUP 0070u

void xattrs_release(struct xattrs *x)
{
	free(TAKE_PTR(x->names));
}

static struct fault fault_of(enum fault_op op, int r)
{
	const bool reads = op == FAULT_GET_XATTR || op == FAULT_LIST_XATTR;
	struct fault fault;

	(void)fault_set(&fault, op, reads ? FAULT_SRC : FAULT_DST, r);
	return fault;
}

static void fail(const struct xattrs *x, enum fault_op op, int r,
		 const char *name)
{
	const struct fault fault = fault_of(op, r);

	run_fail(x->run, x->job, &fault, name);
}

/* The same for OP, in which CALL failed. */
static void fail_in(const struct xattrs *x, enum fault_call call,
		    enum fault_op op, int r)
{
	struct fault fault = fault_of(op, r);

	fault.call = call;
	run_fail(x->run, x->job, &fault, NULL);
}

/* The same as fail() for a warning. */
static void tell(const struct xattrs *x, enum fault_op op, int r,
		 const char *name)
{
	const struct fault fault = fault_of(op, r);

	run_warn(x->run, x->job, &fault, name);
}

/* The next name after NAME (NULL: the first); NULL at the end. */
static const char *next_name(const struct xattrs *x, const char *name)
{
	const char *next = name ? name + strlen(name) + 1 : x->names;

	return next && next < x->names + x->len ? next : NULL;
}

static bool is_listed(const struct xattrs *x, const char *name)
{
	for (const char *p = next_name(x, NULL); p; p = next_name(x, p))
		if (strcmp(p, name) == 0)
			return true;
	return false;
}

/*
 * Does R of setting an attribute mean that it is too large for the file system?
 * ext4 keeps all of them in one block and returns ENOSPC, as for a full disk.
 * If they amount to half a block, the attribute is taken to be too large.
 */
static bool is_too_large(const struct xattrs *x, int r)
{
	return r == -E2BIG || r == -ERANGE ||
	       (r == -ENOSPC && x->copied >= x->dst->info->block_size / 2);
}

/*
 * An attribute can't be preserved.  If the user asked for attributes by name,
 * that is a failure.  With --preserve=all, as in cp, it is ignored if the file
 * system has no attributes, and a warning if this one does not fit or only root
 * may set it.
 */
static void lose(const struct xattrs *x, enum fault_op op, int r,
		 const char *name)
{
	bool required = x->run->policy->preserve_required & PRESERVE_XATTR;

	if (!required && r == -EOPNOTSUPP)
		return;
	if (!required &&
	    ((op == FAULT_SET_XATTR && is_too_large(x, r)) ||
	     (!x->run->privileged && (r == -EPERM || r == -EACCES))))
		tell(x, op, r, name);
	else
		fail(x, op, r, name);
}

/* The same for an ACL that is not POSIX, which few file systems store. */
static void lose_acl(const struct xattrs *x, enum fault_op op, int r,
		     const char *name)
{
	const unsigned by_name = PRESERVE_MODE | PRESERVE_XATTR;

	if (x->run->policy->preserve_required & by_name)
		fail(x, op, r, name);
	else
		tell(x, op, r, name);
}

static struct fd_named src_of(const struct xattrs *x)
{
	return (struct fd_named){ .fd = x->src->fd,
				  .dir = x->src->dir,
				  .name = x->src->name };
}

static int read_value(const struct xattrs *x, const char *name, char **ret,
		      size_t *ret_len)
{
	const struct fd_named src = src_of(x);

	return meta_get_xattr(&src, name, ret, ret_len);
}

static int set_value(const struct xattrs *x, const char *name,
		     const char *value, size_t len)
{
	return meta_set_xattr(&x->dst->at, name, value, len);
}

/* Does R of reading mean that there is no such attribute, or not any more? */
static bool is_none(int r)
{
	return r == -ENODATA;
}

/* Returns whether the destination has no room for attributes of this kind. */
static bool copy_plain(struct xattrs *x, const char *name)
{
	_cleanup_(freep) char *value = NULL;
	size_t len = 0;
	int r = read_value(x, name, &value, &len);

	if (r < 0) {
		if (!is_none(r))
			lose(x, FAULT_GET_XATTR, r, name);
		return false;
	}
	x->copied += strlen(name) + len;
	r = set_value(x, name, value, len);
	if (r < 0 && r != -EOPNOTSUPP)
		lose(x, FAULT_SET_XATTR, r, name);
	return r == -EOPNOTSUPP;
}

/* Returns 0, or -errno if the destination hasn't got it now. */
static int copy_server_acl(const struct xattrs *x, const char *name)
{
	_cleanup_(freep) char *value = NULL;
	size_t len = 0;
	int r = read_value(x, name, &value, &len);

	if (r < 0) {
		if (!is_none(r) && r != -EOPNOTSUPP)
			lose_acl(x, FAULT_GET_XATTR, r, name);
		return r;
	}
	r = set_value(x, name, value, len);
	if (r < 0 &&
	    !(r == -EOPNOTSUPP && xattr_is_mode_only(name, value, len)))
		lose_acl(x, FAULT_SET_XATTR, r, name);
	return r;
}

/* Copy attributes, except POSIX ACLs and what describes the source alone. */
static void copy_listed(struct xattrs *x)
{
	const struct policy *policy = x->run->policy;
	unsigned preserve = policy->preserve;
	bool unsupported = false;

	for (const char *p = next_name(x, NULL); p; p = next_name(x, p)) {
		enum xattr_kind kind = xattr_kind(p);

		if (kind == XATTR_PLAIN && preserve & PRESERVE_XATTR)
			unsupported |= copy_plain(x, p);
		/* With another owner, it would admit the wrong users. */
		if (kind == XATTR_SERVER_ACL && preserve & PRESERVE_MODE &&
		    x->is_owned)
			x->serves_acl |= copy_server_acl(x, p) == 0;
	}
	/* Report this once, and only if attributes were requested by name. */
	if (unsupported && policy->preserve_required & PRESERVE_XATTR)
		fail(x, FAULT_SET_XATTRS, -EOPNOTSUPP, NULL);
}

/* An ACL that both sides of PAIR have and don't list; NULL: there is none. */
static const char *unlisted_acl(const struct xattrs *x, struct fs_pair *pair)
{
	const char *name = pair->unlisted_acl;

	if (!name) {
		name = fs_unlisted_acl(x->src->fd);
		if (!name || !fs_unlisted_acl(x->dst->at.fd))
			name = "";
		pair->unlisted_acl = name;
	}
	return *name && !is_listed(x, name) ? name : NULL;
}

/* What is not listed is asked for, until it is known that it can't be had. */
static void copy_unlisted(struct xattrs *x)
{
	struct fs_pair *pair;
	const char *name;
	int r;

	if (!x->is_owned)
		return;
	pair = fs_pairs_get(&x->run->pairs, x->src->info.dev,
			    x->dst->info->dev);
	name = pair ? unlisted_acl(x, pair) : NULL;
	if (!name)
		return;
	r = copy_server_acl(x, name);
	if (r == -EOPNOTSUPP)
		pair->unlisted_acl = "";
	if (r < 0)
		return;
	x->unlisted = name;
	x->serves_acl = true;
}

void xattrs_after_mode(const struct xattrs *x)
{
	if (x->unlisted)
		(void)copy_server_acl(x, x->unlisted);

	for (const char *p = next_name(x, NULL); p; p = next_name(x, p))
		if (xattr_kind(p) == XATTR_SERVER_ACL)
			(void)copy_server_acl(x, p);
}

/*
 * Read the source's ACL NAME, which is listed.  Returns 0 with *RET its value,
 * which the caller frees, or NULL if there is none: some file systems list ACLs
 * that they don't have.  Or returns -errno.
 */
static int read_acl(const struct xattrs *x, const char *name, char **ret,
		    size_t *ret_len)
{
	int r = read_value(x, name, ret, ret_len);

	if (is_none(r) || r == -EOPNOTSUPP) {
		*ret = NULL;
		return 0;
	}
	if (r < 0)
		fail(x, FAULT_GET_XATTR, r, name);
	return r;
}

/*
 * Returns 0, or -errno if the ACL is not the source's now: -EPERM if this
 * process may not change the file, so that the mode must not be tried.
 */
static int apply_posix_acl(const struct xattrs *x, enum meta_acl acl)
{
	const char *name = meta_acl_name(acl);
	_cleanup_(freep) char *value = NULL;
	size_t len = 0;
	int r = 0;

	/* With another group, it would admit the wrong users. */
	if (x->is_owned && is_listed(x, name))
		r = read_acl(x, name, &value, &len);
	if (r < 0)
		return r == -EPERM ? -EACCES : r;
	if (value)
		r = meta_set_xattr(&x->dst->at, name, value, len);
	else if (!x->dst->acl_free)
		r = meta_remove_acl(&x->dst->at, acl);
	if (r < 0)
		fail_in(x, value ? CALL_OF_STEP : CALL_REMOVEXATTR,
			FAULT_SET_ACL, r);
	return r;
}

uint32_t xattrs_apply(struct xattrs *x)
{
	unsigned preserve = x->run->policy->preserve;
	bool directory = x->src->info.type == FILE_DIRECTORY;
	const struct fd_named src = src_of(x);
	int r;

	r = meta_list_xattr(&src, &x->names, &x->len);
	if (r < 0 && r != -EOPNOTSUPP) {
		/* Its ACLs are unknown: remove none. */
		fail(x, FAULT_LIST_XATTR, r, NULL);
		return preserve & PRESERVE_MODE ? MODE_ALL & ~RWX_GROUP
						: MODE_ALL;
	}
	copy_listed(x);
	if (!(preserve & PRESERVE_MODE))
		return MODE_ALL;
	copy_unlisted(x);
	r = apply_posix_acl(x, META_ACL_ACCESS);
	if (r == -EPERM ||
	    (directory && apply_posix_acl(x, META_ACL_DEFAULT) == -EPERM))
		return 0;
	return r < 0 ? MODE_ALL & ~RWX_GROUP : MODE_ALL;
}

void xattrs_apply_link(struct run *run, const struct job *job,
		       const struct source *src, const struct attrs_dst *dst)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct attrs_dst link = *dst;
	struct file_info info;
	_cleanup_(xattrs_release) struct xattrs x = {
		.run = run, .job = job, .src = src, .dst = &link
	};
	const struct fd_named from = src_of(&x);
	int r = meta_list_xattr(&from, &x.names, &x.len);

	if (r < 0 && r != -EOPNOTSUPP)
		fail(&x, FAULT_LIST_XATTR, r, NULL);
	if (r < 0 || x.len == 0)
		return;
	r = fd_open_at(dst->at.dir, dst->at.name, FD_PATH | FD_NOFOLLOW, &fd);
	if (r < 0) {
		fail_in(&x, CALL_OPENAT, FAULT_STAT, r);
		return;
	}
	r = stat_fd(fd, &info);
	if (r < 0) {
		fail_in(&x, CALL_FSTAT, FAULT_STAT, r);
		return;
	}
	link.at.fd = fd;
	link.info = &info;
	copy_listed(&x);
}
