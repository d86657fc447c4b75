/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
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
 * Make trees to be copied, the same ones each time.
 *
 *	mktree all DIR		every kind of node, name, mode, owner, time,
 *				attribute, ACL, hole and hard link; needs root
 *	mktree names DIR	names with every byte, of files and directories
 *	mktree many DIR N	N empty files
 *	mktree long DIR N	N of them with names of 250 bytes; DIR may exist
 *	mktree plain DIR N	N files of 8 KiB
 *	mktree wide DIR N	the same, 100 in a directory
 *	mktree deep DIR N	directories inside each other, N deep, each with
 *				a file, a mode and a time of its own
 *	mktree linked DIR N	the same; the files of the deepest 100 levels
 *				are hard links of each other
 *	mktree random DIR N	one of many trees: N says which; needs root
 *	mktree is-deep DIR N	is DIR such a tree?
 *	mktree is-linked DIR N	the same for the other
 */

#define countof(a)    (sizeof(a) / sizeof((a)[0]))
#define LONG_TIME_AGO (-300000000)
#define FAR_AHEAD     4200000000
#define NOBODY	      ((uint32_t)ACL_UNDEFINED_ID)

static void set_times(int dir, const char *name, long mtime, long ns)
{
	struct timespec t[2] = { { mtime + 86400, 999999999 - ns },
				 { mtime, ns } };

	if (utimensat(dir, name, t, AT_SYMLINK_NOFOLLOW) < 0)
		die("%s: utimensat", name);
}

static void make_dir(const char *name, mode_t mode)
{
	if (mkdir(name, 0700) < 0 || chmod(name, mode) < 0)
		die("%s", name);
}

static void put(int fd, off_t off, const char *text, size_t n)
{
	if (pwrite(fd, text, n, off) != (ssize_t)n)
		die("pwrite");
}

static void fill(int fd, off_t off, const char *name, size_t size)
{
	static char block[8192];

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (char)(i * 31 + strlen(name) * 7 + (i >> 8) + 1);
	for (size_t done = 0; done < size;) {
		size_t n = size - done;

		if (n > sizeof(block))
			n = sizeof(block);
		put(fd, off + (off_t)done, block, n);
		done += n;
	}
}

static void make_file(int dir, const char *name, size_t size)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			0644);

	if (fd < 0)
		die("%s", name);
	if (size)
		fill(fd, 0, name, size);
	if (close(fd) < 0)
		die("%s", name);
}

static void make_link(const char *target, const char *name)
{
	if (symlink(target, name) < 0)
		die("%s", name);
}

static void make_node(const char *name, mode_t mode, dev_t dev)
{
	if (mknod(name, mode & S_IFMT, dev) < 0 || chmod(name, mode & 07777))
		die("%s", name);
}

static void give(const char *name, uid_t uid, gid_t gid)
{
	struct stat st;

	if (lstat(name, &st) < 0 || lchown(name, uid, gid) < 0)
		die("%s", name);
	/* The set-id bits go with the old owner. */
	if (!S_ISLNK(st.st_mode) && chmod(name, st.st_mode & 07777) < 0)
		die("%s", name);
}

static void set_xattr(const char *path, const char *name, const void *value,
		      size_t n)
{
	if (lsetxattr(path, name, value, n, 0) < 0)
		die("%s: %s", path, name);
}

/* An ACL for three users, one of them the owner. */
static void set_acl(const char *path, const char *name)
{
	struct {
		struct posix_acl_xattr_header header;
		struct posix_acl_xattr_entry entries[6];
	} acl = {
		.header = { POSIX_ACL_XATTR_VERSION },
		.entries = {
			{ ACL_USER_OBJ, 7, NOBODY },
			{ ACL_USER, 6, 1234 },
			{ ACL_GROUP_OBJ, 5, NOBODY },
			{ ACL_GROUP, 4, 4321 },
			{ ACL_MASK, 7, NOBODY },
			{ ACL_OTHER, 1, NOBODY },
		},
	};

	set_xattr(path, name, &acl, sizeof(acl));
}

