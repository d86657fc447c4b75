/* SPDX-License-Identifier: BSD-2-Clause */
/* Stands in for libFuzzer: each file of the corpus is tried once. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "../unit/check.h"
#include "fuzz.h"

#define MAX_SIZE 65536

static char path[4096]; /* the file whose turn it is */

static void try_file(void)
{
	/* Of the file's size exactly, so that a sanitizer sees the end. */
	uint8_t *data = malloc(MAX_SIZE);
	FILE *f = fopen(path, "rb");
	size_t n = 0;

	check(f != NULL && data != NULL);
	if (f && data) {
		n = fread(data, 1, MAX_SIZE, f);
		data = realloc(data, n ? n : 1);
		check(LLVMFuzzerTestOneInput(data, n) == 0);
	}
	if (f)
		(void)fclose(f);
	free(data);
}

int main(void)
{
	DIR *dir = opendir(CORPUS);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", CORPUS,
			       entry->d_name);
		test_run(try_file, path);
	}
	if (dir)
		(void)closedir(dir);
	return tests_end();
}
