/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A list of ranges: what follows the first byte.  That says how its entries end
 * and in which locale names are quoted.  Each line is a --range as well.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "rangelist.h"

/* Nothing in TEXT may drive a terminal. */
static void check_harmless(const char *text)
{
	for (const char *c = text; *c; c++)
		must((unsigned char)*c >= ' ' && *c != 0x7f);
}

static void check_reading(struct range_arg arg, bool end_in_nul, size_t max)
{
	const struct range_args args = { .v = &arg, .n = 1 };
	struct usage_error error = { 0 };
	struct rangelist list;
	int r;

	r = rangelist_read(&args, end_in_nul, &list, &error);
	if (r < 0) {
		must(*error.text &&
		     memchr(error.text, '\0', sizeof(error.text)));
		check_harmless(error.text);
		return;
	}
	must(r == 0 && list.v && list.n > 0 && list.n <= max);
	for (size_t i = 0; i < list.n; i++) {
		must(list.v[i].src_off <= RANGE_OFF_MAX);
		must(list.v[i].len <= RANGE_OFF_MAX);
		must(list.v[i].dst_off <= RANGE_OFF_MAX);
	}
	rangelist_release(&list);
}

static void check_as_list(const uint8_t *data, size_t size, bool end_in_nul)
{
	int fd = memfd_create("list", 0);
	char path[64];

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	/* "0 0 0" and its end are six bytes; the last may lack it. */
	check_reading((struct range_arg){ .text = path, .is_file = true },
		      end_in_nul, (size + 1) / 6);
	(void)close(fd);
}

static void check_as_arguments(const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + 1);
	char *rest = text;
	char *line;

	must(text);
	memcpy(text, data, size);
	while ((line = strsep(&rest, "\n")))
		check_reading((struct range_arg){ .text = line }, false, 1);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int bits = size > 0 ? data[0] : 0;

	(void)setlocale(LC_ALL, bits & 1 << 1 ? "C.UTF-8" : "C");
	if (size == 0)
		return 0;
	check_as_list(data + 1, size - 1, bits & 1 << 0);
	check_as_arguments(data + 1, size - 1);
	return 0;
}
