/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What may be there after a run:
 *
 * exit 0     what the run without a failure has left, content and attributes;
 * exit 1     a message, and each name has what it had, or what it was to get,
 *            whole; one that was new may be absent; one that was written in
 *            place may be empty (engine/dest.h).  With a backup the old content
 *            has a name;
 * SIGTERM    the same, without the message;
 * SIGKILL    what was being made under its own name, if it is small, may be
 *            partial, and there may be one temporary name; what was to be
 *            replaced is whole.
 *
 * With ranges the old file has each byte from before or as it is to be
 * (ranges.h).
 *
 * The source is what it was, always.
 */
#include "judge.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ranges.h"
#include "reportjudge.h"
#include "tool.h"
#include "treejudge.h"

#define TEMP_PREFIX ".reflinkcp."

/* What is wrong; also what may be excused. */
enum complaint {
	FINE,
	SILENT,	 /* a failure without a message */
	ATTRS,	 /* exit 0, and attributes are not what was asked for */
	OUTPUT,	 /* exit 0, and what was to be said was not */
	NEITHER, /* a name is neither old nor right */
	LEFT,	 /* a temporary name is left */
	MISSING, /* exit 0, and a name is not there */
	COMPLAINT_MAX,
};

static const char *const complaints[] = {
	[FINE] = NULL,
	[SILENT] = "failed without a message",
	[ATTRS] = "exit 0, but an attribute is not what it should be",
	[OUTPUT] = "exit 0, but not all was said on standard output",
	[NEITHER] = "a name is neither what it was nor right",
	[LEFT] = "a temporary name is left",
	[MISSING] = "exit 0, but a name is missing",
};

/* What can't be helped, or is right. */
static const struct excuse {
	enum complaint complaint;
	enum call_kind kind;
	enum call_how how; /* HOW_NONE: any */
	int err;	   /* 0: any */
} excuses[] = {
	/* "The file system has no attributes": cp's rule, so nothing is lost
	 * that could be kept; only --preserve=xattr makes it a failure. */
	{ ATTRS, KIND_flistxattr, HOW_NONE, EOPNOTSUPP },
	{ ATTRS, KIND_fsetxattr, HOW_NONE, EOPNOTSUPP },
	{ ATTRS, KIND_fgetxattr, HOW_NONE, EOPNOTSUPP },
	/* Gone since it was listed: the source has it no more. */
	{ ATTRS, KIND_fgetxattr, HOW_NONE, ENODATA },
	/* Emptying a file that is half written is the cleanup itself. */
	{ NEITHER, KIND_ftruncate, HOW_STICKY, 0 },
	/* To remove what was made is the cleanup itself. */
	{ LEFT, KIND_unlinkat, HOW_NONE, 0 },
	{ NEITHER, KIND_unlinkat, HOW_NONE, 0 },
	/* The backup's number is taken, it seems: it gets the next. */
	{ MISSING, KIND_renameat2, HOW_NONE, EEXIST },
};

static bool is_excused(const struct trial *t, enum complaint complaint)
{
	for (size_t i = 0; i < sizeof(excuses) / sizeof(excuses[0]); i++) {
		const struct excuse *e = &excuses[i];

		if (e->complaint == complaint && e->kind == t->echo.hit &&
		    (e->how == HOW_NONE || e->how == t->shot.how) &&
		    (e->err == 0 || e->err == t->shot.err))
			return true;
	}
	return false;
}

static const char *complain(const struct trial *t, enum complaint complaint)
{
	return is_excused(t, complaint) ? NULL : complaints[complaint];
}

static bool has(const struct trial *t, enum scenario_flag flag)
{
	return t->scenario->flags & flag;
}

static bool is_temp(const struct node *node)
{
	return strncmp(node->path, TEMP_PREFIX, strlen(TEMP_PREFIX)) == 0;
}

bool judge_is_killed(const struct trial *t)
{
	return t->shot.how == HOW_KILL && t->shot.who == WHO_PROGRAM;
}

