/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "tool.h"

/*
 * fill DIR: write files into DIR until its file system is full, in ever
 * smaller pieces, so that no later write of a block finds room.
 */

static char block[1 << 20];

/* Append blocks of SIZE bytes to a new file in DIR until there is no room. */
static void fill_with(const char *dir, size_t size)
{
	char path[4096];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/fill.%zu", dir, size);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0 && errno == ENOSPC)
		return;
	if (fd < 0)
		die("%s", path);
	do {
		n = write(fd, block, size);
		if (n < 0 && errno != ENOSPC && errno != EDQUOT)
			die("%s", path);
	} while (n > 0);
	if (fsync(fd) < 0 && errno != ENOSPC && errno != EDQUOT)
		die("%s", path);
	close(fd);
}

int main(int argc, char **argv)
{
	int dir;

	if (argc != 2)
		die_plain("usage: fill DIR");
	dir = open(argv[1], O_RDONLY | O_DIRECTORY);
	if (dir < 0)
		die("%s", argv[1]);
	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (char)(i * 7 + 1);

	/* Twice: what is written back in between may free reservations. */
	for (int round = 0; round < 2; round++) {
		for (size_t size = sizeof(block); size >= 512; size /= 8)
			fill_with(argv[1], size);
		if (syncfs(dir) < 0 && errno != ENOSPC)
			die("syncfs");
	}
	return 0;
}
