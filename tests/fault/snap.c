/* SPDX-License-Identifier: BSD-2-Clause */
#include "snap.h"

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node.h"
#include "tool.h"

#define BLOCK	  4096
#define N_EXTENTS 64
#define FLAGS	  (FS_NODUMP_FL | FS_APPEND_FL | FS_IMMUTABLE_FL)

static uint64_t digest_file(int fd, off_t size)
{
	uint64_t h = digest_bytes(1, &size, sizeof(size));
	off_t off = 0;

	while (off < size) {
		off_t data = lseek(fd, off, SEEK_DATA);
		off_t hole;

		if (data < 0 && errno == ENXIO)
			break;
		data = data < 0 ? off : data;
		hole = lseek(fd, data, SEEK_HOLE);
		data = data / BLOCK * BLOCK;
		if (hole < 0)
			hole = size;
		hole = (hole + BLOCK - 1) / BLOCK * BLOCK;
		h = digest_range(h, fd, data, hole);
		off = hole;
	}
	return h;
}

/* What the access ACL of LEN bytes at VALUE allows, in place of mode bits. */
static void read_acl(const void *value, size_t len, struct node *node)
{
	struct posix_acl_xattr_entry e;
	unsigned group = 0;
	unsigned named = 0;
	unsigned mask = 7;

	for (size_t i = sizeof(struct posix_acl_xattr_header);
	     i + sizeof(e) <= len; i += sizeof(e)) {
		memcpy(&e, (const char *)value + i, sizeof(e));
		switch (le16toh(e.e_tag)) {
		case ACL_USER:
		case ACL_GROUP:
			named |= le16toh(e.e_perm);
			break;
		case ACL_GROUP_OBJ:
			group = le16toh(e.e_perm);
			break;
		case ACL_MASK:
			mask = le16toh(e.e_perm);
			break;
		default:
			break;
		}
	}
	node->open = (node->open & OPEN_OTHER) | (group & mask) << 3 |
		     (named & mask) << 6;
}

static void digest_xattrs(int dir, const char *name, struct node *node)
{
	const struct xattr *v;
	char path[300];
	size_t n;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, name);
	n = xattrs_read(path, &v);
	for (size_t i = 0; i < n; i++) {
		bool is_acl = strncmp(v[i].name, "system.", 7) == 0;
		uint64_t *h = is_acl ? &node->acl : &node->xattrs;

		if (strcmp(v[i].name, "system.posix_acl_access") == 0)
			read_acl(v[i].value, v[i].n, node);
		*h = digest_bytes(*h, v[i].name, strlen(v[i].name));
		*h = digest_bytes(*h, v[i].value, v[i].n);
	}
}

static uint64_t digest_link(int dir, const char *name)
{
	char target[256];
	ssize_t n = readlinkat(dir, name, target, sizeof(target));

	if (n < 0)
		die("%s", name);
	return digest_bytes(2, target, (size_t)n);
}