static bool shares(const struct trial *t)
{
	int a = openat(t->field->src, "src", O_RDONLY | O_CLOEXEC);
	int b = openat(t->field->dst, "dst", O_RDONLY | O_CLOEXEC);
	bool yes = a >= 0 && b >= 0 && files_share(a, b);

	if (a >= 0)
		close(a);
	if (b >= 0)
		close(b);
	return yes;
}

static const char *judge_sharing(const struct trial *t)
{
	bool yes;

	if (t->scenario->result == RESULT_RANGES)
		return has(t, ALWAYS | NEVER) ? ranges_judge_done(t) : NULL;
	if (t->field->clones && has(t, ALWAYS) && !shares(t))
		return "exit 0, but not all is shared";
	if (!has(t, ALWAYS | NEVER) || !t->field->clones)
		return NULL;
	yes = has(t, NEVER) && shares(t);
	return yes ? "exit 0, but storage is shared" : NULL;
}

static const char *judge_source(const struct trial *t)
{
	const struct snap *was = &t->src_before;
	const struct snap *is = &t->src_after;

	if (was->n != is->n)
		return "names have come or gone beside the source";
	for (unsigned i = 0; i < was->n; i++) {
		const struct node *node = snap_find(is, was->v[i].path);

		if (!node || !node_unchanged(node, &was->v[i]))
			return "the source has changed";
	}
	return NULL;
}

static bool has_grown(const struct trial *t)
{
	return t->shot.how == HOW_GROWN || t->shot.how == HOW_GROWNS;
}

/* Is A, after success, what G was without a failure? */
static const char *judge_done(const struct trial *t, const struct node *a,
			      const struct node *g)
{
	const struct node *was = snap_find(&t->before, a->path);
	const struct node *kept = snap_find(&t->good->before, a->path);

	if (!node_same_content(a, g))
		return "exit 0, but the content is wrong";
	/* With -f it may be a new file, which has the source's. */
	if (!node_same_attrs(a, g) &&
	    !(has(t, IN_PLACE) && has(t, REPLACES) && a->ino != was->ino))
		return complain(t, ATTRS);
	/* What is as it was, is it still?  To be made longer moves times. */
	if (kept && node_unchanged(kept, g) && !node_unchanged(was, a) &&
	    !has_grown(t))
		return "exit 0, but what should have been kept has changed";
	/* The inode is kept where it was; -f may replace it. */
	if (kept && kept->ino == g->ino && was->ino != a->ino &&
	    !has(t, REPLACES))
		return "exit 0, but it is another file now";
	if (t->scenario->result == RESULT_SAME && !has(t, KEEPS) &&
	    snap_find(&t->src_before, "src2") == NULL && a->ino != g->ino)
		return "exit 0, but it is no link to the source";
	if (has(t, KEEPS) && !S_ISDIR(a->mode) && !node_same_mtime(a, g))
		return "exit 0, but the times are wrong";
	return NULL;
}

static const char *judge_success(const struct trial *t)
{
	const struct snap *good = &t->good->after;

	if (t->good->echo.status != 0 && !has(t, REFUSED))
		return "exit 0, where that can't be";
	if (strcmp(t->echo.out, t->good->echo.out) != 0 &&
	    t->echo.hit == KIND_malloc && !strstr(t->scenario->args, "--json"))
		return complain(t, OUTPUT);
	if (t->after.n < good->n || (t->after.n > good->n && complain(t, LEFT)))
		return "exit 0, but there are more names or fewer";
	for (unsigned i = 0; i < good->n; i++) {
		const struct node *a = snap_find(&t->after, good->v[i].path);
		const char *wrong;

		wrong = a ? judge_done(t, a, &good->v[i])
			  : complain(t, MISSING);
		if (wrong)
			return wrong;
	}
	return judge_sharing(t);
}

/* Is A what ranges are written into? */
static bool is_ranged(const struct trial *t, const struct node *a)
{
	return t->scenario->result == RESULT_RANGES && S_ISREG(a->mode) &&
	       has(t, IN_PLACE);
}

