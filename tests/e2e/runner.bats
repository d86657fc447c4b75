# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154,SC2164
# tests/run and tests/demo: what they say, install and ask.

load helper

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	cd "$BATS_TEST_TMPDIR"
}

# missing_for PART...: the packages that are wanted where nothing is there.
missing_for() {
	bash -c '. "$0"/tests/lab/packages.bash
		packages_has() { false; }
		packages_for "$@"
		packages_missing 2 | cut -d " " -f 2 | sort -u' "$top" "$@"
}

@test "tests/run --help names the parts, and starts nothing" {
	for option in --help -h "unit --help"; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr env PATH="$(which_only sed dirname bash)" \
			"$BASH" "$top/tests/run" $option
		assert_equal "$stderr" ""
		assert_line --index 0 --partial "tests/run"
		for part in build musl unit lint fault e2e compare asan tsan fuzz \
			install perf; do
			assert_line --regexp "^	$part	"
		done
	done
	run -1 "$top/tests/run" nonsense
	assert_output --partial "no part 'nonsense'"
	assert_output --partial "--help"
}

# which_only NAME...: a directory that holds these programs and no others.
which_only() {
	local dir=$BATS_TEST_TMPDIR/only name

	rm -rf "$dir"
	mkdir "$dir"
	for name; do
		ln -s "$(type -P "$name")" "$dir/$name"
	done
	echo "$dir"
}

@test "a part of tests/run wants only the packages that it needs" {
	run -0 missing_for unit
	assert_line cmake
	assert_line gcc
	assert_line libbsd-dev
	for package in bats clang clang-tidy clang-format shellcheck mandoc \
		xfsprogs btrfs-progs zsh fish strace rsync; do
		refute_line "$package"
	done
	run -0 missing_for lint
	assert_line shellcheck
	refute_line xfsprogs
	refute_line fish
	run -0 missing_for fault
	assert_line xfsprogs
	refute_line bats
	run -0 missing_for fuzz
	assert_line libclang-rt-dev
	refute_line xfsprogs
	for part in e2e signals.bats compare asan; do
		run -0 missing_for $part
		assert_line bats
		assert_line btrfs-progs
		assert_line strace
		refute_line clang-tidy
	done
}

@test "all parts of tests/run want all packages" {
	local all

	all=$(sed -n 's/^all_parts="\(.*\)"$/\1/p' "$top/tests/run")
	# shellcheck disable=SC2086
	run -0 missing_for $all
	assert_equal "$output" "$(bash -c '. "$0"/tests/lab/packages.bash
		while read -r -a row; do
			[[ ${#row[@]} -lt 3 || ${row[0]} == demo ]] ||
				echo "${row[2]}"
		done <<<"$packages_table" | sort -u' "$top")"
}

@test "tests/demo asks once, for all that it may need" {
	need_root
	on ext4
	local dir
	dir=$(which_only bash dirname cat cut sort sed awk df id mktemp head cp rm \
		findmnt stat cc touch mkdir)
	for name in apt-get sudo; do
		printf '#!/bin/sh\nexit 1\n' >"$dir/$name"
		chmod +x "$dir/$name"
	done
	# Nothing is installed by this, so it ends there.
	run -1 env PATH="$dir" "$BASH" "$top/tests/demo" </dev/null
	assert_output --partial "can't go on"
	assert_equal "$(grep -c '^Missing packages' <<<"$output")" 1
	assert_line --regexp '^Missing packages: .*cmake.*diffutils.*xfsprogs'
	assert_only
}
