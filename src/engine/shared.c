/* SPDX-License-Identifier: BSD-2-Clause */
#include "shared.h"

#include <errno.h>

#include "base.h"
#include "extents.h"
#include "source.h"

/* Count the bytes of FILE, which is SRC, by what is known about them. */
static int read_map(const struct source *src, struct shared_file *file)
{
	struct extent v[EXTENTS_BATCH];
	struct share_sums *sums = &file->sums;
	uint64_t size = src->info.size;
	uint64_t off = 0;
	size_t n = 1;

	while (off < size && n > 0) {
		int r = extents_read(src->fd, off, size, v, countof(v), &n);

		if (r < 0)
			return r;
		for (size_t i = 0; i < n; i++) {
			struct extent e;

			if (!share_clip(&v[i], off, size, &e))
				continue;
			sums->bytes[SHARE_HOLE] += e.range.off - off;
			sums->bytes[share_classify(e.flags)] += e.range.len;
			off = e.range.off + e.range.len;
		}
	}
	sums->bytes[SHARE_HOLE] += size - off;
	return 0;
}

static int examine(const struct source *src, struct shared_file *file,
		   struct fault *reterr)
{
	struct extent_space space;
	int r = extents_space(src->fd, &space);

	if (r == 0)
		r = read_map(src, file);
	if (r == -EOPNOTSUPP) {
		file->sums = (struct share_sums){
			.bytes[SHARE_UNKNOWN] = src->info.size,
		};
		return 0;
	}
	if (r < 0)
		return fault_set(reterr, FAULT_GET_EXTENTS, FAULT_SRC, r);
	return 0;
}

static int find_out(const struct policy *policy, struct shared_file *file,
		    struct fault *reterr)
{
	const struct source_name name = {
		.dir = FD_CWD,
		.name = file->name,
		.follow = true,
		.type = FILE_OTHER,
	};
	_cleanup_(source_release) struct source src = SOURCE_EMPTY;
	int r = source_open(&name, policy, &src, reterr);

	if (r < 0)
		return r;
	file->info = src.info;
	if (src.info.type != FILE_REGULAR) {
		r = fault_set(reterr, FAULT_NO_EXTENTS, FAULT_SRC, -EINVAL);
		reterr->type = src.info.type;
		return r;
	}
	r = source_readable(&src, reterr);
	if (r == 0)
		r = examine(&src, file, reterr);
	return r;
}

int shared_run(const struct policy *policy, char *const *names, size_t n,
	       struct shared_file *v)
{
	for (size_t i = 0; i < n; i++) {
		v[i] = (struct shared_file){ .name = names[i] };
		v[i].failed = find_out(policy, &v[i], &v[i].fault) < 0;
		v[i].answer =
			share_judge(&v[i].sums, v[i].sums.bytes[SHARE_SHARED]);
	}
	return 0;
}
