#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# Names in messages are quoted as the installed cp quotes them.
# bats file_tags=quoting

load helper

need_gnu_cp() {
	cp --version | grep -q '^cp (GNU coreutils) 9' ||
		skip "the installed cp is not GNU cp 9"
}

# Names of files that are not there, in the array names.
make_names() {
	local i byte

	names=()
	for ((i = 1; i < 256; i++)); do
		[[ $i -ne 47 ]] || continue
		printf -v byte '%b' "\\0$(printf %o "$i")"
		names+=("x$byte" "$byte'" "a'${byte}b" "$byte $byte.")
	done
	names+=("it's" "''" $'l\'\xc3\xa9t\xc3\xa9.' $'\xe6\x97\xa5\xe6\x9c\xac'
		$'\xe6\x97' $'\xf0\x90x' $'\xc0\xaf' $'\xed\xa0\x80')
}

# as_cp LOCALE
as_cp() {
	make_names
	! LC_ALL=$1 cp -t . -- "${names[@]}" 2>expected
	! LC_ALL=$1 rcp -t . -- "${names[@]}" 2>got
	sed -i "s/^$ME: /cp: /" got
	assert_equal "$(wc -l <got)" "${#names[@]}"
	diff expected got
}

@test "every byte in a name, in the C locale" {
	need_gnu_cp
	as_cp C
}

@test "every byte in a name, in a UTF-8 locale" {
	need_gnu_cp
	as_cp C.UTF-8
}

@test "a name can't drive the terminal" {
	run -1 rcp $'\e]0;owned\a\e[2J' there
	refute_output --partial $'\e'
	refute_output --partial $'\a'
	run -1 rcp $'--reflink=\e[2J' a b
	refute_output --partial $'\e'
	run -1 rcp $'-\e'
	refute_output --partial $'\e'
	run -1 rcp $'--\e'
	refute_output --partial $'\e'
}

@test "the locale counts in usage errors as well" {
	LC_ALL=C.UTF-8 run -1 rcp $'\xc3\xa9'
	assert_line --index 0 --partial $'after \'\xc3\xa9\''
	LC_ALL=C run -1 rcp $'\xc3\xa9'
	assert_line --index 0 --partial "after ''\$'\\303\\251'"
}
