/* SPDX-License-Identifier: BSD-2-Clause */
#include "optable.h"

#include "base.h"

#define WORDS(name, list) \
	const struct opt_words name = { .v = (list), .n = countof(list) }

static const struct opt_word reflink[] = {
	{ "auto", REFLINK_AUTO, "clone where possible, else copy" },
	{ "always", REFLINK_ALWAYS, "clone or fail" },
	{ "never", REFLINK_NEVER, "copy bytes" },
};
WORDS(opt_reflink_words, reflink);

static const struct opt_word sparse[] = {
	{ "never", SPARSE_NEVER, "no holes" },
	{ "auto", SPARSE_AUTO, "holes where the source has them" },
	{ "always", SPARSE_ALWAYS, "holes for every run of zeros" },
};
WORDS(opt_sparse_words, sparse);

static const struct opt_word update[] = {
	{ "all", UPDATE_ALL, "overwrite every file" },
	{ "none", UPDATE_NONE, "overwrite nothing" },
	{ "none-fail", UPDATE_NONE_FAIL, "overwrite nothing and fail" },
	{ "older", UPDATE_OLDER, "overwrite older files" },
};
WORDS(opt_update_words, update);

static const struct opt_word backup[] = {
	{ "none", BACKUP_NONE, "no backups" },
	{ "off", BACKUP_NONE, NULL },
	{ "simple", BACKUP_SIMPLE, "name and suffix" },
	{ "never", BACKUP_SIMPLE, NULL },
	{ "existing", BACKUP_EXISTING,
	  "numbered if there are some, else simple" },
	{ "nil", BACKUP_EXISTING, NULL },
	{ "numbered", BACKUP_NUMBERED, "name and number" },
	{ "t", BACKUP_NUMBERED, NULL },
};
WORDS(opt_backup_words, backup);

static const struct opt_word preserve[] = {
	{ "mode", PRESERVE_MODE, "permissions and ACLs" },
	{ "timestamps", PRESERVE_TIMESTAMPS, "access and modification time" },
	{ "ownership", PRESERVE_OWNERSHIP, "user and group" },
	{ "links", PRESERVE_LINKS, "hard links between sources" },
	{ "context", PRESERVE_CONTEXT, "security context" },
	{ "xattr", PRESERVE_XATTR, "extended attributes" },
	{ "all", PRESERVE_ALL, "all of them" },
};
WORDS(opt_preserve_words, preserve);

const struct opt_row opt_rows[OPT_MAX] = {
/* clang-format off */
#define ROW(own, id, letter, name, argument, kind, member, value, words, \
	    group, help)                                                 \
	[OPT_##id] = { letter, name, argument, kind,                     \
		       offsetof(struct draft, member), value, words,     \
		       group, help, own },
#define OPT(...) ROW(false, __VA_ARGS__)
#define OWN(...) ROW(true, __VA_ARGS__)
#include "options.def"
#undef ROW
#undef OPT
#undef OWN
	/* clang-format on */
};

const char *const opt_group_titles[GROUP_MAX] = {
	[GROUP_DATA] = "Data",
	[GROUP_RANGES] = "Ranges",
	[GROUP_EXISTING] = "Existing destinations",
	[GROUP_ATTRIBUTES] = "Attributes",
	[GROUP_TREES] = "Directories",
	[GROUP_NAMES] = "Sources and destinations",
	[GROUP_LINKS] = "Links",
	[GROUP_WORDS] = "Messages",
	[GROUP_COMMANDS] = "Instead of copying",
};

const char *const opt_forms[OPT_N_FORMS] = {
	"[-T] SOURCE DEST",
	"SOURCE... DIRECTORY",
	"-t DIRECTORY SOURCE...",
	"--range=SRC_OFFSET:LENGTH:DEST_OFFSET... SOURCE DEST",
	"--ranges-from=FILE... SOURCE DEST",
	"--probe [-t DIRECTORY] PATH...",
	"--shared FILE...",
};

bool opt_needs_argument(const struct opt_row *row)
{
	return row->argument && row->argument[0] == '=';
}
