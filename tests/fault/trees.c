/* SPDX-License-Identifier: BSD-2-Clause */
#include "trees.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "prepare.h"
#include "tool.h"

enum plant_kind {
	PLANT_END,
	DIRECTORY,
	FILE_OF,  /* SIZE bytes */
	HOLES_OF, /* SIZE bytes, most of them holes */
	LINK_TO,  /* symbolic */
	NAME_OF,  /* a hard link */
	FIFO,
};

/* What a plant has beside its mode. */
enum trait {
	OWNED = 1 << 0, /* by 1234:5678 */
	XATTRS = 1 << 1,
	ACL = 1 << 2,
	HEIRLOOM = 1 << 3, /* a default ACL */
	NODUMP = 1 << 4,
	FROZEN = 1 << 5, /* immutable */
	APPEND = 1 << 6,
	OLD = 1 << 7,	/* older than a source */
	NEWER = 1 << 8, /* newer */
};

struct plant {
	const char *path; /* a directory comes before what is in it */
	enum plant_kind kind;
	mode_t mode;
	off_t size;
	unsigned traits;
	const char *to; /* of links */
};

/* clang-format off */
#define END { NULL, PLANT_END, 0, 0, 0, NULL }

static const struct plant all[] = {
	{ "t", DIRECTORY, 0755, 0, 0, NULL },
	{ "t/a", DIRECTORY, 0750, 0, OWNED | XATTRS, NULL },
	{ "t/a/f", FILE_OF, 0644, 8192, 0, NULL },
	{ "t/a/r", DIRECTORY, 0555, 0, 0, NULL },
	{ "t/a/r/odd", FILE_OF, 0440, 9192, OWNED, NULL },
	{ "t/a/r/s", DIRECTORY, 02700, 0, OWNED, NULL },
	{ "t/a/r/s/suid", FILE_OF, 06755, 100, OWNED | XATTRS, NULL },
	{ "t/a/r/s/one", FILE_OF, 0600, 5000, 0, NULL },
	{ "t/one", NAME_OF, 0, 0, 0, "t/a/r/s/one" },
	{ "t/two", NAME_OF, 0, 0, 0, "t/one" },
	{ "t/acl", DIRECTORY, 0771, 0, ACL | HEIRLOOM, NULL },
	{ "t/acl/f", FILE_OF, 0771, 0, ACL | OWNED, NULL },
	{ "t/acl/plain", FILE_OF, 0640, 1, 0, NULL },
	{ "t/holes", HOLES_OF, 0644, 128 << 10, 0, NULL },
	{ "t/link", LINK_TO, 0, 0, OWNED, "a/f" },
	{ "t/nothing", LINK_TO, 0, 0, 0, "no/where" },
	{ "t/pipe", FIFO, 0620, 0, OWNED, NULL },
	{ "t/nodump", FILE_OF, 0600, 10, NODUMP, NULL },
	END
};

static const struct plant small[] = {
	{ "t", DIRECTORY, 0755, 0, 0, NULL },
	{ "t/f", FILE_OF, 0644, 8192, 0, NULL },
	{ "t/d", DIRECTORY, 0550, 0, OWNED, NULL },
	{ "t/d/g", FILE_OF, 0640, 9192, OWNED, NULL },
	{ "t/d/e", DIRECTORY, 0700, 0, 0, NULL },
	{ "t/d/e/h", FILE_OF, 0600, 0, 0, NULL },
	{ "t/link", LINK_TO, 0, 0, 0, "d/g" },
	END
};

static const struct plant flags[] = {
	{ "t", DIRECTORY, 0755, 0, NODUMP, NULL },
	{ "t/d", DIRECTORY, 0755, 0, FROZEN, NULL },
	{ "t/d/append", FILE_OF, 0644, 100, APPEND, NULL },
	{ "t/frozen", FILE_OF, 0644, 8192, FROZEN | OWNED, NULL },
	{ "t/names", FILE_OF, 0644, 10, FROZEN, NULL },
	{ "t/names2", NAME_OF, 0, 0, 0, "t/names" },
	{ "t/nodump", FILE_OF, 0644, 10, NODUMP, NULL },
	END
};

/* Ten empty files. */
#define EMPTY(name) { "t/" name, FILE_OF, 0644, 0, 0, NULL }
#define TEN(d) EMPTY(d "0"), EMPTY(d "1"), EMPTY(d "2"), EMPTY(d "3"), EMPTY(d "4"), \
	EMPTY(d "5"), EMPTY(d "6"), EMPTY(d "7"), EMPTY(d "8"), EMPTY(d "9")

