/* SPDX-License-Identifier: BSD-2-Clause */
#include "summary.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "amount.h"
#include "base.h"
#include "diag.h"
#include "errname.h"
#include "fd.h"
#include "fs.h"
#include "mount.h"
#include "pathname.h"
#include "probe_rules.h"
#include "probe_words.h"
#include "stat.h"

/* From so many bytes on, copies that might have been clones are mentioned. */
#define NOTEWORTHY ((uint64_t)64 << 20)

/* From so many on, failures for one reason are counted for people. */
#define MANY 2

/* The uppermost directory of a subvolume of Btrfs has this inode number. */
#define SUBVOLUME_ROOT 256

/* One side of a pair. */
struct side {
	enum fs_kind kind;
	int has_reflinks; /* 1, 0; negative: unknown */
	bool is_nfs_42;
	char *type; /* owned */
};

/* Open PATH, or the directory that it is in. */
static int open_near(const char *path, fd_t *ret)
{
	_cleanup_(freep) char *parent = pathname_parent(path);

	if (fd_open_long(path, FD_READ | FD_NO_WAIT, ret) == 0)
		return 0;
	return parent ? fd_open_long(*parent ? parent : ".",
				     FD_READ | FD_DIRECTORY, ret)
		      : -1;
}

static struct side side_of(const char *path)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct side side = { .has_reflinks = -1 };
	_cleanup_(mount_release) struct mount mount = { .text = NULL };
	struct fs_state state;

	if (!path || open_near(path, &fd) < 0)
		return side;
	if (fs_state(fd, &state) == 0)
		side.kind = state.kind;
	side.has_reflinks = fs_has_reflinks(fd);
	if (mount_find(fd, &mount) == 0) {
		side.type = strdup(mount.type);
		side.is_nfs_42 = probe_has_option(mount.fs_options, "vers=4.2");
	}
	return side;
}

static bool is_of_a_kind_that_clones(const struct side *side)
{
	switch (side->kind) {
	case FS_XFS:
		return side->has_reflinks != 0;
	case FS_BTRFS:
	case FS_OCFS2:
	case FS_ZFS:
	case FS_BCACHEFS:
		return true;
	case FS_OTHER:
	case FS_OVERLAY:
	case FS_NFS:
	case FS_SMB:
	case FS_FUSE:
	case FS_KERNEL:
		break;
	}
	return false;
}

static struct summary_pair examine(const struct tally_pair *pair)
{
	struct side src = side_of(pair->src);
	struct side dst = side_of(pair->dst);
	const struct probe_case c = {
		.step = PROBE_CLONE,
		.err = pair->err,
		.src = src.kind,
		.dst = dst.kind,
		.same_fs = pair->src_dev == pair->dst_dev,
		.is_reflink_less = dst.has_reflinks == 0,
		.is_nfs_42 = dst.is_nfs_42,
	};

	return (struct summary_pair){
		.pair = pair,
		.src = src.type,
		.dst = dst.type,
		.advice = probe_advise(&c),
		.can_clone = is_of_a_kind_that_clones(&src) &&
			     is_of_a_kind_that_clones(&dst),
	};
}

void summary_prepare(struct summary *s)
{
	size_t n = 0;

	for (const struct tally_pair *p = s->tally->pairs; p; p = p->next)
		n++;
	s->pairs = n > 0 ? calloc(n, sizeof(*s->pairs)) : NULL;
	if (!s->pairs)
		return;
	for (const struct tally_pair *p = s->tally->pairs; p; p = p->next) {
		struct summary_pair *to = &s->pairs[s->n_pairs++];

		*to = examine(p);
		if (to->can_clone)
			s->avoidable += p->bytes;
	}
}

void summary_put_usage(struct json *json)
{
	const struct tally tally = { .failures[FAULT_CLASS_USAGE] = 1 };
	const struct policy policy = { .recursive = false };
	const struct operands operands = OPERANDS_EMPTY;
	const struct summary summary = { .tally = &tally,
					 .policy = &policy,
					 .operands = &operands };

	summary_put_json(json, &summary);
}

void summary_release(struct summary *s)
{
	for (size_t i = 0; i < s->n_pairs; i++) {
		free(s->pairs[i].src);
		free(s->pairs[i].dst);
	}
	free(s->pairs);
	s->pairs = NULL;
	s->n_pairs = 0;
}

