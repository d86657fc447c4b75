/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdint.h>

/* The longest amount, with its NUL. */
#define AMOUNT_SIZE sizeof("999 MiB")

/* A number of bytes as people read it: "12 GiB". */
struct amount {
	char text[AMOUNT_SIZE];
};

/* Round BYTES for people; what is above INT64_MAX counts as that. */
struct amount amount_of(uint64_t bytes);