static const struct plant wide[] = {
	{ "t", DIRECTORY, 0755, 0, 0, NULL },
	TEN("a"), TEN("b"), TEN("c"),
	{ "t/sub", DIRECTORY, 0750, 0, 0, NULL },
	{ "t/sub/f", FILE_OF, 0640, 100, 0, NULL },
	TEN("w"), TEN("x"), TEN("y"), TEN("z"),
	END
};

static const struct plant two[] = {
	{ "t", DIRECTORY, 0755, 0, 0, NULL },
	{ "t/one", FILE_OF, 0644, 8192, XATTRS, NULL },
	{ "u", DIRECTORY, 0700, 0, 0, NULL },
	{ "u/one", NAME_OF, 0, 0, 0, "t/one" },
	{ "u/other", FILE_OF, 0600, 10, 0, NULL },
	END
};

static const struct plant parents[] = {
	{ "p", DIRECTORY, 0751, 0, OWNED, NULL },
	{ "p/q", DIRECTORY, 0555, 0, XATTRS, NULL },
	{ "p/q/t", DIRECTORY, 0755, 0, 0, NULL },
	{ "p/q/t/f", FILE_OF, 0644, 8192, 0, NULL },
	END
};

static const struct plant ways[] = {
	{ "t", DIRECTORY, 0755, 0, 0, NULL },
	{ "t/d", DIRECTORY, 0700, 0, 0, NULL },
	{ "t/d/g", FILE_OF, 0600, 9192, 0, NULL },
	{ "t/to-d", LINK_TO, 0, 0, 0, "d" },
	{ "t/to-g", LINK_TO, 0, 0, 0, "d/g" },
	END
};

static const struct plant old[] = {
	{ "t", DIRECTORY, 0700, 0, OLD, NULL },
	{ "t/f", FILE_OF, 0666, 12000, OLD, NULL },
	{ "t/d", DIRECTORY, 0777, 0, OLD | HEIRLOOM, NULL },
	{ "t/d/g", FILE_OF, 0600, 3000, NEWER | ACL, NULL },
	{ "t/d/kept", FILE_OF, 0644, 100, OLD, NULL },
	{ "t/link", LINK_TO, 0, 0, 0, "elsewhere" },
	END
};

static const struct plant old_link[] = {
	{ "t", DIRECTORY, 0700, 0, OLD, NULL },
	{ "t/d", LINK_TO, 0, 0, 0, "../way" },
	{ "way", DIRECTORY, 0700, 0, OLD, NULL },
	{ "way/g", FILE_OF, 0600, 3000, OLD, NULL },
	END
};

static const struct plant clash[] = {
	{ "t", DIRECTORY, 0700, 0, OLD, NULL },
	{ "t/f", DIRECTORY, 0755, 0, OLD, NULL },
	{ "t/d", FILE_OF, 0644, 10, OLD, NULL },
	END
};
/* clang-format on */

static const struct plant *const groves[GROVE_MAX] = {
	[GROVE_ALL] = all,	     [GROVE_SMALL] = small,
	[GROVE_FLAGS] = flags,	     [GROVE_WIDE] = wide,
	[GROVE_TWO] = two,	     [GROVE_PARENTS] = parents,
	[GROVE_WAYS] = ways,	     [GROVE_OLD] = old,
	[GROVE_OLD_LINK] = old_link, [GROVE_CLASH] = clash,
};

/* Levels of GROVE_DEEP. */
#define LEVELS 16

static void fill(int fd, const struct plant *p)
{
	uint32_t seed = 7;

	for (const char *c = p->path; *c; c++)
		seed = seed * 31 + (unsigned char)*c;
	seed += p->traits & (OLD | NEWER);
	if (p->kind == FILE_OF) {
		prepare_bytes(fd, 0, (size_t)p->size, seed);
		return;
	}
	prepare_bytes(fd, 0, 4096, seed);
	prepare_bytes(fd, p->size / 2, 5000, seed);
	if (ftruncate(fd, p->size) < 0)
		die("%s", p->path);
}