/* What was written in place is emptied when that fails, and made to look old. */
static bool is_marked_empty(const struct trial *t, const struct node *a)
{
	return a->size == 0 &&
	       (a->mtime.tv_sec <= 0 || t->echo.hit == KIND_futimens);
}

/* Has what is new its name before it is whole?  Small files only. */
static bool is_named_at_once(const struct trial *t)
{
	return t->scenario->result != RESULT_RANGES &&
	       t->scenario->source != SOURCE_SPARSE &&
	       t->scenario->source != SOURCE_BIG;
}

/* Nothing is tried by making a file longer than it was or is to be. */
static off_t larger(const struct node *was, const struct node *g)
{
	return g && g->size > was->size ? g->size : was->size;
}

/* May A be what it is after a failure? */
static bool is_old_or_right(const struct trial *t, const struct node *a)
{
	const struct node *was = snap_find(&t->before, a->path);
	const struct node *g = snap_find(&t->good->after, a->path);

	if (was && node_unchanged(was, a))
		return true;
	/* A refused clone may move the times: the kernel's own doing. */
	if (was && has(t, IN_PLACE) && was->ino == a->ino &&
	    node_same_content(was, a) && node_same_attrs(was, a))
		return true;
	if (g && node_same_content(a, g))
		return true;
	/* Byte by byte, by judge_stopped(). */
	if (was && is_ranged(t, a))
		return was->ino == a->ino;
	if (was && was->ino == a->ino && has(t, IN_PLACE))
		return judge_is_killed(t) ? a->size <= larger(was, g)
					  : is_marked_empty(t, a);
	/* What is made under its own name can't be removed by the dead. */
	return !was && judge_is_killed(t) && is_named_at_once(t);
}

static bool has_name(const struct trial *t, const struct node *content)
{
	for (unsigned i = 0; i < t->after.n; i++)
		if (node_same_content(&t->after.v[i], content))
			return true;
	return false;
}

/* Nothing that was there may be lost, but what was to be overwritten. */
static const char *judge_losses(const struct trial *t)
{
	for (unsigned i = 0; i < t->before.n; i++) {
		const struct node *was = &t->before.v[i];

		if (snap_find(&t->after, was->path) && !has(t, BACKUP))
			continue;
		if (!has(t, BACKUP))
			return "a name is gone";
		if (!has_name(t, was))
			return "the old content has no name";
	}
	return NULL;
}

static const char *judge_failure(const struct trial *t)
{
	unsigned temps = 0;

	for (unsigned i = 0; i < t->after.n; i++) {
		const struct node *a = &t->after.v[i];

		if (is_temp(a) && ++temps > (judge_is_killed(t) ? 1 : 0))
			return complain(t, LEFT);
		if (!is_temp(a) && !is_old_or_right(t, a))
			return complain(t, NEITHER);
		if (a->mode & (S_ISUID | S_ISGID) && S_ISREG(a->mode) &&
		    (a->uid != 1234 || a->gid != 5678))
			return "a set-id bit without its owner";
	}
	return judge_losses(t);
}

/* Has it ended in a way that it may end in? */
static const char *judge_status(const struct trial *t)
{
	int status = t->echo.status;
	bool asked = t->shot.how == HOW_TERM || t->shot.how == HOW_INTR;

	if (t->echo.hung)
		return "it hung";
	if (judge_is_killed(t))
		return WIFSIGNALED(status) ? NULL : "it was not killed";
	if (t->echo.observer[0])
		return t->echo.observer;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM && asked)
		return NULL;
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
		return "it crashed";
	if (t->echo.n_left_open > 0)
		return "it has left descriptors open";
	if (asked && status != 0 && status != t->good->echo.status)
		return "it failed, but not by the signal";
	return NULL;
}

/*
 * What the program is to do without: documented refusals of clones, and calls
 * that only make things better.
 */
