/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "tool.h"

/*
 * holes FILE: where its data and its holes are, a line each:
 * "data OFFSET LENGTH" or "hole OFFSET LENGTH".
 */

static off_t seek_or(int fd, off_t off, int whence, off_t otherwise)
{
	off_t to = lseek(fd, off, whence);

	if (to < 0 && errno == ENXIO)
		return otherwise;
	if (to < 0)
		die("lseek");
	return to;
}

static void line(const char *what, off_t off, off_t end)
{
	if (off < end)
		printf("%s %lld %lld\n", what, (long long)off,
		       (long long)(end - off));
}

int main(int argc, char **argv)
{
	off_t off = 0;
	off_t size;
	int fd;

	if (argc != 2)
		die_plain("usage: holes FILE");
	fd = open_or_die(argv[1], O_RDONLY);
	size = seek_or(fd, 0, SEEK_END, 0);
	while (off < size) {
		off_t data = seek_or(fd, off, SEEK_DATA, size);
		off_t hole = seek_or(fd, data, SEEK_HOLE, size);

		line("hole", off, data);
		line("data", data, hole);
		off = hole;
	}
	close(fd);
	return 0;
}