/* Make it by its name.  Returns a descriptor, or -1 where there is none. */
static int make(int dir, const struct plant *p)
{
	int r = 0;

	switch (p->kind) {
	case DIRECTORY:
		if (mkdirat(dir, p->path, 0700) < 0)
			die("%s", p->path);
		break;
	case LINK_TO:
		r = symlinkat(p->to, dir, p->path);
		break;
	case NAME_OF:
		r = linkat(dir, p->to, dir, p->path, 0);
		break;
	case FIFO:
		r = mkfifoat(dir, p->path, 0600);
		break;
	case FILE_OF:
	case HOLES_OF:
		return openat(dir, p->path,
			      O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	case PLANT_END:
		break;
	}
	if (r < 0)
		die("%s", p->path);
	return -1;
}

static void set_flags(int fd, const struct plant *p)
{
	int now = 0;

	if (!(p->traits & (NODUMP | FROZEN | APPEND)) ||
	    ioctl(fd, FS_IOC_GETFLAGS, &now) < 0)
		return;
	now |= p->traits & NODUMP ? FS_NODUMP_FL : 0;
	now |= p->traits & FROZEN ? FS_IMMUTABLE_FL : 0;
	now |= p->traits & APPEND ? FS_APPEND_FL : 0;
	if (ioctl(fd, FS_IOC_SETFLAGS, &now) < 0)
		die("%s: flags", p->path);
}

/* All of it that can be had by a descriptor; what forbids the rest last. */
static void set_attrs(int fd, const struct plant *p)
{
	if (p->traits & OWNED && fchown(fd, 1234, 5678) < 0)
		die("%s: fchown", p->path);
	if (p->traits & XATTRS) {
		prepare_xattr(fd, "user.first", "value", 5);
		prepare_xattr(fd, "user.empty", "", 0);
	}
	if (p->traits & ACL)
		prepare_acl(fd, "system.posix_acl_access");
	if (p->traits & HEIRLOOM)
		prepare_acl(fd, "system.posix_acl_default");
	if (fchmod(fd, p->mode) < 0)
		die("%s: fchmod", p->path);
	prepare_time(fd, p->traits & OLD     ? TIME_OLD
			 : p->traits & NEWER ? TIME_NEW
					     : TIME_SOURCE);
	set_flags(fd, p);
}

static void set_link_attrs(int dir, const struct plant *p)
{
	const struct timespec t[] = { { .tv_sec = TIME_OLD },
				      { .tv_sec = TIME_OLD } };

	if (p->traits & OWNED &&
	    fchownat(dir, p->path, 1234, 5678, AT_SYMLINK_NOFOLLOW) < 0)
		die("%s", p->path);
	if (p->kind == FIFO && fchmodat(dir, p->path, p->mode, 0) < 0)
		die("%s", p->path);
	if (utimensat(dir, p->path, t, AT_SYMLINK_NOFOLLOW) < 0)
		die("%s", p->path);
}

static void grow(int dir, const struct plant *p)
{
	int fd = make(dir, p);

	if (p->kind == FIFO || p->kind == LINK_TO)
		set_link_attrs(dir, p);
	if (p->kind != FILE_OF && p->kind != HOLES_OF)
		return;
	if (fd < 0)
		die("%s", p->path);
	fill(fd, p);
	close(fd);
}

/* Once all that is in directories is there, and all names of files. */
static void finish(int dir, const struct plant *p)
{
	int fd;

	if (p->kind != DIRECTORY && p->kind != FILE_OF && p->kind != HOLES_OF)
		return;
	fd = openat(dir, p->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s", p->path);
	set_attrs(fd, p);
	close(fd);
}

/* "t/d/d/d", with N levels below t. */
static const char *deep_path(char buf[static 96], int n, const char *name)
{
	(void)snprintf(buf, 96, "t%.*s%s%s", 2 * n,
		       "/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d",
		       *name ? "/" : "", name);
	return buf;
}

/* The file NAME in the directory that is N levels below t, if it has files. */
static void make_deep_file(int dir, int n, const char *name)
{
	char path[96];
	const struct plant p = { path, FILE_OF, 0600, 20, 0, NULL };

	if (n > 2 && n < LEVELS - 2)
		return;
	deep_path(path, n, name);
	grow(dir, &p);
	finish(dir, &p);
}

/* Files before and behind a directory, in whatever order it is listed. */
static void make_deep(int dir)
{
	char path[96];
	struct plant p = { path, DIRECTORY, 0700, 0, 0, NULL };

	for (int n = 0; n < LEVELS; n++) {
		deep_path(path, n, "");
		grow(dir, &p);
		make_deep_file(dir, n, "a");
	}
	for (int n = LEVELS; n-- > 0;) {
		make_deep_file(dir, n, "z");
		deep_path(path, n, "");
		p.mode = 0700 | (mode_t)n;
		finish(dir, &p);
	}
}

void trees_make(int dir, enum grove grove)
{
	const struct plant *p = groves[grove];

	if (grove == GROVE_DEEP)
		make_deep(dir);
	if (!p)
		return;
	for (; p->kind != PLANT_END; p++)
		grow(dir, p);
	while (p-- > groves[grove])
		finish(dir, p);
}
