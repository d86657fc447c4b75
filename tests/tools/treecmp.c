/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tool.h"

/*
 * treecmp [-l] [-t] A B
 *
 * Are two trees the same?  Names, types, modes, owners, modification times to
 * the nanosecond, extended attributes (ACLs are some), which names are hard
 * links of each other, device numbers, targets, sizes, content, holes.  Prints
 * a line for each difference; exits with 1 if there is one.
 *
 *	-l	hard links are not compared
 *	-t	times are not compared
 */

static bool without_links;
static bool without_times;
static size_t n_differences;

/* One file of a tree. */
struct file {
	char path[PATH_MAX];
	const char *name; /* below the top of the tree */
	struct stat st;
};

/* Names that several links of a file were first met by. */
struct link_table {
	struct {
		dev_t dev;
		ino_t ino;
		char *name;
	} * v;
	size_t n;
};

static struct link_table links_a;
static struct link_table links_b;

__attribute__((format(printf, 2, 3))) static void
differ(const struct file *f, const char *format, ...)
{
	va_list ap;

	n_differences++;
	printf("%s: ", *f->name ? f->name : ".");
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	putchar('\n');
}

static const char *first_name(struct link_table *t, const struct file *f)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].dev == f->st.st_dev && t->v[i].ino == f->st.st_ino)
			return t->v[i].name;
	t->v = reallocarray(t->v, t->n + 1, sizeof(t->v[0]));
	if (!t->v)
		die("reallocarray");
	t->v[t->n].dev = f->st.st_dev;
	t->v[t->n].ino = f->st.st_ino;
	t->v[t->n].name = strdup(f->name);
	return t->v[t->n++].name;
}

static void compare_links(const struct file *a, const struct file *b)
{
	const char *name_a;
	const char *name_b;

	if (a->st.st_nlink != b->st.st_nlink)
		differ(a, "links %lu, %lu", (unsigned long)a->st.st_nlink,
		       (unsigned long)b->st.st_nlink);
	if (a->st.st_nlink < 2 && b->st.st_nlink < 2)
		return;
	name_a = first_name(&links_a, a);
	name_b = first_name(&links_b, b);
	if (strcmp(name_a, name_b) != 0)
		differ(a, "a link of %s, %s", name_a, name_b);
}

static void compare_stat(const struct file *a, const struct file *b)
{
	const struct stat *x = &a->st;
	const struct stat *y = &b->st;

	if (x->st_mode != y->st_mode)
		differ(a, "mode %o, %o", x->st_mode, y->st_mode);
	if (x->st_uid != y->st_uid || x->st_gid != y->st_gid)
		differ(a, "owner %u:%u, %u:%u", x->st_uid, x->st_gid, y->st_uid,
		       y->st_gid);
	if (!without_times && (x->st_mtim.tv_sec != y->st_mtim.tv_sec ||
			       x->st_mtim.tv_nsec != y->st_mtim.tv_nsec))
		differ(a, "mtime %lld.%09ld, %lld.%09ld",
		       (long long)x->st_mtim.tv_sec, x->st_mtim.tv_nsec,
		       (long long)y->st_mtim.tv_sec, y->st_mtim.tv_nsec);
	if (x->st_rdev != y->st_rdev)
		differ(a, "device %u:%u, %u:%u", major(x->st_rdev),
		       minor(x->st_rdev), major(y->st_rdev), minor(y->st_rdev));
	if (!S_ISDIR(x->st_mode) && x->st_size != y->st_size)
		differ(a, "size %lld, %lld", (long long)x->st_size,
		       (long long)y->st_size);
	if (!S_ISDIR(x->st_mode) && !without_links)
		compare_links(a, b);
}

/* Does PATH have the attribute with that value? */
static bool has_xattr(const char *path, const char *name, const void *value,
		      ssize_t n)
{
	static char buf[65536];
	ssize_t got = lgetxattr(path, name, buf, sizeof(buf));

	return got == n && memcmp(buf, value, (size_t)n) == 0;
}

/* Each attribute of A must be one of B's. */
static void compare_xattrs(const struct file *a, const struct file *b,
			   const char *whose)
{
	static char list[65536];
	static char value[65536];
	ssize_t n = llistxattr(a->path, list, sizeof(list));

	if (n < 0 && errno == EOPNOTSUPP)
		return;
	if (n < 0)
		die("%s: llistxattr", a->path);
	for (const char *p = list; p < list + n; p += strlen(p) + 1) {
		ssize_t len;

		/* XFS shows each ACL a second time by this name. */
		if (!strncmp(p, "trusted.SGI_ACL_", 16))
			continue;
		len = lgetxattr(a->path, p, value, sizeof(value));
		if (len < 0)
			die("%s: %s", a->path, p);
		if (!has_xattr(b->path, p, value, len))
			differ(a, "%s only as of %s", p, whose);
	}
}

static void compare_targets(const struct file *a, const struct file *b)
{
	char x[PATH_MAX];
	char y[PATH_MAX];
	ssize_t n = readlink(a->path, x, sizeof(x));
	ssize_t m = readlink(b->path, y, sizeof(y));

	if (n < 0 || m < 0)
		die("%s: readlink", a->path);
	if (n != m || memcmp(x, y, (size_t)n) != 0)
		differ(a, "target %.*s, %.*s", (int)n, x, (int)m, y);
}

