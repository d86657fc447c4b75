/* SPDX-License-Identifier: BSD-2-Clause */
#include "mount.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "mountinfo.h"

#define DIGITS "0123456789"

const char *mountinfo_id(const char *fdinfo)
{
	const char *id = strstr(fdinfo, "mnt_id:");

	if (!id)
		return NULL;
	id += strlen("mnt_id:");
	id += strspn(id, " \t");
	return strspn(id, DIGITS) > 0 ? id : NULL;
}

/* The next field of the line *TEXT; NULL at the end. */
static char *next_field(char **text)
{
	char *field = *text;

	if (!field)
		return NULL;
	*text = strchr(field, ' ');
	if (*text)
		*(*text)++ = '\0';
	return field;
}

/* Three octal digits at S? */
static bool is_octal(const char *s)
{
	return strspn(s, "01234567") >= 3;
}

/* Undo the escapes of blanks and the like: "\040". */
static void unescape(char *s)
{
	char *to = s;

	while (*s) {
		if (*s == '\\' && is_octal(s + 1)) {
			*to++ = (char)((s[1] - '0') * 64 + (s[2] - '0') * 8 +
				       (s[3] - '0'));
			s += 4;
		} else {
			*to++ = *s++;
		}
	}
	*to = '\0';
}

/* Fields: ID, parent, device, root, point, options, others, "-", the rest. */
static int read_line(char *line, struct mount *ret)
{
	char *f[6];
	char *end[3];
	char *other;

	for (size_t i = 0; i < countof(f); i++)
		f[i] = next_field(&line);
	do
		other = next_field(&line);
	while (other && strcmp(other, "-") != 0);
	for (size_t i = 0; i < countof(end); i++)
		end[i] = next_field(&line);
	if (!end[2])
		return -ENOENT;
	unescape(f[4]);
	unescape(end[1]);
	*ret = (struct mount){ .device = f[2],
			       .point = f[4],
			       .type = end[0],
			       .source = end[1],
			       .options = f[5],
			       .fs_options = end[2] };
	return 0;
}

int mountinfo_find(char *text, const char *id, struct mount *ret)
{
	size_t len = strspn(id, DIGITS);

	while (text) {
		char *next = strchr(text, '\n');

		if (next)
			*next++ = '\0';
		if (strncmp(text, id, len) == 0 && text[len] == ' ')
			return read_line(text, ret);
		text = next;
	}
	return -ENOENT;
}

/* Read what is left of FD, as a string. */
static int read_text(fd_t fd, char **ret)
{
	_cleanup_(freep) char *text = NULL;
	size_t size = 0;
	size_t len = 0;
	size_t n = 0;
	int r;

	do {
		len += n;
		if (size - len < 2) {
			char *more = realloc(text, size + 16384);

			if (!more)
				return -ENOMEM;
			text = more;
			size += 16384;
		}
		r = fd_read(fd, FD_STREAM, text + len, size - len - 1, &n);
	} while (r == 0 && n > 0);
	if (r < 0)
		return r;
	text[len] = '\0';
	*ret = TAKE_PTR(text);
	return 0;
}

static int read_file(const char *path, char **ret)
{
	_cleanup_(fd_closep) fd_t fd = FD_NONE;
	int r = fd_open_at(FD_CWD, path, FD_READ, &fd);

	return r < 0 ? r : read_text(fd, ret);
}

int mount_find(fd_t fd, struct mount *ret)
{
	char path[sizeof("/proc/self/fdinfo/") + 3 * sizeof(fd)];
	_cleanup_(freep) char *fdinfo = NULL;
	_cleanup_(freep) char *text = NULL;
	const char *id;
	int r;

	(void)snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	r = read_file(path, &fdinfo);
	if (r == 0)
		r = read_file("/proc/self/mountinfo", &text);
	if (r < 0)
		return r;
	id = mountinfo_id(fdinfo);
	r = id ? mountinfo_find(text, id, ret) : -ENOENT;
	if (r == 0)
		ret->text = TAKE_PTR(text);
	return r;
}

void mount_release(struct mount *mount)
{
	free(mount->text);
	*mount = (struct mount){ .text = NULL };
}
