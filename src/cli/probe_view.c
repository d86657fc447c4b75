/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe_view.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>

#include "base.h"
#include "diag.h"
#include "errname.h"
#include "probe.h"

/* Where the text of a row begins. */
#define TEXT_COLUMN 19

/* Whether the errno of a failed step is of interest. */
enum tail {
	WITH_ERRNO,
	WITHOUT_ERRNO,
};

/* What to say of a step that failed; %: on which side. */
static const struct {
	const char *text;
	enum tail tail;
} steps[PROBE_STEP_MAX] = {
	[PROBE_DONE] = { "", WITHOUT_ERRNO },
	[PROBE_FIND] = { "cannot access %", WITH_ERRNO },
	[PROBE_TYPE] = { "it is neither a regular file nor a directory",
			 WITHOUT_ERRNO },
	[PROBE_OPEN] = { "cannot read the source", WITH_ERRNO },
	[PROBE_SAMPLE] = { "the source has no file with content",
			   WITHOUT_ERRNO },
	[PROBE_CREATE] = { "cannot create a file", WITH_ERRNO },
	[PROBE_WRITE] = { "cannot write a file", WITH_ERRNO },
	[PROBE_SYNC] = { "cannot sync a file", WITH_ERRNO },
	[PROBE_CLONE] = { "FICLONE was refused", WITH_ERRNO },
	[PROBE_READ] = { "cannot read the clone", WITH_ERRNO },
	[PROBE_COMPARE] = { "the clone has other bytes than its source",
			    WITHOUT_ERRNO },
	[PROBE_SHARE] = { "the clone has storage of its own", WITHOUT_ERRNO },
};

/* At most 61 characters each, so that rows fit into 80 columns. */
static const char *const advices[ADVICE_MAX] = {
	[ADVICE_NONE] = NULL,
	[ADVICE_NO_REFLINKS] =
		"use a file system with reflinks, such as XFS or Btrfs",
	[ADVICE_XFS_WITHOUT] =
		"it was made with reflink=0; mkfs.xfs can make a new one",
	[ADVICE_OCFS2_WITHOUT] =
		"enable them: tunefs.ocfs2 --fs-features=refcount",
	[ADVICE_UPPER_WITHOUT] =
		"put the upper layer on a file system with reflinks",
	[ADVICE_LOWER_ELSEWHERE] = "put both layers on one file system",
	[ADVICE_FUSE] = "FUSE can't clone; copy where the files really are",
	[ADVICE_NFS_VERSION] = "mount it with -o vers=4.2",
	[ADVICE_NFS_SERVER] =
		"the server must export a file system with reflinks",
	[ADVICE_SMB_SERVER] =
		"use SMB 3, and ReFS or Samba's vfs_btrfs on the server",
	[ADVICE_SMB_SUBVOLUMES] =
		"stay inside one Btrfs subvolume of the server",
	[ADVICE_ZFS_FEATURE] =
		"enable block_cloning, and set zfs_bclone_enabled=1",
	[ADVICE_ZFS_PROPERTIES] =
		"stay in one pool; give both datasets the same properties",
	[ADVICE_ZFS_LATER] = "try again some seconds after the last write",
	[ADVICE_TWO_FS] =
		"choose two places on one file system: these are on two",
	[ADVICE_TWO_MOUNTS] =
		"use one mount for both; Linux 5.18 can clone between two",
	[ADVICE_CHECKSUMS] =
		"both need checksums, or none (chattr +C, nodatasum)",
	[ADVICE_SETTINGS] =
		"the two are stored in different ways: DAX, realtime device?",
	[ADVICE_FORBIDDEN] = "something forbids it: SELinux, a container?",
	[ADVICE_KERNEL] =
		"the kernel, or a sandbox, lacks FICLONE: Linux 4.5 has it",
	[ADVICE_SWAP_FILE] = "it is in use as a swap file; try another one",
	[ADVICE_PERMISSION] = "run this as a user who may write there",
	[ADVICE_LOCKED] = "see lsattr: the directory may be locked (+i, +a)",
	[ADVICE_SEARCH] = "run this as a user who may look there",
	[ADVICE_READ] = "run this as a user who may read it",
	[ADVICE_NO_FILE] = "name a regular file or a directory",
	[ADVICE_READ_ONLY] =
		"choose another place: this one can only be a source (-t)",
	[ADVICE_KERNEL_FILES] = "choose another place: this one has no storage",
	[ADVICE_SPACE] = "free some space",
	[ADVICE_QUOTA] = "remove files, or have the quota raised",
	[ADVICE_NAME_A_FILE] = "name a file with content",
	[ADVICE_DAMAGE] = "read the kernel's log: the storage may be damaged",
	[ADVICE_WRONG_BYTES] =
		"use --reflink=never here, and report the file system's bug",
	[ADVICE_NOT_SHARED] = "expect no clones here, although they succeed",
};

