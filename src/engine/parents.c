/* SPDX-License-Identifier: BSD-2-Clause */
#include "parents.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attrs.h"
#include "base.h"
#include "entry.h"
#include "meta.h"
#include "pathname.h"
#include "planned.h"
#include "selinux_label.h"
#include "stat.h"

#define PARENT_EMPTY ((struct parent){ .src = SOURCE_EMPTY, .dst = FD_NONE })

static void parent_release(struct parent *p)
{
	source_release(&p->src);
	fd_closep(&p->dst);
	foreign_link_release(&p->foreign);
	free(p->src_path);
	free(p->dst_path);
}

void parents_release(struct parents *parents)
{
	for (size_t i = 0; i < parents->n; i++)
		parent_release(&parents->v[i]);
	free(parents->v);
	fd_closep(&parents->dir);
}

static struct job job_of(const struct parent *p)
{
	return (struct job){ .number = p->number,
			     .src = p->src_path,
			     .dst = p->dst_path };
}

/* Take over P, a directory that gets attributes in the end. */
static int add(struct parents *parents, struct parent *p)
{
	struct parent *grown =
		reallocarray(parents->v, parents->n + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	parents->v = grown;
	parents->v[parents->n++] = TAKE(*p, PARENT_EMPTY);
	return 0;
}

/*
 * Open DIR, which was MADE or existed, to set its attributes.  If the umask
 * denies the owner access to a new directory, allow it first.
 */
static int open_for_attrs(const struct run *run, fd_t dir, bool made,
			  struct parent *p)
{
	struct file_info info;
	int r;

	if (made && run->umask & 0700 && stat_fd(dir, &info) == 0)
		p->is_opened = meta_set_mode(dir, info.mode | 0700) == 0;
	r = fd_open_at(dir, ".", FD_READ | FD_DIRECTORY, &p->dst);
	return r == -EACCES && !made ? fd_twin(dir, &p->dst) : r;
}

/* Record that DIR was made: its times are set again if more is put into it. */
static int note_made(struct run *run, fd_t dir)
{
	struct file_info info;
	int r;

	if (!run->several || !(run->policy->preserve & PRESERVE_TIMESTAMPS))
		return 0;
	r = stat_fd(dir, &info);
	if (r < 0)
		return r;
	return inotab_put(&run->parents, inotab_key_of(&info, ""), "", 0);
}

/* Was DIR made for an earlier operand, and must its times be preserved? */
static bool was_made(const struct run *run, fd_t dir)
{
	struct file_info info;

	return !inotab_is_empty(&run->parents) && stat_fd(dir, &info) == 0 &&
	       inotab_get(&run->parents, inotab_key_of(&info, ""));
}

/* Do existing directories get the attributes of their sources? */
static bool sets_old(const struct policy *policy)
{
	return policy->preserve &
	       (PRESERVE_MODE | PRESERVE_OWNERSHIP | PRESERVE_TIMESTAMPS);
}

/* The directory that the next one is made in. */
static fd_t deepest(const struct parents *parents)
{
	return parents->dir != FD_NONE ? parents->dir : parents->target;
}

/* Opening a directory failed with R.  Returns R. */
static int not_opened(int r, struct fault *reterr)
{
	(void)fault_set(reterr, FAULT_OPEN, FAULT_DST, r);
	reterr->makes = FAULT_MAKE_DIRECTORY;
	return r;
}

/* Open NAME in the deepest directory, which was made just now or existed. */
static int go_to(const struct parents *parents, const char *name,
		 struct parent *p, fd_t *ret, struct fault *reterr)
{
	fd_t dir = deepest(parents);
	bool made = parents->made;
	int r = made ? fd_open_at(dir, name,
				  FD_PATH | FD_DIRECTORY | FD_NOFOLLOW, ret)
		     : trusted_path_open(dir, name, p->dst_path, &p->foreign,
					 ret);

	if (r == TRUSTED_PATH_FOREIGN) {
		r = fault_set(reterr, FAULT_FOREIGN_LINK, FAULT_DST, -ELOOP);
		reterr->owner = p->foreign.owner;
		return r;
	}
	if (r == -ENOTDIR || r == TRUSTED_PATH_OTHER)
		return fault_set(reterr, FAULT_NOT_DIRECTORY, FAULT_DST,
				 -ENOTDIR);
	if (r == -ENOENT && !made) /* a dangling link */
		return fault_set_in(reterr, CALL_NONE, FAULT_MAKE_DIRECTORY,
				    FAULT_DST, -EEXIST);
	return r < 0 ? not_opened(r, reterr) : 0;
}

/* In a dry run: P's directory would be made. */
static int plan_new(struct run *run, struct parents *parents,
		    const struct parent *p, struct fault *reterr)
{
	const struct job job = job_of(p);
	uint64_t dev = parents->absent.dev;
	struct planned_fs *fs;
	int r = 0;

	if (!parents->is_absent)
		r = planned_fs_at(run, deepest(parents), ".", &dev, &fs);
	parents->is_absent = true;
	parents->absent =
		(struct file_info){ .type = FILE_DIRECTORY, .dev = dev };
	if (r == 0)
		r = planned_note(run, p->dst_path, &parents->absent);
	if (r < 0)
		return fault_set(reterr, FAULT_MEMORY, FAULT_DST, -ENOMEM);
	run_made(run, &job, &(struct outcome){ .what = p->what });
	return 0;
}

/* In a dry run: P's directory, NAME, would be made, or exists by then. */
static int plan(struct run *run, const char *name, struct parents *parents,
		struct parent *p, struct fault *reterr)
{
	const struct job job = job_of(p);
	const struct label_job at = { .job = &job,
				      .dir = FD_NONE,
				      .name = name };
	_cleanup_(fd_closep) fd_t next = FD_NONE;
	int r;

	p->what = parents->made ? OUTCOME_DIRECTORY : OUTCOME_EXISTING;
	if (parents->made)
		return plan_new(run, parents, p, reterr);
	if (planned_is_made(run, p->dst_path)) {
		parents->is_absent = true;
		return planned_stat(run, &at, STAT_NOFOLLOW, &parents->absent);
	}
	if (!parents->is_absent)
		r = go_to(parents, name, p, &next, reterr);
	else if (planned_open_back(p->dst_path, &next) < 0)
		return 0;
	else
		r = 0;
	if (r < 0)
		return r;
	parents->is_absent = false;
	fd_closep(&parents->dir);
	parents->dir = TAKE(next, FD_NONE);
	return 0;
}

/* Make the directory NAME like P->src, if it doesn't exist, and open it. */
static int enter(struct run *run, const char *name, struct parents *parents,
		 struct parent *p, struct fault *reterr)
{
	fd_t dir = parents->is_absent ? FD_NONE : deepest(parents);
	_cleanup_(fd_closep) fd_t next = FD_NONE;
	struct job job = job_of(p);
	const struct label_job lj = { .job = &job,
				      .src = p->src.fd,
				      .dir = dir,
				      .name = name,
				      .type = FILE_DIRECTORY };
	bool made;
	int r;

	r = stat_fd(p->src.fd, &p->src.info);
	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_SRC, r);
	r = selinux_label_new(run, &lj, reterr);
	if (r < 0)
		return r;
	r = entry_make_directory(run, &lj,
				 attrs_first_mode(run->policy, &p->src.info));
	if (r == -ENOENT && run->policy->no_create)
		return fault_set(reterr, FAULT_NOT_CREATING, FAULT_DST, r);
	if (r < 0 && r != -EEXIST)
		return fault_set(reterr, FAULT_MAKE_DIRECTORY, FAULT_DST, r);
	made = r == 0;
	parents->made = made;
	if (run->policy->dry_run)
		return plan(run, name, parents, p, reterr);

	r = go_to(parents, name, p, &next, reterr);
	if (r < 0)
		return r;
	p->is_new = made || was_made(run, next);
	if (p->is_new || sets_old(run->policy))
		r = open_for_attrs(run, next, made, p);
	if (r < 0)
		return not_opened(r, reterr);
	p->what = made ? OUTCOME_DIRECTORY : OUTCOME_EXISTING;
	if (made) {
		run_made(run, &job, &(struct outcome){ .what = p->what });
		r = note_made(run, next);
	}
	if (r == 0 && p->dst != FD_NONE)
		r = add(parents, p);
	if (r < 0)
		return fault_set(reterr,
				 r == -ENOMEM ? FAULT_MEMORY : FAULT_STAT,
				 FAULT_DST, r);

	fd_closep(&parents->dir);
	parents->dir = TAKE(next, FD_NONE);
	return 0;
}

