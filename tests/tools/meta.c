/* SPDX-License-Identifier: BSD-2-Clause */
#include <unistd.h>

#include "facts.h"
#include "tool.h"

/*
 * meta [-r] [-c] [-d] [-n] [-s SECONDS] PATH...
 *
 * All that is known about each file, in one line that can be compared: type,
 * mode, owner, size, times to the nanosecond, extended attributes (ACLs and
 * capabilities are some), inode flags, the target of a symbolic link.
 *
 *	-r	directories too with all that is below, in order of names
 *	-c	a digest of the content
 *	-d	where data lies, the rest being holes
 *	-n	without the name
 *	-s	times from SECONDS (since the epoch) on are printed as "now",
 *		older ones exactly; access times are left out
 */

int main(int argc, char **argv)
{
	struct facts f = { .out = stdout };
	int c;

	while ((c = getopt(argc, argv, "rcdns:")) >= 0) {
		if (c == 'r')
			f.below = true;
		else if (c == 'c')
			f.content = true;
		else if (c == 'd')
			f.data = true;
		else if (c == 'n')
			f.nameless = true;
		else if (c == 's')
			f.since = (long)parse_bytes(optarg, '\0');
		else
			return 2;
	}
	for (int i = optind; i < argc; i++)
		facts_print(&f, argv[i], f.below ? "." : argv[i]);
	facts_forget(&f);
	return 0;
}
