/* SPDX-License-Identifier: BSD-2-Clause */
#include "facts.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "node.h"
#include "tool.h"

/* Inodes with several links that were seen, and the name they were seen by. */
struct facts_seen {
	dev_t dev;
	ino_t ino;
	char *name;
};

static void print_escaped(FILE *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];

		if (isgraph(c) && c != '\\')
			fputc(c, out);
		else
			fprintf(out, "\\x%02x", c);
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

static void print_time(const struct facts *f, const char *name,
		       struct timespec t)
{
	if (f->since && t.tv_sec >= f->since)
		fprintf(f->out, " %s=now", name);
	else
		fprintf(f->out, " %s=%lld.%09ld", name, (long long)t.tv_sec,
			t.tv_nsec);
}

static void print_xattrs(const struct facts *f, const char *path)
{
	const struct xattr *v;
	size_t n = xattrs_read(path, &v);

	for (size_t i = 0; i < n; i++) {
		const unsigned char *value = v[i].value;

		fprintf(f->out, " %s=", v[i].name);
		for (size_t k = 0; k < v[i].n; k++)
			fprintf(f->out, "%02x", value[k]);
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

static void print_data(const struct facts *f, int fd, off_t size)
{
	off_t end;

	fprintf(f->out, " data=");
	for (off_t off = 0; off < size; off = end) {
		off = next(fd, off, SEEK_DATA, size);
		end = next(fd, off, SEEK_HOLE, size);
		fprintf(f->out, "%lld-%lld,", (long long)off, (long long)end);
	}
}

/* What has to be opened for it, of a file or a directory. */
static void print_inside(const struct facts *f, const char *path,
			 const struct stat *st)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOATIME);
	bool content = S_ISREG(st->st_mode) && f->content;

	if (fd < 0) {
		fprintf(f->out, content ? " digest=unreadable" : "");
		return;
	}
	fprintf(f->out, " flags=%x",
		inode_flags(fd) & (FS_FL_USER_MODIFIABLE | FS_NOCOW_FL));
	if (content)
		fprintf(f->out, " digest=%016llx",
			(unsigned long long)digest_range(1, fd, 0, INT64_MAX));
	if (S_ISREG(st->st_mode) && f->data)
		print_data(f, fd, st->st_size);
	close(fd);
}

static void print_links(struct facts *f, const char *name,
			const struct stat *st)
{
	fprintf(f->out, " links=%lu", (unsigned long)st->st_nlink);
	for (size_t i = 0; i < f->n_seen; i++) {
		const struct facts_seen *s = f->seen + i;

		if (s->dev != st->st_dev || s->ino != st->st_ino)
			continue;
		fprintf(f->out, " same-as=");
		print_escaped(f->out, s->name, strlen(s->name));
		return;
	}
	if (st->st_nlink < 2)
		return;
	f->seen = reallocarray(f->seen, f->n_seen + 1, sizeof(*f->seen));
	if (!f->seen)
		die("reallocarray");
	f->seen[f->n_seen++] = (struct facts_seen){
		.dev = st->st_dev,
		.ino = st->st_ino,
		.name = strdup(name),
	};
}

static void print_target(const struct facts *f, const char *path)
{
	char target[4096];
	ssize_t n = readlink(path, target, sizeof(target));

	if (n < 0)
		die("%s: readlink", path);
	fprintf(f->out, " -> ");
	print_escaped(f->out, target, (size_t)n);
}

static void print_file(struct facts *f, const char *path, const char *name,
		       const struct stat *st)
{
	if (!f->nameless) {
		print_escaped(f->out, name, strlen(name));
		fputc(' ', f->out);
	}
	fprintf(f->out, "%s %04o %u:%u", type_name(st->st_mode),
		st->st_mode & 07777, st->st_uid, st->st_gid);

	if (S_ISREG(st->st_mode) || S_ISLNK(st->st_mode))
		fprintf(f->out, " size=%lld", (long long)st->st_size);
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		fprintf(f->out, " device=%u:%u", major(st->st_rdev),
			minor(st->st_rdev));
	if (!S_ISDIR(st->st_mode))
		print_links(f, name, st);
	print_time(f, "mtime", st->st_mtim);
	if (!f->since)
		print_time(f, "atime", st->st_atim);

	print_xattrs(f, path);
	if (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode))
		print_inside(f, path, st);
	if (S_ISLNK(st->st_mode))
		print_target(f, path);
	fputc('\n', f->out);
}

static void print_below(struct facts *f, const char *path, const char *name)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);

	if (n < 0)
		die("%s", path);
	for (int i = 0; i < n; i++) {
		const char *entry = entries[i]->d_name;
		char *child_path;
		char *child_name;

		if (!strcmp(entry, ".") || !strcmp(entry, "..")) {
			free(entries[i]);
			continue;
		}
		if (asprintf(&child_path, "%s/%s", path, entry) < 0 ||
		    asprintf(&child_name, "%s/%s", name, entry) < 0)
			die("asprintf");
		facts_print(f, child_path, child_name);
		free(child_path);
		free(child_name);
		free(entries[i]);
	}
	free((void *)entries);
}

void facts_print(struct facts *f, const char *path, const char *name)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		die("%s", path);
	print_file(f, path, name, &st);
	if (S_ISDIR(st.st_mode) && f->below)
		print_below(f, path, name);
}

void facts_forget(struct facts *f)
{
	for (size_t i = 0; i < f->n_seen; i++)
		free(f->seen[i].name);
	free(f->seen);
	f->seen = NULL;
	f->n_seen = 0;
}