/* Where the next data or hole begins, up to a block of 4 KiB. */
static off_t next(int fd, off_t off, int what, off_t size)
{
	off_t at = lseek(fd, off, what);

	if (at < 0 && errno == ENXIO)
		at = size;
	if (at < 0)
		die("lseek");
	return at > size ? size : at;
}

static void compare_holes(const struct file *a, int fd_a, int fd_b)
{
	off_t size = a->st.st_size;

	for (off_t off = 0; off < size;) {
		off_t data_a = next(fd_a, off, SEEK_DATA, size);
		off_t data_b = next(fd_b, off, SEEK_DATA, size);
		off_t end_a = next(fd_a, data_a, SEEK_HOLE, size);
		off_t end_b = next(fd_b, data_b, SEEK_HOLE, size);

		if (data_a != data_b || end_a != end_b) {
			differ(a, "data from %lld to %lld, %lld to %lld",
			       (long long)data_a, (long long)end_a,
			       (long long)data_b, (long long)end_b);
			return;
		}
		off = end_a;
	}
}

static void compare_content(const struct file *a, const struct file *b)
{
	static char x[1 << 17];
	static char y[1 << 17];
	int fd_a = open_or_die(a->path, O_RDONLY);
	int fd_b = open_or_die(b->path, O_RDONLY);
	ssize_t n;

	do {
		n = read(fd_a, x, sizeof(x));
		if (n < 0)
			die("%s", a->path);
		if (read(fd_b, y, sizeof(y)) != n ||
		    memcmp(x, y, (size_t)n) != 0) {
			differ(a, "content");
			break;
		}
	} while (n > 0);
	compare_holes(a, fd_a, fd_b);
	close(fd_a);
	close(fd_b);
}

static void compare(struct file *a, struct file *b);

static int list(const char *path, struct dirent ***ret)
{
	int n = scandir(path, ret, NULL, alphasort);

	if (n < 0)
		die("%s", path);
	return n;
}

/* F becomes what is called NAME in UP. */
static void descend(const struct file *up, const char *name, struct file *f)
{
	size_t top = (size_t)(up->name - up->path);
	int n = snprintf(f->path, sizeof(f->path), "%s/%s", up->path, name);

	if (n >= (int)sizeof(f->path))
		die_plain("%s: too deep", up->path);
	f->name = f->path + top + (*up->name ? 0 : 1);
}

static void compare_directories(const struct file *a, const struct file *b)
{
	struct file *below_a = malloc(sizeof(*below_a));
	struct file *below_b = malloc(sizeof(*below_b));
	struct dirent **x;
	struct dirent **y;
	int n = list(a->path, &x);
	int m = list(b->path, &y);

	if (!below_a || !below_b)
		die("malloc");
	for (int i = 0, j = 0; i < n || j < m;) {
		int c = i == n	 ? 1
			: j == m ? -1
				 : strcmp(x[i]->d_name, y[j]->d_name);

		if (c < 0)
			differ(a, "only there: %s", x[i]->d_name);
		if (c > 0)
			differ(b, "only here: %s", y[j]->d_name);
		if (c == 0 && strcmp(x[i]->d_name, ".") != 0 &&
		    strcmp(x[i]->d_name, "..") != 0) {
			descend(a, x[i]->d_name, below_a);
			descend(b, y[j]->d_name, below_b);
			compare(below_a, below_b);
		}
		if (c <= 0)
			free(x[i++]);
		if (c >= 0)
			free(y[j++]);
	}
	free((void *)x);
	free((void *)y);
	free(below_a);
	free(below_b);
}

static void compare(struct file *a, struct file *b)
{
	if (lstat(a->path, &a->st) < 0)
		die("%s", a->path);
	if (lstat(b->path, &b->st) < 0)
		die("%s", b->path);
	compare_stat(a, b);
	compare_xattrs(a, b, "the first");
	compare_xattrs(b, a, "the second");
	if ((a->st.st_mode & S_IFMT) != (b->st.st_mode & S_IFMT))
		return;
	if (S_ISDIR(a->st.st_mode))
		compare_directories(a, b);
	if (S_ISLNK(a->st.st_mode))
		compare_targets(a, b);
	if (S_ISREG(a->st.st_mode))
		compare_content(a, b);
}

static struct file *top(const char *path)
{
	struct file *f = calloc(1, sizeof(*f));

	if (!f || strlen(path) >= sizeof(f->path))
		die_plain("%s", path);
	strcpy(f->path, path);
	f->name = f->path + strlen(path);
	return f;
}

int main(int argc, char **argv)
{
	struct file *a;
	struct file *b;
	int c;

	while ((c = getopt(argc, argv, "lt")) >= 0) {
		if (c == 'l')
			without_links = true;
		else if (c == 't')
			without_times = true;
		else
			return 2;
	}
	if (argc - optind != 2)
		die_plain("usage: treecmp [-l] [-t] A B");
	a = top(argv[optind]);
	b = top(argv[optind + 1]);
	compare(a, b);
	free(a);
	free(b);
	return n_differences > 0;
}