/* Begin a row. */
static void put_label(const char *label)
{
	(void)printf("    %-*s", TEXT_COLUMN - 4, label);
}

/* A row. */
static void _printf_(2, 3) put_row(const char *label, const char *format, ...)
{
	va_list args;

	put_label(label);
	va_start(args, format);
	(void)vprintf(format, args);
	va_end(args);
	(void)putchar('\n');
}

static void put_name(const char *name)
{
	(void)diag_put_name(stdout, name);
}

/* A number of bytes as people read it: "12 GiB". */
struct amount {
	char text[16];
};

static struct amount amount_of(uint64_t bytes)
{
	struct amount a = { .text = "" };
	int64_t n = bytes < INT64_MAX ? (int64_t)bytes : INT64_MAX;

	(void)humanize_number(a.text, 8, n, "B", HN_AUTOSCALE,
			      HN_IEC_PREFIXES | HN_DECIMAL);
	return a;
}

/* Why it was not cloned. */
static void put_reason(const struct probe *p)
{
	static const char *const sides[] = {
		[PROBE_SRC] = "the source",
		[PROBE_DST] = "the target",
	};
	const char *text = steps[p->trial.step].text;
	size_t n = strcspn(text, "%");

	put_label("reason");
	(void)fwrite(text, 1, n, stdout);
	if (text[n])
		(void)printf("%s%s", p->has_src ? sides[p->trial.side] : "it",
			     text + n + 1);
	if (steps[p->trial.step].tail == WITH_ERRNO)
		(void)printf(": %s (%s)", strerror(p->trial.err),
			     errname(p->trial.err));
	(void)putchar('\n');
	if (advices[p->advice])
		put_row("what to do", "%s", advices[p->advice]);
}

static void put_tried(const struct probe *p)
{
	static const char *const of[] = {
		[PROBE_TEMPORARY] = "",
		[PROBE_ITSELF] = " of the file itself",
		[PROBE_ANOTHER] = " of a file in it",
	};
	const struct clone_trial *t = &p->trial;

	put_row("tried", "a clone of %s%s: %s%s", amount_of(t->size).text,
		of[p->source],
		t->equal == TRIAL_YES ? "same bytes" : "it is changing",
		t->shared == TRIAL_YES ? ", same storage" : "");
	if (t->align)
		put_row("ranges", "in multiples of %" PRIu64 " bytes",
			t->align);
	put_row("largest clone", "no limit known");
}

/* Which directory stands for what was named. */
static void put_directory(const struct probe *p,
			  const struct probe_place *place, const char *label)
{
	/* A source that is a file needs no other name. */
	if (place->exists && (!place->is_file || place == &p->src))
		return;
	put_label(label);
	put_name(place->dir);
	(void)puts(place->exists ? ", in which it is"
				 : ", the nearest one that exists");
}

static void put_fs(const struct probe_place *place, const char *label)
{
	const struct mount *m = &place->mount;

	if (!m->text) {
		put_row(label, "unknown, because /proc can't be read");
		return;
	}
	put_label(label);
	(void)printf("%s on ", m->type);
	put_name(m->point);
	(void)fputs(", from ", stdout);
	put_name(m->source);
	(void)putchar('\n');
}

/* Print those of OPTIONS that matter, after GAP.  Returns the next gap. */
static const char *put_options(const char *options, const char *gap)
{
	while (*options) {
		size_t n = strcspn(options, ",");

		if (probe_option_matters(options)) {
			if (!*gap)
				put_label("mount options");
			(void)printf("%s%.*s", gap, (int)n, options);
			gap = ", ";
		}
		options += n;
		options += strspn(options, ",");
	}
	return gap;
}

