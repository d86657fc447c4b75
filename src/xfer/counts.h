/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* How a byte copy searched for holes; a set. */
enum counts_sparse {
	SPARSE_BY_SEEK = 1 << 0,  /* asked the file system, SEEK_HOLE */
	SPARSE_BY_ZEROS = 1 << 1, /* examined the bytes */
};

/* What was observed while content was copied. */
struct counts {
	bool is_clone;	    /* one clone made it, perhaps of 0 bytes */
	uint64_t cloned;    /* bytes that share storage with the source */
	uint64_t offloaded; /* bytes the kernel copied; sharing is unknown */
	uint64_t copied;    /* bytes read and written */
	uint64_t holes;	    /* bytes left or made holes without a clone */
	unsigned sparse;    /* set of enum counts_sparse */
	int clone_err;	    /* errno that refused the clone; 0 if none did */
	bool by_range;	    /* it was FICLONERANGE that was refused */
	int offload_err;    /* errno that refused copy_file_range(2); 0 */
	bool not_offered;   /* there was no reason to call it */
};

/* All bytes of C. */
static inline uint64_t counts_bytes(const struct counts *c)
{
	return c->cloned + c->offloaded + c->copied + c->holes;
}