/* Is the operand PATH a subvolume of which a snapshot could be made? */
static bool is_subvolume(const char *path)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	struct file_info info;
	struct fs_state state;

	return fd_open_at(FD_CWD, path, FD_PATH | FD_DIRECTORY, &fd) == 0 &&
	       stat_fd(fd, &info) == 0 && info.ino == SUBVOLUME_ROOT &&
	       fs_state(fd, &state) == 0 && state.kind == FS_BTRFS;
}

/* The next source operand from I on that is one; the number of them if none. */
static size_t next_subvolume(const struct summary *s, size_t i)
{
	const size_t n = s->operands->n - !s->policy->target_directory;

	if (!s->policy->recursive || s->operands->n == 0)
		return s->operands->n;
	for (; i < n; i++)
		if (is_subvolume(s->operands->v[i]))
			return i;
	return s->operands->n;
}

static uint64_t total_of(const uint64_t n[RESULT_MAX])
{
	uint64_t total = 0;

	for (enum result r = 0; r < RESULT_MAX; r++)
		total += n[r];
	return total;
}

static void put_results(struct json *json, const char *key,
			const uint64_t n[RESULT_MAX])
{
	json_open(json, key, '{');
	json_uint(json, "total", total_of(n));
	for (enum result r = 0; r < RESULT_MAX; r++)
		json_uint(json, result_name(r), n[r]);
	json_close(json, '}');
}

static void put_bytes(struct json *json, const struct tally *t)
{
	json_open(json, "bytes", '{');
	json_uint(json, "cloned", t->cloned);
	json_uint(json, "copied", t->copied);
	json_uint(json, "offloaded", t->offloaded);
	json_uint(json, "holes", t->holes);
	json_close(json, '}');
}

static void put_failures(struct json *json, const struct tally *t)
{
	json_open(json, "failures", '{');
	json_uint(json, "total", tally_failures(t));
	for (enum fault_class c = 0; c < FAULT_CLASS_MAX; c++)
		json_uint(json, fault_class_name(c), t->failures[c]);
	json_close(json, '}');
}

static const char *call_of(const struct tally_pair *pair)
{
	return pair->by_range ? "FICLONERANGE" : "FICLONE";
}