static void make_modes(void)
{
	static const mode_t modes[] = {
		0,    0111,  0222,  0400,  0444,  0600,
		0755, 01644, 02755, 04755, 06711, 07777
	};
	char name[32];

	make_dir("modes", 0755);
	for (size_t i = 0; i < countof(modes); i++) {
		snprintf(name, sizeof(name), "modes/file-%04o", modes[i]);
		make_file(AT_FDCWD, name, i * 1000);
		give(name, i % 3 ? 0 : 1000, i % 2 ? 0 : 70000);
		if (chmod(name, modes[i]) < 0)
			die("%s", name);
		set_times(AT_FDCWD, name, 1000000000 + (long)i, (long)i + 1);
		snprintf(name, sizeof(name), "modes/dir-%04o", modes[i]);
		make_dir(name, 0755);
		snprintf(name, sizeof(name), "modes/dir-%04o/in", modes[i]);
		make_file(AT_FDCWD, name, 5);
		snprintf(name, sizeof(name), "modes/dir-%04o", modes[i]);
		give(name, i % 2 ? 0 : 1000, i % 3 ? 0 : 4000000000);
		if (chmod(name, modes[i]) < 0)
			die("%s", name);
		set_times(AT_FDCWD, name, 1100000000 + (long)i, 999999999);
	}
}

static void make_times(void)
{
	make_dir("times", 0755);
	make_file(AT_FDCWD, "times/before-1970", 10);
	set_times(AT_FDCWD, "times/before-1970", LONG_TIME_AGO, 1);
	make_file(AT_FDCWD, "times/ahead", 10);
	set_times(AT_FDCWD, "times/ahead", FAR_AHEAD, 123456789);
	make_dir("times/epoch", 0755);
	set_times(AT_FDCWD, "times/epoch", 0, 0);
	set_times(AT_FDCWD, "times", LONG_TIME_AGO, 999999999);
}

static void make_holes(void)
{
	static const off_t at[] = { 0, 1 << 20, 3 << 20, 1 << 24 };
	int fd;

	make_dir("holes", 0755);
	fd = open_or_die("holes/some", O_WRONLY | O_CREAT);
	for (size_t i = 0; i < 4; i++)
		for (off_t off = 0; off < 65536; off += 16)
			put(fd, at[i] + off, "sixteen bytes...", 16);
	if (ftruncate(fd, (1 << 24) + (1 << 22) + 1) < 0 || fsync(fd) < 0)
		die("holes/some");
	close(fd);
	fd = open_or_die("holes/all", O_WRONLY | O_CREAT);
	if (ftruncate(fd, 1 << 25) < 0)
		die("holes/all");
	close(fd);
	make_file(AT_FDCWD, "holes/none", 300001);
	make_file(AT_FDCWD, "holes/empty", 0);
	make_file(AT_FDCWD, "holes/one-byte", 1);
}

static void make_links(void)
{
	static char long_target[1001];

	memset(long_target, 't', sizeof(long_target) - 1);
	make_dir("links", 0755);
	make_dir("links/other", 0755);
	make_file(AT_FDCWD, "links/a", 10);
	if (link("links/a", "links/b") < 0 ||
	    link("links/a", "links/other/c") < 0)
		die("links");
	make_link("../nothing", "links/dangling");
	make_link("a", "links/to-file");
	make_link("/", "links/to-root");
	make_link("other", "links/to-directory");
	make_link(".", "links/to-itself");
	make_link("circle", "links/circle");
	make_link(long_target, "links/long");
	give("links/to-file", 1000, 1001);
	set_times(AT_FDCWD, "links/to-file", 1200000000, 55);
	if (link("links/to-file", "links/to-file-too") < 0)
		die("links/to-file-too");
	set_times(AT_FDCWD, "links/dangling", LONG_TIME_AGO, 7);
}

static void make_nodes(void)
{
	make_dir("nodes", 0755);
	make_node("nodes/fifo", S_IFIFO | 0640, 0);
	make_node("nodes/socket", S_IFSOCK | 0751, 0);
	make_node("nodes/null", S_IFCHR | 0666, makedev(1, 3));
	make_node("nodes/char", S_IFCHR | 0600, makedev(511, 200000));
	make_node("nodes/block", S_IFBLK | 0660, makedev(7, 12345));
	give("nodes/fifo", 1000, 1001);
	give("nodes/socket", 1000, 1001);
	give("nodes/block", 5, 6);
	set_acl("nodes/socket", "system.posix_acl_access");
	if (link("nodes/fifo", "nodes/fifo-too") < 0 ||
	    link("nodes/null", "nodes/null-too") < 0)
		die("nodes");
	set_times(AT_FDCWD, "nodes/fifo", 1300000000, 3);
	set_times(AT_FDCWD, "nodes/socket", 1300000001, 4);
	set_times(AT_FDCWD, "nodes/null", 1300000002, 5);
	set_times(AT_FDCWD, "nodes/char", 1300000003, 6);
	set_times(AT_FDCWD, "nodes/block", 1300000004, 7);
	set_times(AT_FDCWD, "nodes", 1300000005, 8);
}

