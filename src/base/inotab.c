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

static struct inotab_entry *find(const struct inotab *tab,
				 struct inotab_key key)
{
	const struct inotab_entry want = { .key = key };
	struct inotab_entry *const *there = tfind(&want, &tab->root, compare);

	return there ? *there : NULL;
}

const struct inotab_value *inotab_get(const struct inotab *tab,
				      struct inotab_key key)
{
	const struct inotab_entry *e = find(tab, key);

	return e ? &e->value : NULL;
}

void inotab_use(struct inotab *tab, struct inotab_key key)
{
	struct inotab_entry *e = find(tab, key);

	if (e && e->value.left > 1)
		e->value.left--;
	else if (e && !e->value.late)
		inotab_forget(tab, key);
}

/* What inotab_each() was given. */
struct seer {
	void (*see)(void *arg, const struct inotab_value *value);
	void *arg;
};

static void see_node(const void *node, VISIT order, void *arg)
{
	const struct inotab_entry *const *e = node;
	const struct seer *seer = arg;

	if (order == postorder || order == leaf)
		seer->see(seer->arg, &(*e)->value);
}

void inotab_each(const struct inotab *tab,
		 void (*see)(void *arg, const struct inotab_value *value),
		 void *arg)
{
	struct seer seer = { see, arg };

	twalk_r(tab->root, see_node, &seer);
}

void inotab_forget(struct inotab *tab, struct inotab_key key)
{
	struct inotab_entry *e = find(tab, key);

	if (!e)
		return;
	(void)tdelete(e, &tab->root, compare);
	free(e);
}

void inotab_release(struct inotab *tab)
{
	tdestroy(tab->root, free);
	tab->root = NULL;
}
