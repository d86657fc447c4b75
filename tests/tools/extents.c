/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

/*
 * Where files lie on their file system, by FIEMAP.
 *
 *	extents FILE...		print each extent
 *	extents shared A B	0 if each data byte of A lies in the same place
 *				as that of B, and is flagged as shared
 *	extents disjoint A B	0 if no block belongs to both
 *	extents range A OFF LENGTH B OFF
 *				where these bytes of A lie, beside those of B
 *				from OFF on: "shared OFF LENGTH", "own" or
 *				"hole", a line each
 *
 * Sharing is judged by what is covered, never by comparing records: two files
 * that share everything may still have it cut differently.
 *
 * Inline data (Btrfs keeps small files in its tree) has no place and can't be
 * shared: in "shared" it counts as equal to inline data, in "disjoint" as no
 * block.  Of encoded (compressed) data only the place of the whole extent is
 * known, so it is in the same place if the records' places are equal.
 * Unwritten extents hold no data.
 */

/* Extents of one file, in the order of their offsets. */
struct map {
	struct fiemap_extent *v;
	size_t n;
	uint64_t size; /* of the file, in bytes */
};

/* How many extents one call asks for. */
enum {
	BATCH = 512
};

/* Flags of an extent whose place means nothing. */
static const uint32_t no_place = FIEMAP_EXTENT_DATA_INLINE |
				 FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC;

static void map_add(struct map *map, const struct fiemap_extent *v, size_t n)
{
	map->v = reallocarray(map->v, map->n + n, sizeof(*v));
	if (!map->v)
		die("reallocarray");
	memcpy(map->v + map->n, v, n * sizeof(*v));
	map->n += n;
}

static struct map map_read(const char *path)
{
	int fd = open_or_die(path, O_RDONLY);
	struct map map = { 0 };
	struct fiemap *request;
	struct stat st;
	uint64_t off = 0;
	bool last = false;

	if (fstat(fd, &st) < 0)
		die("%s", path);
	map.size = (uint64_t)st.st_size;

	request = calloc(1, sizeof(*request) +
				    BATCH * sizeof(struct fiemap_extent));
	if (!request)
		die("calloc");

	while (!last) {
		const struct fiemap_extent *end;

		memset(request, 0, sizeof(*request));
		request->fm_start = off;
		request->fm_length = FIEMAP_MAX_OFFSET - off;
		request->fm_flags = FIEMAP_FLAG_SYNC;
		request->fm_extent_count = BATCH;
		if (ioctl(fd, FS_IOC_FIEMAP, request) < 0)
			die("%s: FIEMAP", path);
		if (!request->fm_mapped_extents)
			break;

		map_add(&map, request->fm_extents, request->fm_mapped_extents);
		end = &request->fm_extents[request->fm_mapped_extents - 1];
		last = end->fe_flags & FIEMAP_EXTENT_LAST;
		off = end->fe_logical + end->fe_length;
	}
	free(request);
	close(fd);
	return map;
}

static void flags_print(uint32_t flags)
{
	static const struct {
		uint32_t flag;
		const char *name;
	} names[] = {
		{ FIEMAP_EXTENT_LAST, "last" },
		{ FIEMAP_EXTENT_UNKNOWN, "unknown" },
		{ FIEMAP_EXTENT_DELALLOC, "delalloc" },
		{ FIEMAP_EXTENT_ENCODED, "encoded" },
		{ FIEMAP_EXTENT_DATA_INLINE, "inline" },
		{ FIEMAP_EXTENT_UNWRITTEN, "unwritten" },
		{ FIEMAP_EXTENT_SHARED, "shared" },
	};
	const char *comma = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(flags & names[i].flag))
			continue;
		printf("%s%s", comma, names[i].name);
		comma = ",";
	}
	puts(*comma ? "" : "-");
}

static int list(char **paths, int n)
{
	for (int i = 0; i < n; i++) {
		struct map map = map_read(paths[i]);

		if (n > 1)
			printf("%s:\n", paths[i]);
		for (size_t k = 0; k < map.n; k++) {
			const struct fiemap_extent *e = &map.v[k];

			printf("%llu %llu %llu ",
			       (unsigned long long)e->fe_logical,
			       (unsigned long long)e->fe_physical,
			       (unsigned long long)e->fe_length);
			flags_print(e->fe_flags);
		}
		free(map.v);
	}
	return 0;
}

/* The extent of MAP that holds byte OFF, searching from *HINT on, or NULL. */
static const struct fiemap_extent *map_find(const struct map *map, uint64_t off,
					    size_t *hint)
{
	for (; *hint < map->n; (*hint)++) {
		const struct fiemap_extent *e = &map->v[*hint];

		if (e->fe_logical > off)
			return NULL;
		if (off < e->fe_logical + e->fe_length)
			return e;
	}
	return NULL;
}

static bool extent_has_data(const struct fiemap_extent *e)
{
	return !(e->fe_flags & FIEMAP_EXTENT_UNWRITTEN);
}

/* Whether byte OFF_A of extent A and OFF_B of B lie in one place. */
static bool one_place(const struct fiemap_extent *a, uint64_t off_a,
		      const struct fiemap_extent *b, uint64_t off_b)
{
	if ((a->fe_flags | b->fe_flags) & no_place)
		return false;
	if ((a->fe_flags ^ b->fe_flags) & FIEMAP_EXTENT_ENCODED)
		return false;
	if (a->fe_flags & FIEMAP_EXTENT_ENCODED)
		return a->fe_physical == b->fe_physical;
	return a->fe_physical + (off_a - a->fe_logical) ==
	       b->fe_physical + (off_b - b->fe_logical);
}

