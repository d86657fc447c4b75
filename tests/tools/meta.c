/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tool.h"

/*
 * meta [-r] [-c] [-n] [-s SECONDS] PATH...
 *
 * All that is known about each file, in one line that can be compared: type,
 * mode, owner, size, times to the nanosecond, extended attributes (ACLs and
 * capabilities are some), inode flags, the target of a symbolic link.
 *
 *	-r	directories too with all that is below, in order of names
 *	-c	a digest of the content
 *	-n	without the name
 *	-s	times from SECONDS (since the epoch) on are printed as "now",
 *		older ones exactly; access times are left out
 */

struct options {
	bool below;
	bool content;
	bool nameless;
	long since; /* seconds; 0: print all times */
};

/* Inodes with several links that were seen, and the name they were seen by. */
struct seen {
	dev_t dev;
	ino_t ino;
	char *name;
};

static struct seen *seen;
static size_t n_seen;

static void print_escaped(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];

		if (isgraph(c) && c != '\\')
			putchar(c);
		else
			printf("\\x%02x", c);
	}
}

static const char *type_name(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return "file";
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "link";
	case S_IFIFO:
		return "fifo";
	case S_IFCHR:
		return "character-device";
	case S_IFBLK:
		return "block-device";
	case S_IFSOCK:
		return "socket";
	default:
		return "unknown";
	}
}

static void print_time(const char *name, struct timespec t, long since)
{
	if (since && t.tv_sec >= since)
		printf(" %s=now", name);
	else
		printf(" %s=%lld.%09ld", name, (long long)t.tv_sec, t.tv_nsec);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void print_xattr(const char *path, const char *name)
{
	static char value[65536];
	ssize_t n = lgetxattr(path, name, value, sizeof(value));

	if (n < 0)
		die("%s: %s", path, name);
	printf(" %s=", name);
	for (ssize_t i = 0; i < n; i++)
		printf("%02x", (unsigned char)value[i]);
}

static void print_xattrs(const char *path)
{
	static char list[65536];
	const char *names[256];
	ssize_t n = llistxattr(path, list, sizeof(list));
	size_t count = 0;

	if (n < 0 && errno == EOPNOTSUPP)
		return;
	if (n < 0)
		die("%s: llistxattr", path);
	for (const char *p = list; p < list + n && count < 256;
	     p += strlen(p) + 1) {
		/* XFS shows each ACL a second time by this name. */
		if (strncmp(p, "trusted.SGI_ACL_", 16) != 0)
			names[count++] = p;
	}
	qsort(names, count, sizeof(names[0]), by_name);
	for (size_t i = 0; i < count; i++)
		print_xattr(path, names[i]);
}

static void print_inode_flags(const char *path)
{
	unsigned flags = 0;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOATIME);

	if (fd < 0)
		return;
	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0)
		printf(" flags=%x",
		       flags & (FS_FL_USER_MODIFIABLE | FS_NOCOW_FL));
	close(fd);
}

static void print_digest(const char *path)
{
	static unsigned char buf[65536];
	uint64_t hash = 0xcbf29ce484222325;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOATIME);
	ssize_t n;

	if (fd < 0) {
		printf(" digest=unreadable");
		return;
	}
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (ssize_t i = 0; i < n; i++)
			hash = (hash ^ buf[i]) * 0x100000001b3;
	printf(n < 0 ? " digest=failed" : " digest=%016llx",
	       (unsigned long long)hash);
	close(fd);
}

static void print_links(const char *name, const struct stat *st)
{
	printf(" links=%lu", (unsigned long)st->st_nlink);
	for (size_t i = 0; i < n_seen; i++) {
		if (seen[i].dev != st->st_dev || seen[i].ino != st->st_ino)
			continue;
		printf(" same-as=");
		print_escaped(seen[i].name, strlen(seen[i].name));
		return;
	}
	if (st->st_nlink < 2)
		return;
	seen = reallocarray(seen, n_seen + 1, sizeof(*seen));
	if (!seen)
		die("reallocarray");
	seen[n_seen++] = (struct seen){
		.dev = st->st_dev,
		.ino = st->st_ino,
		.name = strdup(name),
	};
}

static void print_target(const char *path)
{
	char target[4096];
	ssize_t n = readlink(path, target, sizeof(target));

	if (n < 0)
		die("%s: readlink", path);
	printf(" -> ");
	print_escaped(target, (size_t)n);
}

static void print_file(const char *path, const char *name,
		       const struct stat *st, const struct options *o)
{
	if (!o->nameless) {
		print_escaped(name, strlen(name));
		putchar(' ');
	}
	printf("%s %04o %u:%u", type_name(st->st_mode), st->st_mode & 07777,
	       st->st_uid, st->st_gid);

	if (S_ISREG(st->st_mode) || S_ISLNK(st->st_mode))
		printf(" size=%lld", (long long)st->st_size);
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		printf(" device=%u:%u", major(st->st_rdev), minor(st->st_rdev));
	if (!S_ISDIR(st->st_mode))
		print_links(name, st);
	print_time("mtime", st->st_mtim, o->since);
	if (!o->since)
		print_time("atime", st->st_atim, 0);

	print_xattrs(path);
	if (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode))
		print_inode_flags(path);
	if (S_ISREG(st->st_mode) && o->content)
		print_digest(path);
	if (S_ISLNK(st->st_mode))
		print_target(path);
	putchar('\n');
}

static void show(const char *path, const char *name, const struct options *o);

static void show_below(const char *path, const char *name,
		       const struct options *o)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);

	if (n < 0)
		die("%s", path);
	for (int i = 0; i < n; i++) {
		const char *entry = entries[i]->d_name;
		char *child_path;
		char *child_name;

		if (!strcmp(entry, ".") || !strcmp(entry, ".."))
			continue;
		if (asprintf(&child_path, "%s/%s", path, entry) < 0 ||
		    asprintf(&child_name, "%s/%s", name, entry) < 0)
			die("asprintf");
		show(child_path, child_name, o);
		free(child_path);
		free(child_name);
		free(entries[i]);
	}
	free((void *)entries);
}

static void show(const char *path, const char *name, const struct options *o)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		die("%s", path);
	print_file(path, name, &st, o);
	if (S_ISDIR(st.st_mode) && o->below)
		show_below(path, name, o);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	int c;

	while ((c = getopt(argc, argv, "rcns:")) >= 0) {
		if (c == 'r')
			o.below = true;
		else if (c == 'c')
			o.content = true;
		else if (c == 'n')
			o.nameless = true;
		else if (c == 's')
			o.since = (long)parse_bytes(optarg, '\0');
		else
			return 2;
	}
	for (int i = optind; i < argc; i++)
		show(argv[i], o.below ? "." : argv[i], &o);
	return 0;
}
