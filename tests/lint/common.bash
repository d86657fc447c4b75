# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What several of the checks here begin with.

cd "$(dirname "$0")/../.." || exit 1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# needs PROGRAM: it is a failure not to have it, or a skip outside of CI.
needs() {
	command -v "$1" >/dev/null && return
	echo "$1 is not installed"
	[[ ${CI-} == true ]] && exit 1
	exit 77
}

# The C files and headers of the given directories.
c_files() {
	find "$@" -name '*.[ch]' | sort
}

# Our shell scripts, whatever their names.
shell_files() {
	local file

	while read -r file; do
		case $file in
		*.bash | *.bats) echo "$file" ;;
		*.[chd1] | *.txt | *.md | */corpus/*) ;;
		*) head -n 1 "$file" | grep -qE '^#!.*\b(ba)?sh\b' &&
			echo "$file" ;;
		esac
	done < <(find .ci completions src tests -type f | sort)
}

# optgen <TEMPLATE: the template, filled with the option table.
optgen() {
	local dir=src/cli

	[[ -x $scratch/optgen ]] ||
		"${CC:-cc}" -std=gnu17 -D_GNU_SOURCE -Isrc/base -Isrc/plan \
			-I$dir -o "$scratch/optgen" $dir/optgen.c \
			$dir/optable.c || exit 1
	"$scratch/optgen"
}