static const struct {
	enum call_kind kind;
	int err; /* 0: any */
} dispensable[] = {
	{ KIND_fstatfs, ENOSYS },
	{ KIND_FICLONERANGE, EOPNOTSUPP },
	{ KIND_FICLONERANGE, ENOTTY },
	{ KIND_FICLONERANGE, EXDEV },
	{ KIND_FICLONERANGE, EINVAL },
	{ KIND_FICLONERANGE, ENOSYS },
	{ KIND_FICLONERANGE, EPERM },
	{ KIND_FICLONERANGE, EACCES },
	{ KIND_FICLONERANGE, ETXTBSY },
	{ KIND_FICLONERANGE, EBADF },
	{ KIND_FICLONERANGE, EAGAIN },
	/* There was no signal that asks for the end. */
	{ KIND_FICLONERANGE, EINTR },
	{ KIND_read, EINTR },
	{ KIND_ftruncate, EINTR },
	{ KIND_fallocate, EINTR },
	{ KIND_FS_IOC_GETFLAGS, 0 },
	{ KIND_XFS_GET_GEOMETRY, 0 },
	{ KIND_FS_IOC_SETFLAGS, 0 },
	{ KIND_fallocate, EOPNOTSUPP },
	{ KIND_lseek, EINVAL },
	{ KIND_pipe2, 0 },
	{ KIND_fork, 0 },
};

/* It has failed; should it have gone on without the call? */
static bool gave_up_early(const struct trial *t)
{
	enum call_how how = t->shot.how;
	int err = how == HOW_PARTLY ? EINVAL : t->shot.err;

	if (t->scenario->result != RESULT_RANGES || has(t, ALWAYS) ||
	    t->good->echo.status != 0 || how == HOW_KILL || how == HOW_TERM ||
	    how == HOW_INTR)
		return false;
	for (size_t i = 0; i < sizeof(dispensable) / sizeof(dispensable[0]);
	     i++)
		if (dispensable[i].kind == t->echo.hit &&
		    (dispensable[i].err == 0 || dispensable[i].err == err))
			return true;
	return false;
}

/* With ALWAYS: was it the first clone that was refused, all of it? */
static bool is_first_refusal(const struct trial *t)
{
	enum call_how how = t->shot.how;

	/* Clones of ranges begin with one that is to be refused. */
	return has(t, ALWAYS) && t->echo.hit == KIND_FICLONERANGE &&
	       (how == HOW_ONCE || how == HOW_STICKY || has_grown(t)) &&
	       shot_count_before(&t->shot, KIND_FICLONERANGE) <=
		       (t->shot.who == WHO_CHILD ? 0 : 1);
}

static const char *judge_stopped(const struct trial *t)
{
	const struct node *was = snap_find(&t->before, "dst");
	const struct node *is = snap_find(&t->after, "dst");

	if (gave_up_early(t))
		return "it gave up, where it should have gone on";
	if (is_first_refusal(t) && was && is && !node_same_content(was, is))
		return "refused, but the old file has changed";
	return is ? ranges_judge_stopped(t) : NULL;
}

const char *judge_shot(const struct trial *t)
{
	const char *wrong = judge_status(t);

	if (!wrong)
		wrong = judge_source(t);
	if (wrong)
		return wrong;
	if (t->scenario->result == RESULT_TREES)
		return treejudge_shot(t);
	wrong = reportjudge(t);
	if (wrong)
		return wrong;
	if (t->echo.status == 0)
		return judge_success(t);
	wrong = judge_failure(t);
	if (!wrong && t->scenario->result == RESULT_RANGES)
		wrong = judge_stopped(t);
	if (!wrong && WIFEXITED(t->echo.status) && t->echo.err[0] == '\0')
		wrong = complain(t, SILENT);
	return wrong;
}

/* Has DST the attributes of SRC, as far as they are kept? */
static const char *judge_attrs(const struct trial *t, const struct node *src,
			       const struct node *dst)
{
	if (!node_same_mode(src, dst) ||
	    (has(t, KEEPS_ALL) && !node_same_attrs(src, dst)))
		return "the attributes are not the source's";
	/* That of a link has changed since: it was read. */
	if (!node_same_mtime(src, dst) ||
	    (!S_ISLNK(src->mode) && (src->atime.tv_sec != dst->atime.tv_sec ||
				     src->atime.tv_nsec != dst->atime.tv_nsec)))
		return "the times are not the source's";
	return NULL;
}