static void make_attributes(void)
{
	static const unsigned char capability[20] = { 1, 0, 0, 2, 0, 4 };
	static char big[1500];

	memset(big, 'x', sizeof(big));
	make_dir("attributes", 0755);
	make_file(AT_FDCWD, "attributes/file", 100);
	set_xattr("attributes/file", "user.one", "1", 1);
	set_xattr("attributes/file", "user.empty", "", 0);
	set_xattr("attributes/file", "user.big", big, sizeof(big));
	set_xattr("attributes/file", "trusted.two", "\0\1\xff", 3);
	make_file(AT_FDCWD, "attributes/read-only", 100);
	set_xattr("attributes/read-only", "user.one", "1", 1);
	if (chmod("attributes/read-only", 0444) < 0)
		die("attributes/read-only");
	make_file(AT_FDCWD, "attributes/capable", 100);
	give("attributes/capable", 1000, 1000);
	set_xattr("attributes/capable", "security.capability", capability,
		  sizeof(capability));
	make_file(AT_FDCWD, "attributes/acl", 100);
	set_acl("attributes/acl", "system.posix_acl_access");
	make_dir("attributes/directory", 0755);
	set_xattr("attributes/directory", "user.one", "1", 1);
	set_acl("attributes/directory", "system.posix_acl_access");
	make_dir("attributes/directory/in", 0755);
	make_dir("attributes/default", 0755);
	make_file(AT_FDCWD, "attributes/default/before", 1);
	make_dir("attributes/default/before-too", 0755);
	set_acl("attributes/default", "system.posix_acl_default");
	make_file(AT_FDCWD, "attributes/default/inherits", 1);
	make_dir("attributes/default/inherits-too", 0755);
	make_file(AT_FDCWD, "attributes/default/inherits-too/in", 1);
	make_node("attributes/default/fifo", S_IFIFO | 0600, 0);
}

static void make_names(void)
{
	char name[300];

	for (int c = 1; c < 256; c++) {
		if (c == '/')
			continue;
		snprintf(name, sizeof(name), "f%c", c);
		make_file(AT_FDCWD, name, (size_t)c);
		snprintf(name, sizeof(name), "d%c", c);
		make_dir(name, 0755);
		snprintf(name, sizeof(name), "d%c/%c", c, c == '.' ? 'x' : c);
		make_file(AT_FDCWD, name, 3);
	}
	make_file(AT_FDCWD, "-rf", 1);
	make_file(AT_FDCWD, "--", 1);
	make_file(AT_FDCWD, "...", 1);
	make_file(AT_FDCWD, "\xff\xfe\x80", 1);
	memset(name, 'l', 255);
	name[255] = '\0';
	make_file(AT_FDCWD, name, 1);
	memset(name, 'd', 255);
	make_dir(name, 0755);
}

static void make_all(void)
{
	make_modes();
	make_times();
	make_holes();
	make_links();
	make_nodes();
	make_attributes();
	make_dir("names", 0755);
	make_dir("empty", 0750);
	set_times(AT_FDCWD, "empty", 1400000000, 42);
	if (chdir("names") < 0)
		die("names");
	make_names();
	if (chdir("..") < 0)
		die("..");
	set_times(AT_FDCWD, ".", 1500000000, 123456789);
}

static void make_number(size_t n, size_t size)
{
	char name[32];

	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "file-%08zu", i);
		make_file(AT_FDCWD, name, size);
	}
}

static void make_long(size_t n)
{
	char name[251];

	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%0250zu", i);
		make_file(AT_FDCWD, name, 0);
	}
}

static void make_wide(size_t n)
{
	char name[32];

	for (size_t i = 0; i < n; i += 100) {
		snprintf(name, sizeof(name), "%zu", i / 100);
		make_dir(name, 0755);
		if (chdir(name) < 0)
			die("%s", name);
		make_number(n - i < 100 ? n - i : 100, 8192);
		if (chdir("..") < 0)
			die("..");
	}
}

