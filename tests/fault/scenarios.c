/* SPDX-License-Identifier: BSD-2-Clause */
#include "scenarios.h"

/* clang-format off */
const struct scenario scenarios[] = {
	{ "new", "src %dst", SOURCE_PLAIN, NO_OLD, 0, RESULT_COPY, NULL },
	{ "new-odd", "src %dst", SOURCE_ODD, NO_OLD, 0, RESULT_COPY, NULL },
	{ "new-empty", "src %dst", SOURCE_EMPTY, NO_OLD, 0, RESULT_COPY, NULL },
	{ "new-never", "--reflink=never src %dst", SOURCE_ODD, NO_OLD, NEVER, RESULT_COPY, NULL },
	{ "closed-stdin", "src %dst", SOURCE_PLAIN, NO_OLD, NO_STDIN, RESULT_COPY, NULL },

	{ "sparse-auto", "src %dst", SOURCE_SPARSE, NO_OLD, 0, RESULT_COPY, NULL },
	{ "sparse-bytes", "--reflink=never src %dst", SOURCE_SPARSE, NO_OLD, NEVER, RESULT_COPY, NULL },
	{ "sparse-always", "--sparse=always --reflink=never src %dst", SOURCE_SPARSE, NO_OLD, NEVER, RESULT_COPY, NULL },
	{ "sparse-never", "--sparse=never src %dst", SOURCE_SPARSE, NO_OLD, NEVER, RESULT_COPY, NULL },
	{ "sparse-onto-longer", "src %dst", SOURCE_SPARSE, 1200000, IN_PLACE, RESULT_COPY, NULL },
	{ "sparse-bytes-onto-longer", "--reflink=never src %dst", SOURCE_SPARSE, 1200000, IN_PLACE | NEVER, RESULT_COPY, NULL },
	{ "sparse-bytes-onto-empty", "--reflink=never src %dst", SOURCE_SPARSE, 0, IN_PLACE | NEVER, RESULT_COPY, NULL },

	{ "onto-equal", "src %dst", SOURCE_PLAIN, 8192, IN_PLACE, RESULT_COPY, NULL },
	{ "onto-longer", "src %dst", SOURCE_PLAIN, 16384, IN_PLACE, RESULT_COPY, NULL },
	{ "onto-longer-odd", "src %dst", SOURCE_ODD, 20000, IN_PLACE, RESULT_COPY, NULL },
	{ "onto-shorter", "src %dst", SOURCE_PLAIN, 4096, IN_PLACE, RESULT_COPY, NULL },
	{ "onto-shorter-odd", "src %dst", SOURCE_ODD, 3000, IN_PLACE, RESULT_COPY, NULL },
	{ "onto-empty", "src %dst", SOURCE_PLAIN, 0, IN_PLACE, RESULT_COPY, NULL },
	{ "onto-linked", "src %dst", SOURCE_PLAIN, 8192, IN_PLACE | OLD_IS_LINKED, RESULT_COPY, NULL },
	{ "empty-onto-old", "src %dst", SOURCE_EMPTY, 8192, IN_PLACE, RESULT_COPY, NULL },
	{ "onto-longer-never", "--reflink=never src %dst", SOURCE_ODD, 20000, IN_PLACE | NEVER, RESULT_COPY, NULL },
	{ "onto-shorter-never", "--reflink=never src %dst", SOURCE_PLAIN, 3000, IN_PLACE | NEVER, RESULT_COPY, NULL },

	{ "always-new", "--reflink=always src %dst", SOURCE_PLAIN, NO_OLD, ALWAYS, RESULT_COPY, NULL },
	{ "always-sparse", "--reflink=always src %dst", SOURCE_SPARSE, NO_OLD, ALWAYS, RESULT_COPY, NULL },
	{ "always-empty", "--reflink=always src %dst", SOURCE_EMPTY, NO_OLD, 0, RESULT_COPY, NULL },
	{ "always-onto-equal", "--reflink=always src %dst", SOURCE_PLAIN, 8192, ALWAYS | IN_PLACE, RESULT_COPY, NULL },
	{ "always-onto-longer", "--reflink=always src %dst", SOURCE_PLAIN, 16384, ALWAYS | IN_PLACE, RESULT_COPY, NULL },
	{ "always-onto-longer-odd", "--reflink=always src %dst", SOURCE_ODD, 20000, ALWAYS | IN_PLACE, RESULT_COPY, NULL },
	{ "always-onto-shorter", "--reflink=always src %dst", SOURCE_ODD, 3000, ALWAYS | IN_PLACE, RESULT_COPY, NULL },
	{ "always-onto-empty", "--reflink=always src %dst", SOURCE_PLAIN, 0, ALWAYS | IN_PLACE, RESULT_COPY, NULL },

	{ "remove-destination", "--remove-destination src %dst", SOURCE_PLAIN, 20000, REPLACES, RESULT_COPY, NULL },
	{ "remove-destination-always", "--remove-destination --reflink=always src %dst", SOURCE_PLAIN, 8192, REPLACES | ALWAYS, RESULT_COPY, NULL },
	{ "force", "-f src %dst", SOURCE_PLAIN, 16384, IN_PLACE | REPLACES, RESULT_COPY, NULL },
	{ "backup-simple", "--backup=simple src %dst", SOURCE_PLAIN, 8192, REPLACES | BACKUP, RESULT_COPY, NULL },
	{ "backup-numbered", "--backup=numbered src %dst", SOURCE_PLAIN, 8192, REPLACES | BACKUP, RESULT_COPY, NULL },
	{ "backup-existing", "--backup=existing -p src %dst", SOURCE_ATTRS, 8192, REPLACES | BACKUP | KEEPS, RESULT_COPY, NULL },
	{ "backup-force-self", "--backup -f %dst %dst", SOURCE_PLAIN, 8192, 0, RESULT_KEPT, NULL },

	{ "preserve", "-p src %dst", SOURCE_ATTRS, NO_OLD, KEEPS, RESULT_COPY, NULL },
	{ "preserve-onto", "-p src %dst", SOURCE_ATTRS, 16384, KEEPS | IN_PLACE, RESULT_COPY, NULL },
	{ "preserve-all", "--preserve=all src %dst", SOURCE_ATTRS, NO_OLD, KEEPS | KEEPS_ALL, RESULT_COPY, NULL },
	{ "preserve-all-onto", "--preserve=all src %dst", SOURCE_ATTRS, 3000, KEEPS | KEEPS_ALL | IN_PLACE, RESULT_COPY, NULL },
	{ "preserve-xattr", "-p --preserve=xattr src %dst", SOURCE_ATTRS, NO_OLD, KEEPS | KEEPS_ALL, RESULT_COPY, NULL },
	{ "preserve-plain", "-p src %dst", SOURCE_PLAIN, NO_OLD, KEEPS, RESULT_COPY, NULL },
	{ "preserve-never", "-p --reflink=never src %dst", SOURCE_ATTRS, NO_OLD, KEEPS | NEVER, RESULT_COPY, NULL },
	{ "attributes-only", "--attributes-only -p src %dst", SOURCE_ATTRS, NO_OLD, KEEPS, RESULT_ATTRS, NULL },
	{ "attributes-only-onto", "--attributes-only -p src %dst", SOURCE_ATTRS, 3000, KEEPS | IN_PLACE, RESULT_ATTRS, NULL },

	{ "symlink-as-link", "-P -p src %dst", SOURCE_LINK, NO_OLD, KEEPS, RESULT_COPY, NULL },
	{ "symlink-onto-file", "-P src %dst", SOURCE_LINK, 8192, REPLACES, RESULT_COPY, NULL },
	{ "hard-link", "-l src %dst", SOURCE_PLAIN, NO_OLD, ONE_FS, RESULT_SAME, NULL },
	{ "hard-link-force", "-lf src %dst", SOURCE_PLAIN, 8192, ONE_FS | REPLACES, RESULT_SAME, NULL },
	{ "hard-link-taken", "-l src %dst", SOURCE_PLAIN, 8192, ONE_FS | REFUSED, RESULT_KEPT, NULL },
	{ "symbolic-link", "-s @src %dst", SOURCE_PLAIN, NO_OLD, 0, RESULT_SYMLINK, NULL },
	{ "symbolic-link-force", "-sf @src %dst", SOURCE_PLAIN, 8192, REPLACES, RESULT_SYMLINK, NULL },
	{ "two-names", "--preserve=links src src2 %.", SOURCE_TWO, NO_OLD, 0, RESULT_SAME, NULL },
	{ "parents", "--parents -p a/b/f %.", SOURCE_TREE, NO_OLD, KEEPS, RESULT_TREE, NULL },

	{ "update", "-u src %dst", SOURCE_PLAIN, 3000, IN_PLACE, RESULT_COPY, NULL },
	{ "update-kept", "-u src %dst", SOURCE_PLAIN, 3000, IN_PLACE | OLD_IS_NEWER, RESULT_KEPT, NULL },
	{ "no-clobber", "-n src %dst", SOURCE_PLAIN, 3000, 0, RESULT_KEPT, NULL },
	{ "none-fail", "--update=none-fail src %dst", SOURCE_PLAIN, 3000, REFUSED, RESULT_KEPT, NULL },
	{ "asked-yes", "-i src %dst", SOURCE_PLAIN, 16384, IN_PLACE, RESULT_COPY, "y\n" },
	{ "asked-no", "-i src %dst", SOURCE_PLAIN, 16384, REFUSED, RESULT_KEPT, "n\n" },

	{ "verbose", "-v src %dst", SOURCE_PLAIN, NO_OLD, 0, RESULT_COPY, NULL },
	{ "debug", "--debug src %dst", SOURCE_SPARSE, NO_OLD, 0, RESULT_COPY, NULL },
	{ "debug-backup", "--debug --backup=numbered src %dst", SOURCE_PLAIN, 8192, REPLACES | BACKUP, RESULT_COPY, NULL },

	{ "proc", "/proc/version %dst", SOURCE_PROC, NO_OLD, 0, RESULT_COPY, NULL },
	{ "proc-onto", "/proc/version %dst", SOURCE_PROC, 8192, IN_PLACE, RESULT_COPY, NULL },
	{ "nocow", "src %dst", SOURCE_NOCOW, NO_OLD, 0, RESULT_COPY, NULL },
	{ "nocow-always", "--reflink=always src %dst", SOURCE_NOCOW, NO_OLD, ALWAYS, RESULT_COPY, NULL },
	{ "big", "src %dst", SOURCE_BIG, NO_OLD, 0, RESULT_COPY, NULL },
	{ "big-always-onto", "--reflink=always src %dst", SOURCE_BIG, 16384, ALWAYS | IN_PLACE, RESULT_COPY, NULL },
	{ "big-onto-longer", "src %dst", SOURCE_BIG, 90000000, IN_PLACE, RESULT_COPY, NULL },
};
/* clang-format on */

const size_t n_scenarios = sizeof(scenarios) / sizeof(scenarios[0]);
