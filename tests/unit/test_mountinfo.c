/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "check.h"
#include "mount.h"
#include "mountinfo.h"

static void ids(void)
{
	const char *id =
		mountinfo_id("pos:\t0\nflags:\t02\nmnt_id:\t27\nino:\t3\n");

	check(id && strncmp(id, "27\n", 3) == 0);
	check(!mountinfo_id("pos:\t0\nflags:\t02\n"));
	check(!mountinfo_id("mnt_id:\n"));
	check(!mountinfo_id(""));
}

static void found(void)
{
	char text[] =
		"2 1 7:1 / / rw - ext4 /dev/a rw\n"
		"27 2 7:36 / /srv\\040x\\134y rw,relatime shared:1 master:2 - xfs "
		"/dev/b\\011 rw,noquota\n"
		"271 2 0:95 /sub /b rw - fuse.x x rw\n";
	struct mount m;

	check(mountinfo_find(text, "27\n", &m) == 0);
	check(!m.text);
	check_str(m.device, "7:36");
	check_str(m.point, "/srv x\\y");
	check_str(m.type, "xfs");
	check_str(m.source, "/dev/b\t");
	check_str(m.options, "rw,relatime");
	check_str(m.fs_options, "rw,noquota");
}

static void last_without_newline(void)
{
	char text[] =
		"1 2 7:1 / / rw - ext4 /dev/a rw\n9 1 0:5 / /b ro - x y z";
	struct mount m;

	check(mountinfo_find(text, "9", &m) == 0);
	check_str(m.fs_options, "z");
}

static void not_found(void)
{
	static const char *const texts[] = {
		"",
		"\n\n",
		"28 1 7:1 / / rw - ext4 /dev/a rw\n",
		"271 1 7:1 / / rw - ext4 /dev/a rw\n",
		"2 27 7:1 / / rw - ext4 /dev/a rw\n",
		/* What is cut off is not half understood. */
		"27",
		"27 1 7:1 /",
		"27 1 7:1 / / rw shared:1",
		"27 1 7:1 / / rw - ext4 /dev/a\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char text[64];
		struct mount m;

		(void)snprintf(text, sizeof(text), "%s", texts[i]);
		check(mountinfo_find(text, "27\n", &m) == -ENOENT);
	}
}

int main(void)
{
	test(ids);
	test(found);
	test(last_without_newline);
	test(not_found);
	return tests_end();
}
