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
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "node.h"
#include "tool.h"

/*
 * meta [-r] [-c] [-d] [-n] [-s SECONDS] PATH...
 *
 * All that is known about each file, in one line that can be compared: type,
 * mode, owner, size, times to the nanosecond, extended attributes (ACLs and
 * capabilities are some), inode flags, the target of a symbolic link.
 *
 *	-r	directories too with all that is below, in order of names
 *	-c	a digest of the content
 *	-d	where data lies, the rest being holes
 *	-n	without the name
 *	-s	times from SECONDS (since the epoch) on are printed as "now",
 *		older ones exactly; access times are left out
 */

struct options {
	bool below;
	bool content;
	bool data;
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

static void print_xattrs(const char *path)
{
	const struct xattr *v;
	size_t n = xattrs_read(path, &v);

	for (size_t i = 0; i < n; i++) {
		const unsigned char *value = v[i].value;

		printf(" %s=", v[i].name);
		for (size_t k = 0; k < v[i].n; k++)
			printf("%02x", value[k]);
	}
}

/* Where the next data or hole begins. */
static off_t next(int fd, off_t off, int what, off_t size)
{
	off_t at = lseek(fd, off, what);

	if (at < 0 && errno != ENXIO)
		die("lseek");
	return at < 0 || at > size ? size : at;
}

static void print_data(int fd, off_t size)
{
	off_t end;

	printf(" data=");
	for (off_t off = 0; off < size; off = end) {
		off = next(fd, off, SEEK_DATA, size);
		end = next(fd, off, SEEK_HOLE, size);
		printf("%lld-%lld,", (long long)off, (long long)end);
	}
}

/* What has to be opened for it, of a file or a directory. */
static void print_inside(const char *path, const struct stat *st,
			 const struct options *o)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOATIME);
	bool content = S_ISREG(st->st_mode) && o->content;

	if (fd < 0) {
		printf(content ? " digest=unreadable" : "");
		return;
	}
	printf(" flags=%x",
	       inode_flags(fd) & (FS_FL_USER_MODIFIABLE | FS_NOCOW_FL));
	if (content)
		printf(" digest=%016llx",
		       (unsigned long long)digest_range(1, fd, 0, INT64_MAX));
	if (S_ISREG(st->st_mode) && o->data)
		print_data(fd, st->st_size);
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
		print_inside(path, st, o);
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

	while ((c = getopt(argc, argv, "rcdns:")) >= 0) {
		if (c == 'r')
			o.below = true;
		else if (c == 'c')
			o.content = true;
		else if (c == 'd')
			o.data = true;
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