/* Of a linked tree, the levels whose files are one. */
#define N_LINKED 100

/* What a level of a deep tree is like. */
static mode_t deep_mode(size_t i)
{
	return i % 7 ? 0755 : 0555;
}

static int go_down(int fd)
{
	int below = openat(fd, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	close(fd);
	return below;
}

/* Times are set once the directory has got what is in it. */
static void make_deep(size_t n, bool linked)
{
	int fd = open_or_die(".", O_RDONLY | O_DIRECTORY);
	int up = -1;

	for (size_t i = 0; i < n; i++) {
		int below;

		if (!linked || i <= n - N_LINKED)
			make_file(fd, "f", i % 5);
		else if (linkat(up, "f", fd, "f", 0) < 0)
			die("level %zu", i);
		if (mkdirat(fd, "d", 0755) < 0)
			die("level %zu", i);
		below = openat(fd, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (below < 0)
			die("level %zu", i);
		if (fchmod(fd, deep_mode(i)) < 0)
			die("level %zu", i);
		if (futimens(fd, (struct timespec[2]){
					 { 1000000000, 5 },
					 { 1000000000 + (long)i, 7 } }) < 0)
			die("level %zu", i);
		if (up >= 0)
			close(up);
		up = fd;
		fd = below;
	}
	close(fd);
}

static void check_deep(size_t n, bool linked)
{
	int fd = open_or_die(".", O_RDONLY | O_DIRECTORY);
	struct stat st;
	bool in_group;

	for (size_t i = 0; i < n; i++) {
		if (fd < 0 || fstat(fd, &st) < 0)
			die("level %zu", i);
		if ((st.st_mode & 07777) != deep_mode(i))
			die_plain("level %zu: mode %o", i, st.st_mode);
		if (st.st_mtim.tv_sec != 1000000000 + (long)i ||
		    st.st_mtim.tv_nsec != 7)
			die_plain("level %zu: time", i);
		if (fstatat(fd, "f", &st, AT_SYMLINK_NOFOLLOW) < 0)
			die("level %zu: f", i);
		in_group = linked && i >= n - N_LINKED;
		if (!S_ISREG(st.st_mode) ||
		    (size_t)st.st_size != (in_group ? n - N_LINKED : i) % 5)
			die_plain("level %zu: f", i);
		if (st.st_nlink != (in_group ? N_LINKED : 1))
			die_plain("level %zu: %lu links", i,
				  (unsigned long)st.st_nlink);
		fd = go_down(fd);
	}
	if (fd < 0 || go_down(fd) >= 0)
		die_plain("not %zu levels", n);
}

/* --- random ones ---------------------------------------------------------- */

static uint64_t state;

/* One of 0 ... N - 1. */
static size_t below(size_t n)
{
	uint64_t x = state += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return (size_t)((x ^ (x >> 31)) % n);
}

/* A name in one of the N directories DIRS that isn't taken, or false. */
static bool draw_path(char *path, size_t room, char **dirs, size_t n)
{
	static const char *const odd[] = { " ", "\n",	"\xff", "'",
					   "-", "\x1b", "*",	"." };
	struct stat st;
	int len = snprintf(path, room, "%s/%s%zu", dirs[below(n)],
			   odd[below(40) % countof(odd)], below(1000));

	if (below(10) == 0 && len < 1000)
		snprintf(path + len, room - (size_t)len, "%0*d",
			 (int)below(150) + 1, 0);
	return len < 1000 && lstat(path, &st) < 0;
}

/* Data, zeros, holes and storage that isn't written, with odd borders. */
static void make_random_file(const char *path)
{
	static const size_t sizes[] = { 1, 5000, 70000, 300000, 3 << 20 };
	size_t size = below(sizes[below(countof(sizes))]);
	int fd = open_or_die(path, O_WRONLY | O_CREAT | O_EXCL);
	int nocow = FS_NOCOW_FL;

	/* Where there is no such thing it is a file like others. */
	if (below(8) == 0)
		(void)ioctl(fd, FS_IOC_SETFLAGS, &nocow);
	for (size_t off = 0; off < size;) {
		size_t n = below(3) ? below(20) * 4096 : below(50000);
		size_t what = below(4);

		n = n < size - off ? n : size - off;
		if (what == 0)
			(void)fallocate(fd, 0, (off_t)off, (off_t)n + 1);
		else if (what > 1)
			fill(fd, (off_t)off, path, n);
		off += n;
	}
	if (ftruncate(fd, (off_t)size) < 0)
		die("%s", path);
	close(fd);
}

/* What can't be had here is left out. */
static void draw_attributes(const char *path, mode_t least)
{
	struct stat st;
	size_t bits;

	if (lstat(path, &st) < 0)
		die("%s", path);
	/* Of other nodes cp keeps them, unasked. */
	bits = S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) ? 010000 : 01000;
	if (below(4) == 0)
		give(path, (uid_t)below(3) * 1000, (gid_t)below(3) * 1000);
	if (S_ISLNK(st.st_mode))
		return;
	if (below(3) == 0 && chmod(path, least | (mode_t)below(bits)) < 0)
		die("%s", path);
	if (below(4) == 0)
		(void)lsetxattr(path, "user.one", path, below(strlen(path)), 0);
	if (below(8) == 0)
		(void)lsetxattr(path, "trusted.two", "2", 1, 0);
	if (below(8) == 0)
		set_acl(path, "system.posix_acl_access");
}

/* One of the things that may have the name PATH; OTHER is a file's. */
static void make_random_node(const char *path, const char *other)
{
	static const mode_t nodes[] = { S_IFIFO, S_IFSOCK, S_IFCHR, S_IFBLK };

	switch (below(12)) {
	case 0:
		make_node(path, nodes[below(4)] | 0640, makedev(1, 3));
		break;
	case 1:
		make_link(below(2) ? strrchr(other, '/') + 1 : "nowhere", path);
		break;
	case 2:
		if (link(other, path) < 0)
			die("%s", path);
		return;
	default:
		make_random_file(path);
	}
	draw_attributes(path, 0);
}

static void make_random(uint64_t seed)
{
	char *paths[64] = { strdup("./first") };
	char *dirs[64] = { strdup(".") };
	size_t n_dirs = 1;
	size_t n = 1;
	char path[1500];

	state = seed;
	make_random_file(paths[0]);
	for (size_t left = 3 + below(60); left > 0; left--) {
		bool is_dir = below(4) == 0;

		if (!draw_path(path, sizeof(path), dirs, n_dirs))
			continue;
		if (is_dir)
			make_dir(path, 0755);
		else
			make_random_node(path, paths[below(n)]);
		paths[n] = strdup(path);
		if (is_dir)
			dirs[n_dirs++] = paths[n];
		n += !is_dir;
	}
	for (size_t i = 0; i < n; i++)
		set_times(AT_FDCWD, paths[i], 1000000000 + (long)below(1 << 28),
			  (long)below(1000000000));
	while (n_dirs-- > 0) {
		draw_attributes(dirs[n_dirs], 0700);
		set_times(AT_FDCWD, dirs[n_dirs],
			  1000000000 + (long)below(1 << 28), 1);
	}
}

int main(int argc, char **argv)
{
	const char *kind = argc > 2 ? argv[1] : "";
	size_t n = argc > 3 ? (size_t)parse_bytes(argv[3], '\0') : 0;
	bool checks = !strcmp(kind, "is-deep") || !strcmp(kind, "is-linked");

	if (argc < 3)
		die_plain("usage: mktree KIND DIR [N]");
	umask(0);
	if (!checks && mkdir(argv[2], 0755) < 0 &&
	    !(errno == EEXIST && !strcmp(kind, "long")))
		die("%s", argv[2]);
	if (chdir(argv[2]) < 0)
		die("%s", argv[2]);
	if (!strcmp(kind, "all"))
		make_all();
	else if (!strcmp(kind, "names"))
		make_names();
	else if (!strcmp(kind, "many"))
		make_number(n, 0);
	else if (!strcmp(kind, "long"))
		make_long(n);
	else if (!strcmp(kind, "plain"))
		make_number(n, 8192);
	else if (!strcmp(kind, "wide"))
		make_wide(n);
	else if (!strcmp(kind, "deep"))
		make_deep(n, false);
	else if (!strcmp(kind, "linked"))
		make_deep(n, true);
	else if (!strcmp(kind, "random"))
		make_random(n);
	else if (!strcmp(kind, "is-deep"))
		check_deep(n, false);
	else if (checks)
		check_deep(n, true);
	else
		die_plain("'%s' is no kind", kind);
	return 0;
}
