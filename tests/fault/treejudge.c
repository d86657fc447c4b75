/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A node is right if it is what the run without a failure has made of it:
 * content, attributes, flags, times, and which names are one file.
 *
 * exit 0     all are right, and no other is there;
 * exit 1     each that is not right is spoken of by its name; one that is not
 *            there, also by that of a directory above it;
 * SIGTERM    the same, but nothing has to be said;
 * SIGKILL    new files may be partial, too, but of no use to others.
 *
 * Whatever has happened: a file that was not there before is whole or not
 * there, an old one has its old content, or the new, or in place none.  No
 * temporary name is left.  Nobody but the owner is allowed more than in the
 * end; set-id bits come with their owner only.
 */
#include "treejudge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "reportjudge.h"
#include "trees.h"

/* What is wrong, with the name of it. */
static const char *wrong_at(const char *what, const char *path)
{
	static char text[256];

	(void)snprintf(text, sizeof(text), "%s: %s", what, path);
	return text;
}

static bool has(const struct trial *t, unsigned flags)
{
	return t->scenario->flags & flags;
}

/* What may be lost without a word, and why. */
static const struct {
	enum call_kind kind;
	int err;
} excuses[] = {
	/* "There are no such things here": cp's rule for --preserve=all. */
	{ KIND_flistxattr, EOPNOTSUPP },
	{ KIND_fgetxattr, EOPNOTSUPP },
	{ KIND_fsetxattr, EOPNOTSUPP },
	{ KIND_FS_IOC_GETFLAGS, ENOTTY },
	{ KIND_FS_IOC_GETFLAGS, EOPNOTSUPP },
	{ KIND_FS_IOC_SETFLAGS, ENOTTY },
	{ KIND_FS_IOC_SETFLAGS, EOPNOTSUPP },
	{ KIND_FS_IOC_SETFLAGS, EINVAL },
	/* Gone since it was listed: the source has it no more. */
	{ KIND_fgetxattr, ENODATA },
	/* There was none to be removed. */
	{ KIND_fremovexattr, ENODATA },
	{ KIND_fremovexattr, EOPNOTSUPP },
};

/* Was it denied that there is such a thing as was asked for? */
static bool is_denied(const struct trial *t)
{
	for (size_t i = 0; i < sizeof(excuses) / sizeof(excuses[0]); i++)
		if (excuses[i].kind == t->echo.hit &&
		    excuses[i].err == t->shot.err)
			return true;
	return false;
}

/* Is it known why A, which is not right, is not, and that nothing is said? */
static bool is_excused(const struct trial *t, const struct node *a,
		       const struct node *g)
{
	if (!a || !node_same_content(a, g))
		return false;
	/* A directory that may not be read: its flags can't be had. */
	if (t->echo.hit == KIND_openat && t->shot.err == EACCES &&
	    S_ISDIR(a->mode))
		return node_same_attrs(a, g);
	return is_denied(t);
}

/* Calls that only make things better, and threads: there may be fewer. */
static bool is_dispensable(enum call_kind kind)
{
	return kind == KIND_thread || kind == KIND_posix_fadvise ||
	       kind == KIND_getrandom;
}

/* Was NODE, of the destination, a name of a file of the source? */
static bool is_source(const struct trial *t, const struct node *node)
{
	for (unsigned i = 0; i < t->src_before.n; i++)
		if (t->field->one_fs && t->src_before.v[i].ino == node->ino)
			return true;
	return false;
}

/* Is A the file that it is to be: the old one, the source's, or G's others'? */
static bool is_right_file(const struct trial *t, const struct node *a,
			  const struct node *g)
{
	const struct snap *good = &t->good->after;
	const struct node *old = snap_find(&t->good->before, g->path);
	const struct node *was = snap_find(&t->before, g->path);

	if (old && was && old->ino == g->ino && a->ino != was->ino)
		return false;
	if (is_source(t, g) && a->ino != g->ino)
		return false;
	for (unsigned i = 0; i < good->n; i++) {
		const struct node *b = snap_find(&t->after, good->v[i].path);

		if (good->v[i].ino == g->ino && b && b->ino != a->ino)
			return false;
	}
	return true;
}