/* Is the good run's dst what RESULT_COPY or RESULT_ATTRS promises? */
static const char *judge_copy(const struct trial *t, const struct node *src,
			      const struct node *dst)
{
	bool only_attrs = t->scenario->result == RESULT_ATTRS;

	if (!only_attrs && !node_same_content(src, dst))
		return "the content is not the source's";
	return has(t, KEEPS) ? judge_attrs(t, src, dst) : NULL;
}

static const char *judge_proc(const struct trial *t)
{
	char want[512];
	char got[512];
	int a = open_or_die("/proc/version", O_RDONLY);
	int b = openat(t->field->dst, "dst", O_RDONLY | O_CLOEXEC);
	ssize_t n = read(a, want, sizeof(want));
	ssize_t m = b < 0 ? -1 : read(b, got, sizeof(got));

	close(a);
	if (b >= 0)
		close(b);
	return n > 0 && n == m && memcmp(want, got, (size_t)n) == 0
		       ? NULL
		       : "the content is not the source's";
}

static const char *judge_ranges(const struct trial *t, const struct node *src,
				const struct node *dst)
{
	const char *wrong = ranges_judge_done(t);

	if (!wrong && !dst)
		wrong = "nothing was made";
	return wrong || !has(t, KEEPS) ? wrong : judge_attrs(t, src, dst);
}

static const char *judge_result(const struct trial *t)
{
	const struct node *src = snap_find(&t->src_before, "src");
	const struct node *dst = snap_find(&t->after, "dst");
	const struct node *old = snap_find(&t->before, "dst");
	const struct node *two = snap_find(&t->after, "src2");

	switch (t->scenario->result) {
	case RESULT_TREE:
		src = snap_find(&t->src_before, "a/b/f");
		dst = snap_find(&t->after, "a/b/f");
		break;
	case RESULT_SAME:
		if (two)
			src = snap_find(&t->after, "src");
		dst = two ? two : dst;
		return src && dst && src->ino == dst->ino ? NULL : "no link";
	case RESULT_SYMLINK:
		return dst && S_ISLNK(dst->mode) ? NULL : "no symbolic link";
	case RESULT_KEPT:
		return old && dst && node_unchanged(old, dst)
			       ? NULL
			       : "what should have been kept is not";
	case RESULT_RANGES:
		return judge_ranges(t, src, dst);
	case RESULT_COPY:
	case RESULT_ATTRS:
	case RESULT_TREES:
		break;
	}
	if (has(t, OLD_IS_LINKED))
		dst = snap_find(&t->after, "real");
	if (!dst)
		return "nothing was made";
	if (t->scenario->source == SOURCE_PROC)
		return judge_proc(t);
	return judge_copy(t, src, dst);
}

bool judge_is_refused(const struct trial *t)
{
	return has(t, REFUSED) || (has(t, ALWAYS) && !t->field->clones);
}

const char *judge_good(const struct trial *t)
{
	const struct node *old = snap_find(&t->before, "dst");
	const struct node *dst = snap_find(&t->after, "dst");
	bool refused = judge_is_refused(t);
	const char *wrong = judge_source(t);

	if (wrong)
		return wrong;
	if (t->echo.hung || !WIFEXITED(t->echo.status) ||
	    WEXITSTATUS(t->echo.status) != (refused ? 1 : 0))
		return "without a failure: the exit status is wrong";
	if (t->echo.observer[0])
		return t->echo.observer;
	wrong = reportjudge(t);
	if (wrong)
		return wrong;
	if (t->scenario->result == RESULT_TREES)
		return treejudge_good(t);
	if (!refused) {
		wrong = judge_result(t);
		return wrong ? wrong : judge_sharing(t);
	}
	if (t->after.n != t->before.n)
		return "refused, but names have come or gone";
	return !old || node_unchanged(old, dst)
		       ? NULL
		       : "refused, but the old file has changed";
}
