/* SPDX-License-Identifier: BSD-2-Clause */
#define FUSE_USE_VERSION 31
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "oddacl.h"
#include "oddino.h"
#include "oddrule.h"
#include "tool.h"

/*
 * oddfs DIRECTORY POINT [[PATTERN:]RULE]...
 *
 * Show DIRECTORY at POINT through FUSE, odd where a rule says so: a file
 * system that misbehaves on request.  It stays in the foreground, and goes when
 * it is unmounted or when the process that started it has ended.
 *
 * PATTERN is one of the shell (no ':' or '=' in it) and is held against the
 * name and against the path below POINT; without it a rule is for all files.
 * Rules:
 *
 *	size=BYTES	stat(2) tells this size; implies direct, since the
 *			kernel believes the size when it caches
 *	direct		direct I/O: no cache, no mmap(2), short reads show
 *	stream		no seeking: lseek(2), pread(2), pwrite(2) say ESPIPE
 *	ino=changing	another inode number each time it is asked for
 *	ino=copyup	another inode number once the file was opened for
 *			writing or changed, as on overlayfs; what is made
 *			through POINT keeps its own
 *	nocase		names ignore case (of all files; PATTERN is ignored)
 *	nonodes		mknod(2) makes an ordinary file, which the kernel calls EIO
 *	times=SECONDS	times are told in whole multiples of that
 *	attr=NAME:ERRNO	the attribute is listed, and can't be read
 *	acls		what is called system. is an attribute like any other,
 *			as with servers; system.nfs4_acl goes when the mode
 *			is changed, system.cifs_acl is not listed
 *	fail=CALL:ERRNO[:N]
 *			CALL fails, from the N-th on (1: the first); the names
 *			are those in oddrule.h, that is, of FUSE's requests:
 *			open(2) of a new file is "create", ftruncate(2) is
 *			"truncate", only SEEK_DATA and SEEK_HOLE are "lseek"
 *
 * No clone, no O_TMPFILE, no inode flags: FUSE has none.
 */

static int root = -1; /* DIRECTORY */

struct handle {
	int fd;
	DIR *dir;
	char path[]; /* below DIRECTORY, when it was opened */
};

static struct handle *handle_of(const struct fuse_file_info *fi)
{
	return (struct handle *)(uintptr_t)fi->fh;
}

static int result(long r)
{
	return r < 0 ? -errno : (int)r;
}

/* --- names ---------------------------------------------------------------- */

/* In the directory DIR, find NAME but for its case; write the true one over
 * it. */
static void true_case(const char *dir, char *name)
{
	struct dirent *entry;
	DIR *d = opendir(*dir ? dir : ".");

	if (!d)
		return;
	while ((entry = readdir(d)))
		if (!strcasecmp(entry->d_name, name)) {
			memcpy(name, entry->d_name, strlen(name));
			break;
		}
	closedir(d);
}

/* What is called PATH at POINT, relative to DIRECTORY, is at RET_REAL. */
static void resolve(const char *path, char ret_real[static PATH_MAX])
{
	struct stat st;

	path += strspn(path, "/");
	snprintf(ret_real, PATH_MAX, "%s", *path ? path : ".");
	if (!odd_rule_find(RULE_NOCASE, ret_real))
		return;
	for (char *name = ret_real; name;) {
		char *slash = strchr(name, '/');

		if (slash)
			*slash = '\0';
		if (lstat(ret_real, &st) < 0) {
			char dir[PATH_MAX];

			snprintf(dir, sizeof(dir), "%.*s",
				 (int)(name - ret_real), ret_real);
			true_case(dir, name);
		}
		if (slash)
			*slash++ = '/';
		name = slash;
	}
}

/* What each call begins with: resolve PATH; -errno if it is to fail. */
static int begin(enum odd_call call, const char *path,
		 char ret_real[static PATH_MAX])
{
	resolve(path, ret_real);
	return odd_rule_fails(call, ret_real);
}

/* --- what stat tells ------------------------------------------------------ */

