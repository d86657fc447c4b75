# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2164,SC2314,SC2315
# What a report says of bytes is so: by extent maps, and by the space that is left.

load helper

# own NAME: a file system on which nothing else is done, so that its free space is
# what these tests leave.
own() {
	echo "own-${E2E_NAME-}$1"
}

setup_file() {
	# shellcheck source=tests/lab/lab.bash
	source "$BATS_TEST_DIRNAME/../lab/lab.bash"
	lab_image "$(own xfs)" 300M "" mkfs.xfs -q -m reflink=1 || true
	lab_image "$(own btrfs)" 256M "" mkfs.btrfs -q || true
}

teardown_file() {
	local dir

	for dir in "$LAB/$(own xfs)" "$LAB/$(own btrfs)"; do
		[[ ! -d $dir ]] || { umount "$dir" && rmdir "$dir"; }
		rm -f "$LAB/images/${dir##*/}.img"
	done
}

# used: bytes that are in use here.
used() {
	sync -f .
	stat -f -c '%S %b %f' . | awk '{ printf "%d\n", $1 * ($2 - $3) }'
}

# bytes: cloned, copied and holes, as the summary has them.
bytes() {
	jq -r 'select(.type == "summary").bytes |
		"\(.cloned) \(.copied + .offloaded) \(.holes)"' report.jsonl
}

# takes BYTES ARGUMENT...: copy, which takes so much space, and some for metadata.
takes() {
	local before after slack=1048576

	: >report.jsonl
	before=$(used)
	run rcp --json=report.jsonl "${@:2}"
	after=$(used)
	((after - before >= $1 - slack && after - before <= $1 + slack)) ||
		fail "$((after - before)) bytes, not $1, for ${*:2}"
}

# shared_bytes A B: which B shares with A, as extent maps have it.
shared_bytes() {
	rcp --shared --json "$@" |
		jq -r 'select(.type == "shared" and .operand == 1).shared'
}

# checked: the cases, where the test stands.
checked() {
	mkfile source data:8M:1
	mkfile sparse data:2M:2 hole:16M data:2M:3
	sync -f .

	takes 0 source clone
	assert_equal "$(bytes)" "8388608 0 0"
	assert_equal "$(shared_bytes source clone)" 8388608

	takes 8388608 --reflink=never source bytes
	assert_equal "$(bytes)" "0 8388608 0"
	assert_disjoint source bytes

	takes 0 sparse sparse2
	assert_equal "$(bytes)" "20971520 0 0"
	assert_equal "$(shared_bytes sparse sparse2)" 4194304

	takes 4194304 --reflink=never sparse sparse3
	assert_equal "$(bytes)" "0 4194304 16777216"
	assert_disjoint sparse sparse3

	takes 0 --range=1M:2M:0 --range=0:1M:4M source range
	assert_equal "$(bytes)" "3145728 0 0"
	assert_equal "$(shared_bytes source range)" 3145728

	takes 0 -l source name
	assert_equal "$(bytes)" "0 0 0"
	[[ source -ef name ]]

	takes 0 --reflink=always source "$(place tmpfs)/copy"
	assert_equal "$(bytes)" "0 0 0"
	assert_absent "$(place tmpfs)/copy"
}

@test "bytes in a report, extent maps and free space agree on XFS" {
	need tmpfs
	on "$(own xfs)"
	checked
}

@test "bytes in a report, extent maps and free space agree on Btrfs" {
	need tmpfs
	on "$(own btrfs)"
	checked
}
