/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libselinux is loaded at run time.  A copy that doesn't need it pays nothing,
 * and it need not be installed.
 */
#include "selinux.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <selinux/label.h>
#include <selinux/selinux.h>

#include "base.h"
#include "filetype.h"
#include "procfd.h"
#include "thread.h"

#define LIBRARY "libselinux.so.1"

/*
 * A note in the program tells packaging tools which library it loads:
 * https://uapi-group.org/specifications/specs/elf_dlopen_metadata/
 */
#define NOTE                                                               \
	"[{\"feature\":\"selinux\","                                       \
	"\"description\":\"Default contexts of SELinux (-Z, --context)\"," \
	"\"priority\":\"suggested\",\"soname\":[\"" LIBRARY "\"]}]"

static const struct {
	uint32_t name_size;
	uint32_t text_size;
	uint32_t type;
	char name[4];
	char text[sizeof(NOTE)];
} note __attribute__((used, aligned(4), section(".note.dlopen"))) = {
	.name_size = sizeof("FDO"),
	.text_size = sizeof(NOTE),
	.type = 0x407c0c0a,
	.name = "FDO",
	.text = NOTE,
};

/* The functions used from it. */
/* clang-format off */
#define CALLS(call)                       \
	call(selabel_open)                \
	call(selabel_lookup_raw)          \
	call(selabel_close)               \
	call(getcon_raw)                  \
	call(freecon)                     \
	call(mode_to_security_class)      \
	call(security_compute_create_raw) \
	call(selinux_trans_to_raw_context)

struct library {
	void *handle;
#define MEMBER(name) __typeof__(name) *name;
	CALLS(MEMBER)
#undef MEMBER
};

static const struct {
	const char *name;
	size_t at; /* in struct library */
} calls[] = {
#define ROW(name) { #name, offsetof(struct library, name) },
	CALLS(ROW)
#undef ROW
};
/* clang-format on */

struct selinux_defaults {
	struct library lib;
	struct selabel_handle *table;
	struct lock lock; /* parts of the library are not thread-safe */
};

#define LIBRARY_EMPTY ((struct library){ .handle = NULL })

static void library_release(struct library *lib)
{
	if (lib->handle)
		(void)dlclose(lib->handle);
	*lib = LIBRARY_EMPTY;
}

/* Why a call of the library failed; errno may not be set. */
static int reason(void)
{
	return errno > 0 ? -errno : -EIO;
}

/* Returns 0 with *RET for library_release(), or -ELIBACC. */
static int library_load(struct library *ret)
{
	_cleanup_(library_release) struct library lib = LIBRARY_EMPTY;

	lib.handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!lib.handle)
		return -ELIBACC;
	for (size_t i = 0; i < countof(calls); i++) {
		void *call = dlsym(lib.handle, calls[i].name);

		if (!call)
			return -ELIBACC;
		memcpy((char *)&lib + calls[i].at, &call, sizeof(call));
	}
	*ret = TAKE(lib, LIBRARY_EMPTY);
	return 0;
}

int selinux_defaults_open(struct selinux_defaults **ret)
{
	_cleanup_(selinux_defaults_closep) struct selinux_defaults *db =
		calloc(1, sizeof(*db));
	int r;

	if (!db)
		return -ENOMEM;
	r = library_load(&db->lib);
	if (r < 0)
		return r;
	db->table = db->lib.selabel_open(SELABEL_CTX_FILE, NULL, 0);
	if (!db->table)
		return reason();
	*ret = TAKE_PTR(db);
	return 0;
}

void selinux_defaults_closep(struct selinux_defaults **db)
{
	if (!*db)
		return;
	if ((*db)->table)
		(*db)->lib.selabel_close((*db)->table);
	library_release(&(*db)->lib);
	free(*db);
	*db = NULL;
}

/* The path of the file FD, at most SIZE - 1 bytes. */
static int path_of(fd_t fd, char *buf, size_t size)
{
	ssize_t n = readlink(procfd_of(fd).path, buf, size);

	if (n < 0)
		return -errno;
	if ((size_t)n >= size)
		return -ENAMETOOLONG;
	buf[n] = '\0';
	return 0;
}