/* Open P's source, for reading if possible: its attributes may be needed. */
static int open_source(struct parent *p)
{
	struct source *src = &p->src;
	int r = fd_open_at(FD_CWD, p->src_path, FD_READ | FD_DIRECTORY,
			   &src->fd);

	if (r != -EACCES)
		return r;
	src->only_looks = true;
	return fd_open_at(FD_CWD, p->src_path, FD_PATH | FD_DIRECTORY,
			  &src->fd);
}

/* Make and open the directory that is named by the bytes AT of PATH. */
static int enter_one(struct run *run, const struct job *operand,
		     const char *path, struct range at, struct parents *parents)
{
	_cleanup_(parent_release) struct parent p = PARENT_EMPTY;
	_cleanup_(freep) char *name = strndup(path + at.off, at.len);
	struct fault fault;
	struct job job;
	int r;

	p.src_path = strndup(path, at.off + at.len);
	if (p.src_path)
		p.dst_path = pathname_join(parents->path, p.src_path);
	if (!name || !p.dst_path)
		return run_fault(run, operand, FAULT_MEMORY, FAULT_SRC,
				 -ENOMEM);
	job = job_of(&p);
	run_begin(run, &job);
	p.number = job.number;
	r = open_source(&p);
	if (r < 0)
		(void)fault_set_in(&fault, CALL_OPENAT, FAULT_STAT, FAULT_SRC,
				   r);
	else
		r = enter(run, name, parents, &p, &fault);
	if (r < 0) {
		run_fail(run, &job, &fault, p.foreign.path);
		p.what = OUTCOME_FAILED;
	}
	/* Of those that PARENTS has taken, parents_finish() reports the end. */
	if (p.src_path)
		run_end(run, &job,
			&(struct outcome){ .what = p.what,
					   .type = FILE_DIRECTORY });
	return r;
}