static void coarsen(struct timespec *t, uint64_t seconds)
{
	t->tv_sec -= t->tv_sec % (time_t)seconds;
	t->tv_nsec = 0;
}

static void make_odd(const char *path, struct stat *st)
{
	const struct odd_rule *rule;

	st->st_ino = odd_ino(path, st->st_ino);
	rule = odd_rule_find(RULE_SIZE, path);
	if (rule && S_ISREG(st->st_mode))
		st->st_size = (off_t)rule->number;
	rule = odd_rule_find(RULE_TIMES, path);
	if (rule && rule->number) {
		coarsen(&st->st_atim, rule->number);
		coarsen(&st->st_mtim, rule->number);
		coarsen(&st->st_ctim, rule->number);
	}
}

static int odd_getattr(const char *path, struct stat *st,
		       struct fuse_file_info *fi)
{
	char real[PATH_MAX];
	int r = begin(ODD_getattr, path, real);

	if (r < 0)
		return r;
	if ((fi ? fstat(handle_of(fi)->fd, st) : lstat(real, st)) < 0)
		return -errno;
	make_odd(real, st);
	return 0;
}

static int odd_statfs(const char *path, struct statvfs *st)
{
	char real[PATH_MAX];
	int r = begin(ODD_statfs, path, real);

	return r < 0 ? r : result(fstatvfs(root, st));
}

static int odd_readlink(const char *path, char *buf, size_t size)
{
	char real[PATH_MAX];
	int r = begin(ODD_readlink, path, real);
	ssize_t n;

	if (r < 0)
		return r;
	n = readlink(real, buf, size - 1);
	if (n < 0)
		return -errno;
	buf[n] = '\0';
	return 0;
}

/* --- making, naming, removing --------------------------------------------- */

/* The server made REAL: it is to be of who asked for it. */
static int made_here(const char *real)
{
	const struct fuse_context *context = fuse_get_context();

	if (geteuid() == 0 && lchown(real, context->uid, context->gid) < 0)
		return -errno;
	odd_ino_made(real);
	return 0;
}

static int odd_mknod(const char *path, mode_t mode, dev_t dev)
{
	char real[PATH_MAX];
	int r = begin(ODD_mknod, path, real);

	if (r < 0)
		return r;
	if (odd_rule_find(RULE_NONODES, real))
		mode = S_IFREG | (mode & 07777);
	return mknod(real, mode, dev) < 0 ? -errno : made_here(real);
}

static int odd_mkdir(const char *path, mode_t mode)
{
	char real[PATH_MAX];
	int r = begin(ODD_mkdir, path, real);

	if (r < 0)
		return r;
	return mkdir(real, mode) < 0 ? -errno : made_here(real);
}

static int odd_symlink(const char *text, const char *path)
{
	char real[PATH_MAX];
	int r = begin(ODD_symlink, path, real);

	if (r < 0)
		return r;
	return symlink(text, real) < 0 ? -errno : made_here(real);
}

/* An operation that needs nothing but the name. */
static int by_name(enum odd_call what, const char *path, int call(const char *))
{
	char real[PATH_MAX];
	int r = begin(what, path, real);

	return r < 0 ? r : result(call(real));
}

static int odd_unlink(const char *path)
{
	return by_name(ODD_unlink, path, unlink);
}

static int odd_rmdir(const char *path)
{
	return by_name(ODD_rmdir, path, rmdir);
}

static int odd_rename(const char *from, const char *to, unsigned flags)
{
	char real_from[PATH_MAX];
	char real_to[PATH_MAX];
	int r = begin(ODD_rename, from, real_from);

	if (r < 0)
		return r;
	resolve(to, real_to);
	odd_ino_copied_up(real_from);
	return result(renameat2(AT_FDCWD, real_from, AT_FDCWD, real_to, flags));
}

static int odd_link(const char *from, const char *to)
{
	char real_from[PATH_MAX];
	char real_to[PATH_MAX];
	int r = begin(ODD_link, to, real_to);

	if (r < 0)
		return r;
	resolve(from, real_from);
	odd_ino_copied_up(real_from);
	return result(link(real_from, real_to));
}

