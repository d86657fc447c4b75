/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Try the SIZE bytes at DATA; returns 0, or does not return. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* COND is true, or the program has a mistake. */
#define must(cond)               \
	do {                     \
		if (!(cond))     \
			abort(); \
	} while (0)
