/* SPDX-License-Identifier: BSD-2-Clause */
#include "inotab.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct inotab_entry {
	RB_ENTRY(inotab_entry) node;
	struct inotab_key key;
	_Alignas(max_align_t) char value[]; /* and then the label */
};

static int compare_keys(const struct inotab_key *a, const struct inotab_key *b)
{
	if (a->ino != b->ino)
		return a->ino < b->ino ? -1 : 1;
	if (a->dev != b->dev)
		return a->dev < b->dev ? -1 : 1;
	return strcmp(a->label, b->label);
}

static int compare(const struct inotab_entry *a, const struct inotab_entry *b)
{
	return compare_keys(&a->key, &b->key);
}

/* Not static: some are unused, and libbsd's macro for static ones is broken. */
RB_PROTOTYPE(inotab, inotab_entry, node, compare)
RB_GENERATE(inotab, inotab_entry, node, compare)

bool inotab_is_empty(const struct inotab *tab)
{
	return RB_EMPTY(tab);
}

/* RB_FIND is not used: it takes a table that is not const. */
static struct inotab_entry *find(const struct inotab *tab,
				 struct inotab_key key)
{
	struct inotab_entry *e = RB_ROOT(tab);

	while (e) {
		int order = compare_keys(&key, &e->key);

		if (order == 0)
			break;
		e = order < 0 ? RB_LEFT(e, node) : RB_RIGHT(e, node);
	}
	return e;
}

struct inotab_key inotab_key_of(const struct file_info *info, const char *label)
{
	return (struct inotab_key){ info->dev, info->ino, label };
}

void *inotab_add(struct inotab *tab, struct inotab_key key, size_t size)
{
	size_t n_label = strlen(key.label) + 1;
	struct inotab_entry *e = calloc(1, sizeof(*e) + size + n_label);

	if (!e)
		return NULL;
	e->key = key;
	e->key.label = memcpy(e->value + size, key.label, n_label);
	(void)RB_INSERT(inotab, tab, e);
	return e->value;
}

int inotab_put(struct inotab *tab, struct inotab_key key, const void *value,
	       size_t size)
{
	void *own;

	if (inotab_get(tab, key))
		return 0;
	own = inotab_add(tab, key, size);
	if (!own)
		return -ENOMEM;
	memcpy(own, value, size);
	return 0;
}

void *inotab_get(const struct inotab *tab, struct inotab_key key)
{
	struct inotab_entry *e = find(tab, key);

	return e ? e->value : NULL;
}

void inotab_forget(struct inotab *tab, struct inotab_key key)
{
	struct inotab_entry *e = find(tab, key);

	if (!e)
		return;
	(void)RB_REMOVE(inotab, tab, e);
	free(e);
}

void inotab_release(struct inotab *tab)
{
	struct inotab_entry *e;

	while ((e = RB_ROOT(tab))) {
		(void)RB_REMOVE(inotab, tab, e);
		free(e);
	}
}