/* --- changing attributes -------------------------------------------------- */

static int odd_chmod(const char *path, mode_t mode, struct fuse_file_info *fi)
{
	char real[PATH_MAX];
	int r = begin(ODD_chmod, path, real);

	if (r < 0)
		return r;
	odd_ino_copied_up(real);
	odd_acl_mode_set(real);
	return result(fi ? fchmod(handle_of(fi)->fd, mode) : chmod(real, mode));
}

static int odd_chown(const char *path, uid_t uid, gid_t gid,
		     struct fuse_file_info *fi)
{
	char real[PATH_MAX];
	int r = begin(ODD_chown, path, real);

	if (r < 0)
		return r;
	odd_ino_copied_up(real);
	return result(fi ? fchown(handle_of(fi)->fd, uid, gid)
			 : lchown(real, uid, gid));
}

static int odd_truncate(const char *path, off_t size, struct fuse_file_info *fi)
{
	char real[PATH_MAX];
	int r = begin(ODD_truncate, path, real);

	if (r < 0)
		return r;
	odd_ino_copied_up(real);
	return result(fi ? ftruncate(handle_of(fi)->fd, size)
			 : truncate(real, size));
}

static int odd_utimens(const char *path, const struct timespec times[2],
		       struct fuse_file_info *fi)
{
	char real[PATH_MAX];
	int r = begin(ODD_utimens, path, real);

	if (r < 0)
		return r;
	odd_ino_copied_up(real);
	return result(
		fi ? futimens(handle_of(fi)->fd, times)
		   : utimensat(AT_FDCWD, real, times, AT_SYMLINK_NOFOLLOW));
}

static int odd_setxattr(const char *path, const char *name, const char *value,
			size_t size, int flags)
{
	char real[PATH_MAX];
	char kept[300];
	int r = begin(ODD_setxattr, path, real);

	if (r < 0)
		return r;
	odd_ino_copied_up(real);
	return result(lsetxattr(real, odd_acl_kept(real, name, kept), value,
				size, flags));
}

static int odd_removexattr(const char *path, const char *name)
{
	char real[PATH_MAX];
	char kept[300];
	int r = begin(ODD_removexattr, path, real);

	return r < 0 ? r
		     : result(lremovexattr(real,
					   odd_acl_kept(real, name, kept)));
}

static int odd_getxattr(const char *path, const char *name, char *value,
			size_t size)
{
	char real[PATH_MAX];
	char kept[300];
	int r = begin(ODD_getxattr, path, real);
	const struct odd_rule *rule;

	if (r < 0)
		return r;
	rule = odd_rule_attr(real, name);
	return rule ? -rule->error
		    : result(lgetxattr(real, odd_acl_kept(real, name, kept),
				       value, size));
}

static int odd_listxattr(const char *path, char *list, size_t size)
{
	char real[PATH_MAX];
	int r = begin(ODD_listxattr, path, real);
	const struct odd_rule *rule;
	size_t more;
	ssize_t n;

	if (r < 0)
		return r;
	rule = odd_rule_find(RULE_ATTR, real);
	more = rule ? strlen(rule->attr) + 1 : 0;
	if (size && size < more)
		return -ERANGE;
	n = llistxattr(real, list, size ? size - more : 0);
	if (n < 0)
		return -errno;
	if (size)
		n = odd_acl_shown(real, list, n);
	if (size && more)
		memcpy(list + n, rule->attr, more);
	return (int)((size_t)n + more);
}

/* --- open files ----------------------------------------------------------- */

/* FD is open: put it into FI, takes ownership of it. */
static int opened(const char *real, int fd, struct fuse_file_info *fi)
{
	size_t len = strlen(real) + 1;
	struct handle *handle = malloc(sizeof(*handle) + len);
	bool stream = odd_rule_find(RULE_STREAM, real);

	if (!handle)
		die("open");
	handle->fd = fd;
	handle->dir = NULL;
	memcpy(handle->path, real, len);
	fi->fh = (uintptr_t)handle;
	fi->nonseekable = stream;
	fi->direct_io = stream || odd_rule_find(RULE_DIRECT, real) ||
			odd_rule_find(RULE_SIZE, real);
	return 0;
}