int parents_make(struct run *run, const struct job *operand,
		 struct parents *parents)
{
	_cleanup_(freep) char *path = pathname_parent(operand->src);

	if (!path)
		return run_fault(run, operand, FAULT_MEMORY, FAULT_SRC,
				 -ENOMEM);
	for (const char *p = pathname_relative(path); *p;) {
		const struct range at = { (uint64_t)(p - path),
					  pathname_first(p) };
		int r = enter_one(run, operand, path, at, parents);

		if (r < 0)
			return r;
		p = pathname_relative(p + at.len);
	}
	return 0;
}

/* Set the attributes of P.  Returns 0, or -errno with *RETERR. */
static int finish(struct run *run, struct parent *p, const struct job *job,
		  struct fault *reterr)
{
	struct file_info info;
	const struct attrs_dst dst = { .at.fd = p->dst,
				       .info = &info,
				       .is_new = p->is_new,
				       .is_opened = p->is_opened };
	int r = stat_fd(p->dst, &info);

	if (r < 0)
		return fault_set(reterr, FAULT_STAT, FAULT_DST, r);
	attrs_before_data(run, &p->src, &dst);
	attrs_set_late(run, job, p->dst, attrs_apply(run, job, &p->src, &dst));
	return 0;
}

void parents_finish(struct run *run, const struct parents *parents)
{
	for (size_t i = parents->n; i-- > 0;) {
		struct parent *p = &parents->v[i];
		struct outcome out = { .what = p->what,
				       .type = FILE_DIRECTORY };
		const struct job job = job_of(p);
		struct fault fault;

		/* As cp: not if the whole path existed. */
		if ((p->is_new || parents->made) &&
		    finish(run, p, &job, &fault) < 0) {
			run_fail(run, &job, &fault, NULL);
			out.what = OUTCOME_FAILED;
		}
		run_end(run, &job, &out);
	}
}
