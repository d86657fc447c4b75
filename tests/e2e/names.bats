# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# Names: of any bytes, any length; quoted in what is said.

load helper

# survives NAME
survives() {
	local name=$1

	echo content >"./$name"
	run -0 rcp "./$name" copy
	assert_same "./$name" copy
	mkdir into
	run -0 rcp -- "$name" into
	assert_same "./$name" "into/$name"
	rm -rf copy into "./$name"
	echo content >a
	run -0 rcp -- a "$name"
	assert_same a "./$name"
	rm -f a "./$name"
}

@test "a name with a newline" {
	survives $'a\nb'
}

@test "a name that is not UTF-8" {
	survives $'a\377\376b'
}

@test "a name that begins with a dash" {
	survives -v
	survives --reflink=never
}

@test "a name that is a dash" {
	survives -
}

@test "a name of 255 bytes" {
	survives "$(printf 'n%.0s' {1..255})"
}

@test "a name of 255 bytes, on each file system" {
	name=$(printf 'n%.0s' {1..255})
	for fs in xfs btrfs ext4 tmpfs overlay; do
		on "$fs"
		mkfile source data:100K:1
		run -0 rcp source "$name"
		assert_same source "$name"
		run -0 rcp --reflink=never "$name" copy
		run -0 rcp -f source "$name"
		run -0 rcp --remove-destination source "$name"
		assert_same source "$name"
		assert_only source copy "$name"
	done
}

@test "a name of 256 bytes is refused" {
	name=$(printf 'n%.0s' {1..256})
	echo 1 >a
	run -1 rcp a "$name"
	assert_output --partial "File name too long"
	assert_only a
}

@test "names of shell characters" {
	survives '$(touch oops)'
	survives '*'
	survives "it's"
	survives '"'
	survives "\\"
	survives ' '
	assert_absent oops
}

@test "no escape sequence of a name reaches a terminal" {
	name=$'esc\033[31mred\a'
	echo 1 >"$name"
	run -0 pty "$REFLINKCP" -v "$name" copy
	refute_output --partial $'\033'
	refute_output --partial $'\a'
	run -1 pty "$REFLINKCP" "missing$name" copy
	refute_output --partial $'\033'
	run -0 pty -a n "$REFLINKCP" --update=none -v "$name" copy
	refute_output --partial $'\033'
	run pty -a n "$REFLINKCP" -i copy "$name"
	refute_output --partial $'\033'
	run -0 rcp -v "$name" copy
	refute_output --partial $'\033'
}

@test "a path longer than PATH_MAX is refused, not cut" {
	echo 1 >a
	path=$(printf 'd/%.0s' {1..2500})a
	run -1 rcp a "$path"
	assert_output --partial "File name too long"
	run -1 rcp "$path" b
	assert_output --partial "File name too long"
	assert_only a
}

@test "deep in a tree, beyond PATH_MAX, relative names work" {
	mkdir deep
	(
		cd deep
		name=$(printf 'd%.0s' {1..200})
		for _ in {1..25}; do
			mkdir "$name"
			cd -P "./$name" || exit 1
		done
		echo content >a
		"$REFLINKCP" a b && cmp a b
	)
}

@test "symbolic links without end are refused" {
	ln -s loop loop
	ln -s two one
	ln -s one two
	echo 1 >a
	run -1 rcp loop b
	assert_output --partial "Too many levels of symbolic links"
	run -1 rcp one/x b
	assert_absent b
}

@test "a directory as source is left out, and told" {
	mkdir dir into
	echo 1 >a
	run -1 --separate-stderr rcp dir a into
	assert_equal "$stderr" \
		"$ME: -r not specified; omitting directory 'dir'"
	assert_same a into/a
	assert_absent into/dir
}