static int odd_open(const char *path, struct fuse_file_info *fi)
{
	char real[PATH_MAX];
	int r = begin(ODD_open, path, real);
	int fd;

	if (r < 0)
		return r;
	/* The kernel says where to append, and asks what it may write to. */
	fd = open(real, (fi->flags & ~(O_APPEND | O_DIRECT)) | O_CLOEXEC |
				O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	if ((fi->flags & O_ACCMODE) != O_RDONLY)
		odd_ino_copied_up(real);
	return opened(real, fd, fi);
}

static int odd_create(const char *path, mode_t mode, struct fuse_file_info *fi)
{
	char real[PATH_MAX];
	int r = begin(ODD_create, path, real);
	int fd;

	if (r < 0)
		return r;
	fd = open(real,
		  (fi->flags & ~(O_APPEND | O_DIRECT)) | O_CREAT | O_CLOEXEC |
			  O_NOFOLLOW,
		  mode);
	if (fd < 0)
		return -errno;
	r = made_here(real);
	if (r < 0) {
		close(fd);
		return r;
	}
	return opened(real, fd, fi);
}

static int odd_read(const char *path, char *buf, size_t size, off_t off,
		    struct fuse_file_info *fi)
{
	const struct handle *handle = handle_of(fi);
	int r = odd_rule_fails(ODD_read, handle->path);

	(void)path;
	return r < 0 ? r : result(pread(handle->fd, buf, size, off));
}

static int odd_write(const char *path, const char *buf, size_t size, off_t off,
		     struct fuse_file_info *fi)
{
	const struct handle *handle = handle_of(fi);
	int r = odd_rule_fails(ODD_write, handle->path);

	(void)path;
	return r < 0 ? r : result(pwrite(handle->fd, buf, size, off));
}

static off_t odd_lseek(const char *path, off_t off, int whence,
		       struct fuse_file_info *fi)
{
	const struct handle *handle = handle_of(fi);
	int r = odd_rule_fails(ODD_lseek, handle->path);

	(void)path;
	if (r < 0)
		return r;
	off = lseek(handle->fd, off, whence);
	return off < 0 ? -errno : off;
}

static ssize_t odd_copy_file_range(const char *path_in,
				   struct fuse_file_info *fi_in, off_t off_in,
				   const char *path_out,
				   struct fuse_file_info *fi_out, off_t off_out,
				   size_t size, int flags)
{
	int r = odd_rule_fails(ODD_copy_file_range, handle_of(fi_out)->path);
	ssize_t n;

	(void)path_in;
	(void)path_out;
	if (r < 0)
		return r;
	n = copy_file_range(handle_of(fi_in)->fd, &off_in,
			    handle_of(fi_out)->fd, &off_out, size,
			    (unsigned)flags);
	return n < 0 ? -errno : n;
}

static int odd_fallocate(const char *path, int mode, off_t off, off_t len,
			 struct fuse_file_info *fi)
{
	int r = odd_rule_fails(ODD_fallocate, handle_of(fi)->path);

	(void)path;
	return r < 0 ? r : result(fallocate(handle_of(fi)->fd, mode, off, len));
}

static int odd_flush(const char *path, struct fuse_file_info *fi)
{
	(void)path;
	return odd_rule_fails(ODD_flush, handle_of(fi)->path);
}

static int odd_fsync(const char *path, int datasync, struct fuse_file_info *fi)
{
	int r = odd_rule_fails(ODD_fsync, handle_of(fi)->path);

	(void)path;
	if (r < 0)
		return r;
	return result(datasync ? fdatasync(handle_of(fi)->fd)
			       : fsync(handle_of(fi)->fd));
}

static int odd_release(const char *path, struct fuse_file_info *fi)
{
	struct handle *handle = handle_of(fi);

	(void)path;
	if (handle->dir)
		closedir(handle->dir);
	else
		close(handle->fd);
	free(handle);
	return 0;
}

/* --- directories ---------------------------------------------------------- */

static int odd_opendir(const char *path, struct fuse_file_info *fi)
{
	char real[PATH_MAX];
	int r = begin(ODD_opendir, path, real);
	DIR *dir;

	if (r < 0)
		return r;
	dir = opendir(real);
	if (!dir)
		return -errno;
	opened(real, dirfd(dir), fi);
	handle_of(fi)->dir = dir;
	fi->nonseekable = 0;
	fi->direct_io = 0;
	return 0;
}

static int odd_readdir(const char *path, void *buf, fuse_fill_dir_t fill,
		       off_t off, struct fuse_file_info *fi,
		       enum fuse_readdir_flags flags)
{
	struct handle *handle = handle_of(fi);
	int r = odd_rule_fails(ODD_readdir, handle->path);
	const struct dirent *entry;

	(void)path;
	(void)off;
	(void)flags;
	if (r < 0)
		return r;
	rewinddir(handle->dir);
	while ((entry = readdir(handle->dir))) {
		struct stat st = { .st_ino = entry->d_ino,
				   .st_mode = (mode_t)DTTOIF(entry->d_type) };

		/* What libfuse keeps of files that are open and removed. */
		if (!strncmp(entry->d_name, ".fuse_hidden", 12))
			continue;
		if (fill(buf, entry->d_name, &st, 0, 0))
			break;
	}
	return 0;
}

static int odd_fsyncdir(const char *path, int datasync,
			struct fuse_file_info *fi)
{
	int r = odd_rule_fails(ODD_fsyncdir, handle_of(fi)->path);

	(void)path;
	(void)datasync;
	return r < 0 ? r : result(fsync(handle_of(fi)->fd));
}

/* -------------------------------------------------------------------------- */

static void *odd_init(struct fuse_conn_info *conn, struct fuse_config *config)
{
	(void)conn;
	config->use_ino = 1;
	config->entry_timeout = 0;
	config->attr_timeout = 0;
	config->negative_timeout = 0;
	/* libfuse went to "/" meanwhile. */
	if (fchdir(root) < 0)
		die("fchdir");
	return NULL;
}

static const struct fuse_operations operations = {
	.init = odd_init,
	.getattr = odd_getattr,
	.readlink = odd_readlink,
	.mknod = odd_mknod,
	.mkdir = odd_mkdir,
	.unlink = odd_unlink,
	.rmdir = odd_rmdir,
	.symlink = odd_symlink,
	.rename = odd_rename,
	.link = odd_link,
	.chmod = odd_chmod,
	.chown = odd_chown,
	.truncate = odd_truncate,
	.open = odd_open,
	.create = odd_create,
	.read = odd_read,
	.write = odd_write,
	.statfs = odd_statfs,
	.flush = odd_flush,
	.release = odd_release,
	.fsync = odd_fsync,
	.setxattr = odd_setxattr,
	.getxattr = odd_getxattr,
	.listxattr = odd_listxattr,
	.removexattr = odd_removexattr,
	.opendir = odd_opendir,
	.readdir = odd_readdir,
	.releasedir = odd_release,
	.fsyncdir = odd_fsyncdir,
	.utimens = odd_utimens,
	.fallocate = odd_fallocate,
	.copy_file_range = odd_copy_file_range,
	.lseek = odd_lseek,
};

int main(int argc, char **argv)
{
	char options[] = "-oallow_other,default_permissions,dev,suid,"
			 "fsname=oddfs,subtype=oddfs";
	char foreground[] = "-f";

	if (argc < 3)
		die_plain("usage: oddfs DIRECTORY POINT [[PATTERN:]RULE]...");
	odd_rules_parse(argv + 3, argc - 3);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0)
		die("prctl");
	root = open_or_die(argv[1], O_RDONLY | O_DIRECTORY);
	umask(0);
	return fuse_main(
		4, ((char *[]){ argv[0], foreground, options, argv[2], NULL }),
		&operations, NULL);
}
