# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# --shared: what files share, as the kernel itself says it.

load helper

# row FILE: its line of the table, blanks made one.
row() {
	printf '%s\n' "${lines[@]}" | awk -v name="'$1'" \
		'$NF == name { $1 = $1; print }'
}

# SIZE HOLES RESERVED SHARED OWN INLINE UNKNOWN
@test "--shared: a clone is shared whole, and a copy not, to the byte" {
	for fs in xfs btrfs; do
		on $fs
		mkfile one data:1000001:1
		run -1 rcp --shared one
		assert_equal "$(row one)" "1000001 0 0 0 1000001 0 0 'one'"
		rcp --reflink=always one two
		run -0 rcp --shared one two
		assert_equal "$(row two)" "1000001 0 0 1000001 0 0 0 'two'"
		rcp --reflink=never one two
		run -1 rcp --shared one two
		assert_equal "$(row two)" "1000001 0 0 0 1000001 0 0 'two'"
	done
}

@test "--shared: where no file shares anything" {
	on ext4
	mkfile one data:100K:1
	run -1 rcp --shared one
	assert_equal "$(row one)" "102400 0 0 0 102400 0 0 'one'"
}

@test "--shared: what can't be known" {
	for fs in tmpfs overlay; do
		on $fs
		mkfile one data:100K:1
		run -2 rcp --shared one
		assert_equal "$(row one)" "102400 0 0 0 0 0 102400 'one'"
	done
}

@test "--shared: usage" {
	run -2 --separate-stderr rcp --shared
	assert_equal "${stderr_lines[0]}" "$ME: missing file operand"
	run -2 --separate-stderr rcp --shared -a x
	assert_equal "${stderr_lines[0]}" \
		"$ME: --shared can't be combined with other options"
	run -2 --separate-stderr rcp --shared absent
	assert_equal "$stderr" \
		"$ME: cannot stat 'absent': No such file or directory"
	run -2 --separate-stderr rcp --shared .
	assert_equal "$stderr" \
		"$ME: '.' is a directory: only the data of regular files can be shared"
	: >empty
	run -0 rcp --shared empty
	run -2 bash -c '"$REFLINKCP" --shared empty >/dev/full'
	assert_output "$ME: write error: No space left on device"
}
