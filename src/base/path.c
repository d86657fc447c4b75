/* SPDX-License-Identifier: BSD-2-Clause */
#include "path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int path_add(struct path *path, const char *name)
{
	size_t n = strlen(name);
	size_t slash = path->len > 0 && path->text[path->len - 1] != '/';
	size_t len = path->len + slash + n;

	if (len >= path->size) {
		size_t size = 2 * len + 64;
		char *grown = realloc(path->text, size);

		if (!grown)
			return -ENOMEM;
		path->text = grown;
		path->size = size;
	}
	if (slash)
		path->text[path->len] = '/';
	memcpy(path->text + path->len + slash, name, n + 1);
	path->len = len;
	return 0;
}

void path_cut(struct path *path, size_t len)
{
	path->len = len;
	path->text[len] = '\0';
}

void path_release(struct path *path)
{
	free(path->text);
	*path = PATH_EMPTY;
}
