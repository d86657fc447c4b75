/* SPDX-License-Identifier: BSD-2-Clause */
#include "inotab.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

struct inotab_entry {
	struct inotab_key key;
	struct inotab_value value;
	char strings[]; /* label, then the value's text */
};

static int compare(const void *p, const void *q)
{
	const struct inotab_key *a = &((const struct inotab_entry *)p)->key;
	const struct inotab_key *b = &((const struct inotab_entry *)q)->key;

	if (a->ino != b->ino)
		return a->ino < b->ino ? -1 : 1;
	if (a->dev != b->dev)
		return a->dev < b->dev ? -1 : 1;
	return strcmp(a->label, b->label);
}

int inotab_put(struct inotab *tab, struct inotab_key key,
	       struct inotab_value value)
{
	size_t n_label = strlen(key.label) + 1;
	size_t n_text = strlen(value.text) + 1;
	struct inotab_entry *e = malloc(sizeof(*e) + n_label + n_text);
	struct inotab_entry *const *there;

	if (!e)
		return -ENOMEM;
	e->key = key;
	e->key.label = memcpy(e->strings, key.label, n_label);
	e->value = value;
	e->value.text = memcpy(e->strings + n_label, value.text, n_text);

	there = tsearch(e, &tab->root, compare);
	if (!there || *there != e)
		free(e);
	return there ? 0 : -ENOMEM;
}

const struct inotab_value *inotab_get(const struct inotab *tab,
				      struct inotab_key key)
{
	const struct inotab_entry want = { .key = key };
	struct inotab_entry *const *there = tfind(&want, &tab->root, compare);

	return there ? &(*there)->value : NULL;
}

void inotab_release(struct inotab *tab)
{
	tdestroy(tab->root, free);
	tab->root = NULL;
}