static void put_mount_options(const struct probe_place *place)
{
	const char *gap = "";

	if (!place->mount.text)
		return;
	gap = put_options(place->mount.options, gap);
	gap = put_options(place->mount.fs_options, gap);
	if (*gap)
		(void)putchar('\n');
}

static void put_subvolume(const struct probe_place *place)
{
	const struct subvolume *s = &place->subvolume;

	if (place->has_subvolume)
		put_row("subvolume", "ID %" PRIu64 "%s%s%s", s->id,
			s->is_root ? ", of which this is the root" : "",
			s->is_snapshot ? ", a snapshot" : "",
			s->read_only ? ", read-only" : "");
}

static const char *maps_words(const struct probe_place *place)
{
	if (place->has_maps > 0)
		return "can be trusted, so that --shared can answer";
	if (place->state.kind == FS_SMB)
		return "can't be trusted: they tell no places in storage";
	if (place->state.kind == FS_BCACHEFS)
		return "can't be trusted: they don't tell which device";
	if (place->state.kind == FS_OVERLAY)
		return "can't be trusted: they don't tell which layer";
	return "none that can be trusted";
}

static void put_space(const struct probe_place *place)
{
	const struct space_quota *q = &place->quota;

	if (place->has_state && place->state.size)
		put_row("free space", "%s of %s",
			amount_of(place->state.free).text,
			amount_of(place->state.size).text);
	if (place->has_quota)
		put_row("quota", "%s of %s are used%s", amount_of(q->used).text,
			amount_of(q->limit).text,
			q->used >= q->limit - q->limit / 10 ? ": nearly all"
							    : "");
}

static void put_place(const struct probe_place *place)
{
	put_mount_options(place);
	if (place->state.read_only)
		put_row("read-only", "nothing can be written there");
	put_subvolume(place);
	if (place->nocow > 0)
		put_row("NOCOW", "new files have no checksums (chattr +C)");
	if (place->compressed > 0)
		put_row("compression", "new files are compressed (chattr +c)");
	if (place->has_maps >= 0)
		put_row("extent maps", "%s", maps_words(place));
	put_space(place);
}

static void put_verdict(const struct probe *p, const char *path,
			const char *into)
{
	static const char *const words[] = {
		[PROBE_YES] = "yes, files can be cloned ",
		[PROBE_NO] = "no, files can't be cloned ",
		[PROBE_UNKNOWN] = "not known whether files can be cloned ",
	};

	put_name(path);
	if (into) {
		(void)fputs(" -> ", stdout);
		put_name(into);
	}
	(void)printf(": %s%s\n", words[p->verdict], into ? "there" : "here");
}

/* Print all about PATH. */
static void put_probe(const struct probe *p, const char *path, const char *into)
{
	put_verdict(p, path, into);
	if (p->verdict == PROBE_YES)
		put_tried(p);
	else
		put_reason(p);
	if (p->has_src && p->src.dir) {
		put_directory(p, &p->src, "source");
		put_fs(&p->src, "source on");
	}
	if (p->dst.dir) {
		put_directory(p, &p->dst, into ? "target" : "directory");
		put_fs(&p->dst, into ? "target on" : "file system");
		put_place(&p->dst);
	}
}

int probe_view(const struct policy *policy, const struct operands *operands)
{
	const char *into = policy->target_directory;
	int status = EXIT_SUCCESS;

	diag_locale();
	for (size_t i = 0; i < operands->n; i++) {
		_cleanup_(probe_release) struct probe p = { .has_src = false };
		int r = probe_path(operands->v[i], into, &p);

		if (r == -EINTR)
			return EXIT_FAILURE;
		if (r < 0) {
			diag_error("cannot find out about clones", -r);
			return EXIT_FAILURE;
		}
		if (i > 0)
			(void)putchar('\n');
		put_probe(&p, operands->v[i], into);
		if (p.verdict != PROBE_YES)
			status = EXIT_FAILURE;
	}
	return status;
}
