/* SPDX-License-Identifier: BSD-2-Clause */
#include "zero.h"

#include <string.h>

static bool is_zero(const char *p, size_t len)
{
	return p[0] == 0 && memcmp(p, p + 1, len - 1) == 0;
}

size_t zero_run(const char *p, size_t len, bool *ret_zero)
{
	size_t n = 0;

	while (n < len) {
		size_t block = len - n < ZERO_BLOCK ? len - n : ZERO_BLOCK;
		bool zero = is_zero(p + n, block);

		if (n == 0)
			*ret_zero = zero;
		if (zero != *ret_zero)
			break;
		n += block;
	}
	return n;
}