static void digest(int dir, const char *name, struct node *node)
{
	int fd;

	digest_xattrs(dir, name, node);
	if (S_ISLNK(node->mode)) {
		node->content = digest_link(dir, name);
		return;
	}
	if (!S_ISREG(node->mode) && !S_ISDIR(node->mode))
		return;
	fd = openat(dir, name, O_RDONLY | O_NOATIME | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		die("%s", name);
	if (S_ISREG(node->mode))
		node->content = digest_file(fd, node->size);
	node->flags = inode_flags(fd) & FLAGS;
	close(fd);
}

static void add(int dir, const char *prefix, const char *name,
		struct snap *snap)
{
	struct node *node = &snap->v[snap->n];
	struct stat st;

	if (snap->n == SNAP_MAX)
		die_plain("more files than expected");
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		die("%s", name);
	snap->n++;
	*node = (struct node){
		.mode = st.st_mode,
		.open = S_ISLNK(st.st_mode) ? 0 : st.st_mode & 077,
		.uid = st.st_uid,
		.gid = st.st_gid,
		.ino = st.st_ino,
		.size = S_ISDIR(st.st_mode) ? 0 : st.st_size,
		.atime = st.st_atim,
		.mtime = st.st_mtim,
	};
	(void)snprintf(node->path, sizeof(node->path), "%.63s%.31s", prefix,
		       name);
	digest(dir, name, node);
}

static void add_all(int dir, const char *prefix, struct snap *snap)
{
	int fd = openat(dir, ".",
			O_RDONLY | O_DIRECTORY | O_NOATIME | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (!d)
		die("opendir");
	while ((e = readdir(d))) {
		char below[96];
		int sub;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		add(dir, prefix, e->d_name, snap);
		if (!S_ISDIR(snap->v[snap->n - 1].mode))
			continue;
		(void)snprintf(below, sizeof(below), "%.63s%.31s/", prefix,
			       e->d_name);
		sub = openat(dir, e->d_name, O_RDONLY | O_CLOEXEC);
		if (sub < 0)
			die("%s", below);
		add_all(sub, below, snap);
		close(sub);
	}
	closedir(d);
}

void snap_take(int dir, struct snap *ret)
{
	ret->n = 0;
	add_all(dir, "", ret);
}

const struct node *snap_find(const struct snap *snap, const char *path)
{
	for (unsigned i = 0; i < snap->n; i++)
		if (strcmp(snap->v[i].path, path) == 0)
			return &snap->v[i];
	return NULL;
}

bool node_same_content(const struct node *a, const struct node *b)
{
	return (a->mode & S_IFMT) == (b->mode & S_IFMT) && a->size == b->size &&
	       a->content == b->content;
}

bool node_same_mode(const struct node *a, const struct node *b)
{
	return a->mode == b->mode && a->uid == b->uid && a->gid == b->gid &&
	       a->acl == b->acl;
}

bool node_same_attrs(const struct node *a, const struct node *b)
{
	return node_same_mode(a, b) && a->xattrs == b->xattrs;
}

bool node_same_mtime(const struct node *a, const struct node *b)
{
	return a->mtime.tv_sec == b->mtime.tv_sec &&
	       a->mtime.tv_nsec == b->mtime.tv_nsec;
}

bool node_same_flags(const struct node *a, const struct node *b)
{
	return a->flags == b->flags;
}

bool node_unchanged(const struct node *a, const struct node *b)
{
	/* A directory's time tells of its entries, which are here as well. */
	return a->ino == b->ino && node_same_content(a, b) &&
	       node_same_attrs(a, b) && node_same_flags(a, b) &&
	       (S_ISDIR(a->mode) || node_same_mtime(a, b));
}

struct places {
	unsigned n;
	struct fiemap_extent v[N_EXTENTS];
};

/* The extents of FD that have data; neighbours made one. */
static bool find_places(int fd, struct places *ret)
{
	union {
		struct fiemap map;
		char room[sizeof(struct fiemap) +
			  N_EXTENTS * sizeof(struct fiemap_extent)];
	} u = { .map = { .fm_length = FIEMAP_MAX_OFFSET,
			 .fm_extent_count = N_EXTENTS } };

	ret->n = 0;
	if (ioctl(fd, FS_IOC_FIEMAP, &u.map) < 0)
		return false;
	for (unsigned i = 0; i < u.map.fm_mapped_extents; i++) {
		const struct fiemap_extent *e = &u.map.fm_extents[i];
		struct fiemap_extent *last =
			ret->n > 0 ? &ret->v[ret->n - 1] : NULL;

		if (e->fe_flags & FIEMAP_EXTENT_UNWRITTEN)
			continue;
		if (last &&
		    last->fe_logical + last->fe_length == e->fe_logical &&
		    last->fe_physical + last->fe_length == e->fe_physical)
			last->fe_length += e->fe_length;
		else
			ret->v[ret->n++] = *e;
	}
	return true;
}

bool files_share(int a, int b)
{
	static struct places x;
	static struct places y;

	if (!find_places(a, &x) || !find_places(b, &y) || x.n != y.n)
		return false;
	for (unsigned i = 0; i < x.n; i++)
		if (x.v[i].fe_logical != y.v[i].fe_logical ||
		    x.v[i].fe_physical != y.v[i].fe_physical ||
		    x.v[i].fe_length != y.v[i].fe_length ||
		    (x.v[i].fe_flags | y.v[i].fe_flags) &
			    (FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC))
			return false;
	return true;
}

/* Blocks whose place is not known, and those that have none. */
#define PLACE_UNKNOWN (~(uint64_t)0)
#define PLACE_NONE    0

/* Of the block at OFF. */
static uint64_t place_of(const struct places *p, off_t off)
{
	for (unsigned i = 0; i < p->n; i++) {
		const struct fiemap_extent *e = &p->v[i];

		if ((uint64_t)off < e->fe_logical ||
		    (uint64_t)off >= e->fe_logical + e->fe_length)
			continue;
		if (e->fe_flags &
		    (FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC))
			return PLACE_UNKNOWN;
		return e->fe_physical + (uint64_t)off - e->fe_logical;
	}
	return PLACE_NONE;
}

/* Counts blocks: those in the same place, those in different ones. */
static void compare_places(const struct places_pair *pair, off_t len,
			   unsigned *ret_same, unsigned *ret_different)
{
	static struct places x;
	static struct places y;

	*ret_same = 0;
	*ret_different = 0;
	if (!find_places(pair->a, &x) || !find_places(pair->b, &y))
		return;
	for (off_t i = 0; i < len; i += BLOCK) {
		uint64_t a = place_of(&x, pair->a_off + i);
		uint64_t b = place_of(&y, pair->b_off + i);

		if (a != b || a == PLACE_UNKNOWN)
			++*ret_different;
		else if (a != PLACE_NONE)
			++*ret_same;
	}
}

bool ranges_share(const struct places_pair *pair, off_t len)
{
	unsigned same;
	unsigned different;

	compare_places(pair, len, &same, &different);
	return different == 0;
}

bool ranges_share_any(const struct places_pair *pair, off_t len)
{
	unsigned same;
	unsigned different;

	compare_places(pair, len, &same, &different);
	return same > 0;
}