/* The same for one offset in both; inline data counts as equal. */
static bool same_place(const struct fiemap_extent *a,
		       const struct fiemap_extent *b, uint64_t off)
{
	if (a->fe_flags & b->fe_flags & FIEMAP_EXTENT_DATA_INLINE)
		return true;
	return one_place(a, off, b, off);
}

/* Whether the whole of extent A (of the first file) is shared with B. */
static bool extent_shared(const struct fiemap_extent *a, const struct map *b,
			  size_t *hint)
{
	uint64_t off = a->fe_logical;
	uint64_t end = a->fe_logical + a->fe_length;

	if (!(a->fe_flags &
	      (FIEMAP_EXTENT_SHARED | FIEMAP_EXTENT_DATA_INLINE))) {
		printf("at %llu: not flagged as shared\n",
		       (unsigned long long)off);
		return false;
	}
	while (off < end) {
		const struct fiemap_extent *e = map_find(b, off, hint);

		if (!e || !extent_has_data(e) || !same_place(a, e, off)) {
			printf("at %llu: not in the same place\n",
			       (unsigned long long)off);
			return false;
		}
		off = e->fe_logical + e->fe_length;
	}
	return true;
}

static int shared(const char *path_a, const char *path_b)
{
	struct map a = map_read(path_a);
	struct map b = map_read(path_b);
	size_t hint = 0;
	size_t n_data = 0;

	for (size_t i = 0; i < a.n; i++) {
		if (!extent_has_data(&a.v[i]))
			continue;
		n_data++;
		if (!extent_shared(&a.v[i], &b, &hint))
			return 1;
	}
	if (!n_data)
		die_plain("%s: has no data, so nothing is proved", path_a);
	return 0;
}

static int by_place(const void *left, const void *right)
{
	const struct fiemap_extent *l = left;
	const struct fiemap_extent *r = right;

	if (l->fe_physical == r->fe_physical)
		return 0;
	return l->fe_physical < r->fe_physical ? -1 : 1;
}

/* Drop what has no place; order the rest by place. */
static void map_to_places(struct map *map)
{
	size_t n = 0;

	for (size_t i = 0; i < map->n; i++)
		if (!(map->v[i].fe_flags & no_place))
			map->v[n++] = map->v[i];
	map->n = n;
	if (n)
		qsort(map->v, n, sizeof(*map->v), by_place);
}

static int disjoint(const char *path_a, const char *path_b)
{
	struct map a = map_read(path_a);
	struct map b = map_read(path_b);
	size_t i = 0;
	size_t k = 0;

	map_to_places(&a);
	map_to_places(&b);
	if (!a.n || !b.n)
		die_plain("%s: has no blocks, so nothing is proved",
			  a.n ? path_b : path_a);
	while (i < a.n && k < b.n) {
		const struct fiemap_extent *x = &a.v[i];
		const struct fiemap_extent *y = &b.v[k];

		if (x->fe_physical + x->fe_length <= y->fe_physical) {
			i++;
		} else if (y->fe_physical + y->fe_length <= x->fe_physical) {
			k++;
		} else {
			printf("both hold the block at %llu\n",
			       (unsigned long long)y->fe_physical);
			return 1;
		}
	}
	return 0;
}

/* The extent of MAP whose data holds byte OFF, or NULL. */
static const struct fiemap_extent *map_data(const struct map *map, uint64_t off)
{
	size_t hint = 0;
	const struct fiemap_extent *e = map_find(map, off, &hint);

	return e && extent_has_data(e) ? e : NULL;
}

/* The next byte after OFF at which one of MAP begins or ends. */
static uint64_t map_border(const struct map *map, uint64_t off)
{
	uint64_t best = UINT64_MAX;

	for (size_t i = 0; i < map->n; i++) {
		uint64_t start = map->v[i].fe_logical;
		uint64_t end = start + map->v[i].fe_length;

		if (start > off && start < best)
			best = start;
		else if (end > off && end < best)
			best = end;
	}
	return best;
}

/* Where byte OFF of A lies, which is compared with byte FROM of B. */
static const char *place_name(const struct map *a, uint64_t off,
			      const struct map *b, uint64_t from)
{
	const struct fiemap_extent *x = map_data(a, off);
	const struct fiemap_extent *y = map_data(b, from);

	if (!x)
		return "hole";
	return y && one_place(x, off, y, from) ? "shared" : "own";
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static int range(char **args)
{
	struct map a = map_read(args[0]);
	struct map b = map_read(args[3]);
	uint64_t off = parse_bytes(args[1], '\0');
	uint64_t end = off + parse_bytes(args[2], '\0');
	uint64_t from = parse_bytes(args[4], '\0');
	uint64_t start = off;

	while (off < end) {
		const char *what = place_name(&a, off, &b, from);
		uint64_t n = least(map_border(&a, off) - off,
				   map_border(&b, from) - from);

		n = least(n, end - off);
		off += n;
		from += n;
		if (off < end && !strcmp(place_name(&a, off, &b, from), what))
			continue;
		printf("%s %llu %llu\n", what, (unsigned long long)start,
		       (unsigned long long)(off - start));
		start = off;
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "shared"))
		return shared(argv[2], argv[3]);
	if (argc == 4 && !strcmp(argv[1], "disjoint"))
		return disjoint(argv[2], argv[3]);
	if (argc == 7 && !strcmp(argv[1], "range"))
		return range(argv + 2);
	if (argc >= 2)
		return list(argv + 1, argc - 1);
	die_plain("usage: extents [shared|disjoint|range] FILE...");
}
