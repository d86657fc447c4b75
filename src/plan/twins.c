/* SPDX-License-Identifier: BSD-2-Clause */
#include "twins.h"

#include <errno.h>
#include <stdlib.h>

#include "base.h"

int twins_reserve(struct twins *twins, size_t n)
{
	size_t size = 4;

	while (size / 4 * 3 < n)
		size *= 2;
	twins->v = calloc(size, sizeof(*twins->v));
	if (!twins->v)
		return -ENOMEM;
	twins->size = size;
	return 0;
}

/* FNV-1a of the name in lower case. */
static uint32_t hash_of(const char *name)
{
	uint64_t h = 0xcbf29ce484222325;

	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		h = (h ^ c) * 0x100000001b3;
	}
	h ^= h >> 32;
	return (uint32_t)h ? (uint32_t)h : 1;
}

/* The place of HASH in the table, or the free place to put it in. */
static struct twin *place_of(const struct twins *twins, uint32_t hash)
{
	size_t i = hash & (twins->size - 1);

	while (twins->v[i].hash && twins->v[i].hash != hash)
		i = (i + 1) & (twins->size - 1);
	return &twins->v[i];
}

void twins_add(struct twins *twins, const char *name, uint32_t at)
{
	uint32_t hash = hash_of(name);
	struct twin *place = place_of(twins, hash);

	if (place->hash)
		twins->found = true;
	else
		*place = (struct twin){ hash, at };
}

uint32_t twins_first(const struct twins *twins, const char *name)
{
	return place_of(twins, hash_of(name))->at;
}

void twins_release(struct twins *twins)
{
	free(twins->v);
	*twins = TWINS_EMPTY;
}