/* What keeps A from being G; NULL if nothing does. */
static const char *why_not_right(const struct trial *t, const struct node *a,
				 const struct node *g)
{
	if (!a)
		return "it is not there";
	if (!node_same_content(a, g))
		return "the content is not right";
	if (!node_same_attrs(a, g))
		return "the attributes are not right";
	if (!node_same_flags(a, g))
		return "the inode flags are not right";
	if (has(t, KEEPS) && !node_same_mtime(a, g))
		return "the times are not right";
	if (!is_right_file(t, a, g))
		return "it is another file than it should be";
	return NULL;
}

/* Is the name PATH of LEN bytes, on either side, in what was said? */
static bool is_named(const struct trial *t, const char *path, int len)
{
	char quoted[4300];

	(void)snprintf(quoted, sizeof(quoted), "'%.*s'", len, path);
	if (strstr(t->echo.err, quoted))
		return true;
	(void)snprintf(quoted, sizeof(quoted), "/%.*s'", len, path);
	return strstr(t->echo.err, quoted) != NULL;
}

/* The same, a backup's name being that of the file. */
static bool is_told_by(const struct trial *t, const char *path, bool is_there)
{
	size_t len = strlen(path);

	if (is_named(t, path, (int)len))
		return true;
	if (path[len - 1] == '~' && is_named(t, path, (int)len - 1))
		return true;
	/* What is above an operand is made for it only. */
	if (!is_there && strstr(t->scenario->args, "--parents") &&
	    strstr(t->echo.err, "'p/q/"))
		return true;
	while (!is_there && len-- > 0)
		if (path[len] == '/' && is_named(t, path, (int)len))
			return true;
	return false;
}

/* Has all of it failed, or is there no memory left to speak of names? */
static bool is_all_told(const struct trial *t)
{
	return strstr(t->echo.err, "reflinkcp: cannot hold standard ") ||
	       strstr(t->echo.err, "reflinkcp: target '") ||
	       strstr(t->echo.err, "reflinkcp: cannot open the report ") ||
	       strstr(t->echo.err, "reflinkcp: memory exhausted\n") ||
	       (t->echo.hit == KIND_malloc && t->shot.how == HOW_STICKY &&
		strstr(t->echo.err, " '?'"));
}

/* Is anything said that explains that G is not right? */
static bool is_told(const struct trial *t, const struct node *g)
{
	static const char way[] = "way/";
	const struct node *a = snap_find(&t->after, g->path);
	const struct node *was = snap_find(&t->before, g->path);
	/* Is it more than what was there before? */
	bool is_there = a && !(was && node_unchanged(was, a));
	const struct snap *good = &t->good->after;
	char by_link[96];

	if (is_all_told(t) || is_told_by(t, g->path, is_there))
		return true;
	/* GROVE_OLD_LINK: it was reached by a link. */
	if (strncmp(g->path, way, strlen(way)) == 0 ||
	    strcmp(g->path, "way") == 0) {
		(void)snprintf(by_link, sizeof(by_link), "t/d%.80s",
			       g->path + strlen("way"));
		return is_told_by(t, by_link, is_there);
	}
	for (unsigned i = 0; i < good->n; i++)
		if (good->v[i].ino == g->ino &&
		    is_told_by(t, good->v[i].path, true))
			return true;
	return false;
}

static const char *judge_success(const struct trial *t)
{
	const struct snap *good = &t->good->after;

	if (t->good->echo.status != 0)
		return "exit 0, where that can't be";
	/* Of reports, see reportjudge.h. */
	if (!has(t, THREADS) && !strstr(t->scenario->args, "--json") &&
	    strcmp(t->echo.out, t->good->echo.out) != 0)
		return "exit 0, but not all was said on standard output";
	if (t->after.n != good->n)
		return "exit 0, but there are more names or fewer";
	for (unsigned i = 0; i < good->n; i++) {
		const struct node *g = &good->v[i];
		const struct node *a = snap_find(&t->after, g->path);
		const char *why = why_not_right(t, a, g);

		if (why && !is_excused(t, a, g))
			return wrong_at(why, g->path);
	}
	return NULL;
}