static void put_pairs(struct json *json, const struct summary *s)
{
	json_open(json, "uncloned", '[');
	for (size_t i = 0; i < s->n_pairs; i++) {
		const struct summary_pair *p = &s->pairs[i];

		json_open(json, NULL, '{');
		json_string(json, "src_fs_type", p->src);
		json_string(json, "dst_fs_type", p->dst);
		json_string(json, "call", call_of(p->pair));
		json_string(json, "errno", errname(p->pair->err));
		json_uint(json, "files", p->pair->files);
		json_uint(json, "bytes", p->pair->bytes);
		json_bool(json, "can_clone", p->can_clone);
		json_string(json, "advice", probe_advices[p->advice].name);
		json_string(json, "what_to_do", probe_advices[p->advice].text);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_reasons(struct json *json, const struct tally *t)
{
	json_open(json, "reasons", '[');
	for (const struct tally_reason *r = t->reasons; r; r = r->next) {
		json_open(json, NULL, '{');
		json_string(json, "class",
			    fault_class_name(fault_class(&r->fault)));
		json_string(json, "call", fault_call_name(&r->fault));
		json_string(json, "errno",
			    fault_has_errno(&r->fault) ? errname(r->fault.err)
						       : NULL);
		json_uint(json, "failures", r->n);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_subvolumes(struct json *json, const struct summary *s)
{
	json_open(json, "subvolumes", '[');
	for (size_t i = next_subvolume(s, 0); i < s->operands->n;
	     i = next_subvolume(s, i + 1))
		json_name(json, NULL, s->operands->v[i]);
	json_close(json, ']');
}

void summary_put_json(struct json *json, const struct summary *s)
{
	const struct tally *t = s->tally;

	put_results(json, "files", t->n[THING_FILE]);
	put_results(json, "directories", t->n[THING_DIRECTORY]);
	put_results(json, "ranges", t->n[THING_RANGE]);
	put_bytes(json, t);
	put_failures(json, t);
	json_uint(json, "warnings", t->warnings);
	put_reasons(json, t);
	put_pairs(json, s);
	json_uint(json, "copied_though_clonable",
		  s->avoidable > NOTEWORTHY ? s->avoidable : 0);
	put_subvolumes(json, s);
}

/* Print N with a comma before each three digits. */
static void print_count(FILE *f, uint64_t n)
{
	if (n >= 1000) {
		print_count(f, n / 1000);
		(void)fprintf(f, ",%03" PRIu64, n % 1000);
	} else {
		(void)fprintf(f, "%" PRIu64, n);
	}
}

static void print_bytes(FILE *f, uint64_t n)
{
	(void)fputs(amount_of(n).text, f);
}

static void print_things(FILE *f, uint64_t n, const char *one, const char *many)
{
	print_count(f, n);
	(void)fprintf(f, " %s", n == 1 ? one : many);
}

static void print_files(FILE *f, const struct tally *t)
{
	static const char *const words[RESULT_MAX] = {
		[RESULT_CLONED] = "cloned",
		[RESULT_COPIED] = "copied in full",
		[RESULT_MIXED] = "cloned in part",
		[RESULT_LINKED] = "linked",
		[RESULT_CREATED] = "created",
		[RESULT_SKIPPED] = "skipped",
		[RESULT_FAILED] = "failed",
	};
	const uint64_t *n = t->n[THING_FILE];
	const char *gap = ": ";

	print_things(f, total_of(n), "file", "files");
	for (enum result r = 0; r < RESULT_MAX; r++) {
		if (n[r] == 0)
			continue;
		(void)fputs(gap, f);
		print_count(f, n[r]);
		(void)fprintf(f, " %s", words[r]);
		if (r == RESULT_COPIED && n[RESULT_MIXED] == 0) {
			(void)fputs(" (", f);
			print_bytes(f, t->copied + t->offloaded);
			(void)fputc(')', f);
		}
		gap = ", ";
	}
	(void)fputc('\n', f);
}

static void print_content(FILE *f, const struct tally *t, uint64_t ns)
{
	const struct {
		uint64_t n;
		const char *what;
	} parts[] = {
		{ t->cloned, "shared" },
		{ t->copied, "copied" },
		{ t->offloaded, "copied by the kernel, perhaps shared" },
		{ t->holes, "of holes made" },
	};
	const uint64_t n = total_of(t->n[THING_DIRECTORY]);

	for (size_t i = 0; i < countof(parts); i++) {
		if (parts[i].n == 0)
			continue;
		print_bytes(f, parts[i].n);
		(void)fprintf(f, " %s, ", parts[i].what);
	}
	if (n > 0) {
		print_things(f, n, "directory", "directories");
		(void)fputs(", ", f);
	}
	(void)fprintf(f, "%.1f seconds\n", (double)ns / 1e9);
}

static void print_pair(FILE *f, const struct summary_pair *p)
{
	const char *text = probe_advices[p->advice].text;

	print_things(f, p->pair->files, "file", "files");
	(void)fprintf(f, " not cloned from %s to %s: %s: %s",
		      p->src ? p->src : "an unknown file system",
		      p->dst ? p->dst : "an unknown file system",
		      call_of(p->pair), errname(p->pair->err));
	if (text)
		(void)fprintf(f, "; %s", text);
	(void)fputc('\n', f);
}

static void print_reason(FILE *f, const struct tally_reason *r)
{
	const char *call = fault_call_name(&r->fault);

	print_count(f, r->n);
	(void)fputs(" failures: ", f);
	if (call)
		(void)fprintf(f, "%s: ", call);
	if (fault_has_errno(&r->fault))
		(void)fprintf(f, "%s\n", strerror(r->fault.err));
	else
		(void)fprintf(f, "%s\n",
			      fault_class_name(fault_class(&r->fault)));
}

void summary_print(FILE *f, const struct summary *s, uint64_t ns)
{
	const struct tally *t = s->tally;

	print_files(f, t);
	print_content(f, t, ns);
	for (size_t i = 0; i < s->n_pairs; i++)
		print_pair(f, &s->pairs[i]);
	if (s->avoidable > NOTEWORTHY) {
		print_bytes(f, s->avoidable);
		(void)fputs(" were copied although both file systems can "
			    "clone\n",
			    f);
	}
	for (const struct tally_reason *r = t->reasons; r; r = r->next)
		if (r->n >= MANY)
			print_reason(f, r);
	for (size_t i = next_subvolume(s, 0); i < s->operands->n;
	     i = next_subvolume(s, i + 1)) {
		(void)diag_put_name(f, s->operands->v[i]);
		(void)fputs(" is a Btrfs subvolume; a snapshot of it would be "
			    "faster\n",
			    f);
	}
}