/* The type in a context: user:role:type[:level]; the level may have colons. */
static const char *type_in(const char *context)
{
	const char *role = strchr(context, ':');
	const char *type = role ? strchr(role + 1, ':') : NULL;

	return type ? type + 1 : NULL;
}

/* Make *RET the context BASE, but with the type of LIKE. */
static int with_type(const char *base, const char *like, char **ret)
{
	const char *was = type_in(base);
	const char *is = type_in(like);

	if (!was || !is)
		return -EINVAL;
	if (asprintf(ret, "%.*s%.*s%s", (int)(was - base), base,
		     (int)strcspn(is, ":"), is, was + strcspn(was, ":")) < 0)
		return -ENOMEM;
	return 0;
}

/* BASE, but with the type that the table has for PATH. */
static int look_up(struct selinux_defaults *db, const char *path, mode_t mode,
		   const char *base, char **ret)
{
	char *found = NULL;
	int r;

	if (db->lib.selabel_lookup_raw(db->table, &found, path, (int)mode) < 0)
		return errno == ENOENT ? -ENODATA : reason();
	r = with_type(base, found, ret);
	db->lib.freecon(found);
	return r;
}

/*
 * The context that the kernel would give to a file of MODE made in a directory
 * with the context ABOVE: a new string, or NULL with errno.
 */
static char *compute(struct selinux_defaults *db, const char *above,
		     mode_t mode)
{
	char *own = NULL;
	char *made = NULL;
	char *ret = NULL;

	if (db->lib.getcon_raw(&own) == 0 &&
	    db->lib.security_compute_create_raw(
		    own, above, db->lib.mode_to_security_class(mode), &made) ==
		    0)
		ret = strdup(made);
	db->lib.freecon(own);
	db->lib.freecon(made);
	return ret;
}

int selinux_defaults_for_new(struct selinux_defaults *db, fd_t dir,
			     const char *name, enum file_type type, char **ret)
{
	_cleanup_(fd_closep) fd_t here = FD_NONE;
	_cleanup_(freep) char *above = NULL;
	_cleanup_(freep) char *made = NULL;
	_cleanup_(freep) char *path = NULL;
	char dir_path[PATH_MAX];
	int r;

	/* FD_CWD is no descriptor: open the directory. */
	r = fd_open_at(dir, ".", FD_PATH | FD_DIRECTORY, &here);
	if (r == 0)
		r = path_of(here, dir_path, sizeof(dir_path));
	if (r == 0)
		r = selinux_get(here, &above);
	if (r < 0)
		return r;
	/* "name/" is the same path as "name". */
	if (asprintf(&path, "%s/%.*s",
		     strcmp(dir_path, "/") == 0 ? "" : dir_path,
		     (int)strcspn(name, "/"), name) < 0)
		return -ENOMEM;

	lock_take(&db->lock);
	made = compute(db, above, filetype_bits(type));
	r = made ? look_up(db, path, filetype_bits(type), made, ret) : reason();
	lock_give(&db->lock);
	return r;
}

int selinux_defaults_for_old(struct selinux_defaults *db, fd_t fd,
			     enum file_type type, char **ret)
{
	_cleanup_(freep) char *now = NULL;
	char path[PATH_MAX];
	int r;

	r = selinux_get(fd, &now);
	if (r < 0)
		return r;
	r = path_of(fd, path, sizeof(path));
	if (r < 0)
		return r;
	lock_take(&db->lock);
	r = look_up(db, path, filetype_bits(type), now, ret);
	lock_give(&db->lock);
	return r;
}

int selinux_from_user(const char *text, char **ret)
{
	_cleanup_(library_release) struct library lib = LIBRARY_EMPTY;
	char *raw = NULL;
	int r = library_load(&lib);

	if (r == 0 && lib.selinux_trans_to_raw_context(text, &raw) < 0)
		return reason();
	*ret = strdup(raw ? raw : text);
	if (raw)
		lib.freecon(raw);
	return *ret ? 0 : -ENOMEM;
}