/* Has A, which is not as it should be, a content that it may have? */
static bool may_have_content(const struct trial *t, const struct node *a)
{
	const struct node *g = snap_find(&t->good->after, a->path);
	const struct node *was = snap_find(&t->before, a->path);

	if ((g && node_same_content(a, g)) ||
	    (was && node_same_content(a, was)))
		return true;
	if (was && was->ino == a->ino && has(t, IN_PLACE))
		return a->size == 0 || judge_is_killed(t);
	return !was && judge_is_killed(t);
}

/* Does A allow more than it did, and more than it is to? */
static bool is_more_open(const struct trial *t, const struct node *a)
{
	const struct node *g = snap_find(&t->good->after, a->path);
	const struct node *was = snap_find(&t->before, a->path);

	/* "There are no ACLs here": then the mode is all that there is. */
	if (is_denied(t))
		return false;
	return (g && a->open & ~g->open) && !(was && was->open == a->open);
}

/* Is A, of which all is to be kept, open before it is whole? */
static bool is_open_early(const struct trial *t, const struct node *a)
{
	const struct node *g = snap_find(&t->good->after, a->path);

	if (!has(t, KEEPS) || !g || snap_find(&t->before, a->path) ||
	    is_source(t, g))
		return false;
	return a->open && judge_is_killed(t) &&
	       (!node_same_content(a, g) || a->uid != g->uid ||
		a->gid != g->gid);
}

/* Has it set-id bits that are not its owner's? */
static bool is_usurped(const struct trial *t, const struct node *a)
{
	const struct node *g = snap_find(&t->good->after, a->path);

	if (!g || S_ISLNK(a->mode))
		return false;
	return (a->mode & S_ISUID && a->uid != g->uid) ||
	       (a->mode & S_ISGID && a->gid != g->gid);
}

/* What must be so however the run has ended. */
static const char *judge_node(const struct trial *t, const struct node *a)
{
	const char *name = strrchr(a->path, '/');

	name = name ? name + 1 : a->path;
	if (strncmp(name, ".reflinkcp.", strlen(".reflinkcp.")) == 0)
		return judge_is_killed(t) || t->echo.hit == KIND_unlinkat
			       ? NULL
			       : "a temporary name is left";
	if (!snap_find(&t->good->after, a->path) &&
	    !snap_find(&t->before, a->path))
		return "nobody asked for this name";
	/* To remove what was made, and to empty it, is the cleanup itself. */
	if (!may_have_content(t, a) && t->echo.hit != KIND_unlinkat &&
	    !(t->echo.hit == KIND_ftruncate && t->shot.how == HOW_STICKY))
		return "it is neither what it was nor right";
	if (is_more_open(t, a))
		return "it allows more than it should";
	if (is_open_early(t, a))
		return "it is open before it is whole";
	if (is_usurped(t, a))
		return "a set-id bit without its owner";
	return NULL;
}

/* Nothing that was there may be lost, but what was to be overwritten. */
static const char *judge_losses(const struct trial *t)
{
	for (unsigned i = 0; i < t->before.n; i++) {
		const struct node *was = &t->before.v[i];
		bool kept = false;

		if (!has(t, BACKUP) && !snap_find(&t->after, was->path))
			return wrong_at("a name is gone", was->path);
		for (unsigned j = 0; j < t->after.n; j++)
			kept = kept || node_same_content(&t->after.v[j], was);
		if (has(t, BACKUP) && !kept)
			return wrong_at("the old content has no name",
					was->path);
	}
	return NULL;
}

static unsigned count_lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/*
 * One failure is one message.  But of directories that were closed, because
 * they are many or because threads are, and can't be had back, each has its
 * own.
 */
static bool is_told_again(const struct trial *t)
{
	return t->shot.how == HOW_ONCE && !has(t, THREADS) &&
	       t->scenario->source != SOURCE_TREES + GROVE_DEEP &&
	       count_lines(t->echo.err) > count_lines(t->good->echo.err) + 1;
}

static const char *judge_failure(const struct trial *t)
{
	const struct snap *good = &t->good->after;

	if (!WIFEXITED(t->echo.status))
		return NULL;
	if (t->echo.err[0] == '\0')
		return "failed without a message";
	if (is_told_again(t))
		return "one failure is told more than once";
	if (t->good->echo.status == 0 && is_dispensable(t->echo.hit))
		return "it gave up, where it should have gone on";
	for (unsigned i = 0; i < good->n; i++) {
		const struct node *g = &good->v[i];
		const struct node *a = snap_find(&t->after, g->path);
		const char *why = why_not_right(t, a, g);

		if (why && !is_excused(t, a, g) && !is_told(t, g))
			return wrong_at(why, g->path);
	}
	return NULL;
}

/*
 * The directory to copy into is opened first.  If that is said not to be
 * there, its name is taken for that of the copy.  Only a report is opened before it.
 */
static bool is_misplaced(const struct trial *t)
{
	const unsigned n_reports = strstr(t->scenario->args, "--json=") != NULL;
	int err = t->shot.err;

	return t->echo.hit == KIND_openat && t->shot.how == HOW_ONCE &&
	       shot_count_before(&t->shot, KIND_openat) == n_reports &&
	       (err == ENOENT || err == EACCES || err == ELOOP);
}

const char *treejudge_shot(const struct trial *t)
{
	const char *wrong =
		t->echo.status == 0 ? judge_success(t) : judge_failure(t);

	if (is_misplaced(t))
		return NULL;
	if (!wrong)
		wrong = reportjudge(t);
	for (unsigned i = 0; !wrong && i < t->after.n; i++) {
		wrong = judge_node(t, &t->after.v[i]);
		if (wrong)
			wrong = wrong_at(wrong, t->after.v[i].path);
	}
	return wrong ? wrong : judge_losses(t);
}

/* Is SRC, which was copied, the same under its name? */
static const char *judge_copied(const struct trial *t, const struct node *src)
{
	const struct node *dst = snap_find(&t->after, src->path);

	if (has(t, CONTENT_DIFFERS) ||
	    (has(t, LINKS_DIFFER) && S_ISLNK(src->mode)))
		return NULL;
	if (!dst || !node_same_content(src, dst))
		return "the content is not the source's";
	if (!has(t, KEEPS))
		return NULL;
	if (!node_same_attrs(src, dst) || !node_same_mtime(src, dst))
		return "the attributes are not the source's";
	/* What a link has, and what a second copy has, was read before. */
	if (!S_ISLNK(src->mode) && !has(t, LINKS_DIFFER) &&
	    (src->atime.tv_sec != dst->atime.tv_sec ||
	     src->atime.tv_nsec != dst->atime.tv_nsec))
		return "the time of access is not the source's";
	if (!node_same_flags(src, dst) && t->field->one_fs)
		return "the inode flags are not the source's";
	return NULL;
}

/* Are the names A and B of one file names of one file again, and only then? */
static bool are_linked(const struct trial *t, const struct node *a,
		       const struct node *b)
{
	const struct node *x = snap_find(&t->after, a->path);
	const struct node *y = snap_find(&t->after, b->path);

	return !x || !y || (a->ino == b->ino) == (x->ino == y->ino);
}

const char *treejudge_good(const struct trial *t)
{
	const struct snap *src = &t->src_before;
	bool all_same = !has(t, LINKS_DIFFER | CONTENT_DIFFERS);

	if (t->echo.status != 0)
		return NULL; /* refused, as it should be */
	for (unsigned i = 0; i < src->n; i++) {
		const char *wrong = judge_copied(t, &src->v[i]);

		for (unsigned j = 0; !wrong && j < i; j++)
			if (has(t, KEEPS) && all_same &&
			    !are_linked(t, &src->v[i], &src->v[j]))
				wrong = "hard links are not kept";
		if (wrong)
			return wrong_at(wrong, src->v[i].path);
	}
	return NULL;
}
